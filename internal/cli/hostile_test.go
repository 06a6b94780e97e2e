package cli

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image/imagetest"
)

// B1-B3, B7-B9, B11, B13: explain, which reads an image for its contents only, and
// measure, which reads it in full, on images that want to do harm. What can be
// measured is stacked into one image, and has its true size; of the rest each is
// status 3. The layers one by one are in the tests of package layer.
func TestHostileImages(t *testing.T) {
	canary, requireUnchanged := canary(t)
	stacked := imagetest.Hostile{Name: "all that can be measured"}
	for _, h := range append(imagetest.Breakouts(t, canary), imagetest.LyingLayers(t)...) {
		if h.Fault == "" {
			stacked.Layers = append(stacked.Layers, h.Layers...)
			stacked.Content += h.Content
			continue
		}
		t.Run(h.Name, func(t *testing.T) {
			s := newScene(t)
			s.layout(imagetest.Image(t, imagetest.Linux, h.Layers...))
			s.requireFault(h.Fault)
		})
	}
	t.Run(stacked.Name, func(t *testing.T) {
		require.Greater(t, len(stacked.Layers), 60)
		s := newScene(t)
		s.layout(imagetest.Image(t, imagetest.Linux, stacked.Layers...))
		require.Equal(t, stacked.Content, s.explain("oci:layout").Size)
		values := s.measure("oci:layout")
		require.Equal(t, stacked.Content, values["size"])
		require.EqualValues(t, len(stacked.Layers), values["layers"])
		require.Zero(t, s.run("record").status)
		require.Zero(t, s.run("check").status)
		s.requireClean(false)
	})
	requireUnchanged()
}

// requireFault runs every command on the image, which must end with status 3 and a
// word of why, print no number, and leave nothing.
func (s scene) requireFault(why string) {
	s.t.Helper()
	for _, command := range [][]string{
		{"explain", "oci:layout", "--format", "json"},
		append([]string{"measure", "oci:layout"}, exactOnly...),
		{"check", "--format", "json"},
	} {
		got := s.run(command...)
		require.Equal(s.t, 3, got.status, "%q: %s", command, got.stdout)
		require.Contains(s.t, got.stdout+got.stderr, why, command)
		require.NotContains(s.t, got.stdout+got.stderr, "goroutine", command)
		if command[0] == "explain" {
			require.Empty(s.t, got.stdout)
		}
		if command[0] == "check" {
			require.Equal(s.t, map[string]int64{"size": -1, "compressed_size": -1, "layers": -1}, measured(s.t, got.stdout))
		}
		require.Less(s.t, got.peak, memoryCap)
	}
	s.requireClean(true)
}
