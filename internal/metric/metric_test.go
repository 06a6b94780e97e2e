package metric

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/waste"
)

// Every metric says how it is measured, once, and has what reports need.
func TestAll(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range All {
		require.False(t, seen[m.Name], m.Name)
		seen[m.Name] = true
		require.NotEmpty(t, m.Help, m.Name)
		require.NotEqual(t, m.Exact != nil, m.Trial != nil, m.Name)
		require.Equal(t, m.Timed(), m.Unit == Seconds, m.Name)
		require.Equal(t, m.Timed(), len(m.Phases) > 0, m.Name)
		found, ok := Named(m.Name)
		require.True(t, ok)
		require.Equal(t, m.Name, found.Name)
	}
	_, ok := Named("weight")
	require.False(t, ok)
}

func TestExact(t *testing.T) {
	of := &inventory.Inventory{
		Size:   123,
		Layers: []inventory.Layer{{Size: 100, Compressed: 40}, {Size: 23, Compressed: 2}},
		Waste:  []inventory.Waste{{Category: waste.Tests, Size: 30}, {Category: waste.Caches, Size: 5}, {Category: waste.Models, Size: 60}},
	}
	require.EqualValues(t, 123, Size.Exact(of))
	require.EqualValues(t, 42, CompressedSize.Exact(of))
	require.EqualValues(t, 2, Layers.Exact(of))
	require.EqualValues(t, 35, Waste.Exact(of), "whether a model is needed depends on the service")
	require.Zero(t, Layers.Exact(&inventory.Inventory{}))
}
