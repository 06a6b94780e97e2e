package trial

import (
	"testing"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
)

// D20: no port is guessed.
func TestHealthPort(t *testing.T) {
	for _, tc := range []struct {
		name    string
		budget  int
		exposed []string
		want    int
		err     string
	}{
		{"the budget's", 9000, []string{"8000/tcp"}, 9000, ""},
		{"the one exposed", 0, []string{"8000/tcp"}, 8000, ""},
		{"no protocol means TCP", 0, []string{"8000"}, 8000, ""},
		{"one TCP beside UDP", 0, []string{"8000/tcp", "53/udp"}, 8000, ""},
		{"none", 0, nil, 0, "exposes no port, not one TCP port"},
		{"many", 0, []string{"9000/tcp", "8000/tcp"}, 0, "exposes 2 ports (8000/tcp, 9000/tcp), not one TCP port"},
		{"UDP only", 0, []string{"53/udp"}, 0, "exposes only 53/udp, not one TCP port"},
		{"no number", 0, []string{"http/tcp"}, 0, "exposes only http/tcp"},
		{"out of range", 0, []string{"70000/tcp"}, 0, "exposes only 70000/tcp"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			config := ocispec.ImageConfig{ExposedPorts: map[string]struct{}{}}
			for _, port := range tc.exposed {
				config.ExposedPorts[port] = struct{}{}
			}
			img, _ := newImage(t, config)
			got, err := healthPort(budget.Health{Port: tc.budget}, img)
			require.Equal(t, tc.want, got)
			if tc.err == "" {
				require.NoError(t, err)
				return
			}
			var unknown *PortUnknown
			require.ErrorAs(t, err, &unknown)
			require.ErrorContains(t, err, tc.err)
			require.Equal(t, "set health.port in the budget or pass --port", unknown.Hint())
		})
	}
}
