package budget

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSameClass(t *testing.T) {
	known := Machine{Tool: "0.1.0", Engine: "20.10.24 overlay2", CPU: "AMD EPYC 7763", CPUs: 2, Kernel: "6.18"}
	for _, c := range []struct {
		name   string
		change func(*Machine)
		want   bool
	}{
		{"the same", func(*Machine) {}, true},
		{"another tool", func(m *Machine) { m.Tool = "0.2.0" }, true},
		{"another kernel", func(m *Machine) { m.Kernel = "" }, true},
		{"another engine", func(m *Machine) { m.Engine = "29.0.0 overlayfs" }, false},
		{"another CPU", func(m *Machine) { m.CPU = "Intel" }, false},
		{"more CPUs", func(m *Machine) { m.CPUs = 4 }, false},
		{"no engine", func(m *Machine) { m.Engine = "" }, false},
		{"no CPU", func(m *Machine) { m.CPU = "" }, false},
		{"no number of CPUs", func(m *Machine) { m.CPUs = 0 }, false},
		{"a number of CPUs that is none", func(m *Machine) { m.CPUs = -1 }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			other := known
			c.change(&other)
			require.Equal(t, c.want, known.SameClass(other))
			require.Equal(t, c.want, other.SameClass(known))
		})
	}
	require.False(t, Machine{}.SameClass(Machine{}), "what is not known is not the same")
}
