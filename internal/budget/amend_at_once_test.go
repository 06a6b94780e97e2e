package budget

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/metric"
)

// amendments is how often amendOften does.
const amendments = 25

// amendOften amends one metric again and again: to 1, 2 and so on, in
// milliseconds where it is a time.
func amendOften(path, name string) error {
	def, _ := metric.Named(name)
	for n := 1; n <= amendments; n++ {
		m := measured()
		m.Metrics[name] = number(int64(n))
		if def.Timed() {
			m.Metrics[name] = times(n)
		}
		if err := Amend(path, m, []string{name}); err != nil {
			return err
		}
	}
	return nil
}

// TestAmendmentsAtOnceLoseNothing has E13 with real processes: each amends one
// metric, and meanwhile updates add layers.
func TestAmendmentsAtOnceLoseNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.baseline.yaml")
	require.NoError(t, Save(path, measured()))
	children := map[string]*exec.Cmd{}
	for _, m := range metric.All {
		children[m.Name] = child(path, asChild+"_AMEND="+m.Name)
		require.NoError(t, children[m.Name].Start())
	}
	for range amendments {
		require.NoError(t, Update(path, func(old *Measurement) (Measurement, error) {
			old.Contents.Layers = append(old.Contents.Layers, inventory.Layer{DiffID: digestA})
			return *old, nil
		}))
	}
	for name, c := range children {
		require.NoError(t, c.Wait(), name)
	}
	m, err := LoadBaseline(path)
	require.NoError(t, err)
	require.Len(t, m.Contents.Layers, len(measured().Contents.Layers)+amendments)
	for _, def := range metric.All {
		want := number(amendments)
		if def.Timed() {
			want = times(amendments)
		}
		require.Equal(t, want, m.Metrics[def.Name], def.Name)
	}
	require.Equal(t, []string{"x.baseline.yaml"}, filesIn(t, filepath.Dir(path)))
}
