package metric

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image"
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
	img := &image.Image{Layers: []image.Layer{{Content: 100, Size: 40}, {Content: 23, Size: 2}}}
	require.EqualValues(t, 123, Size.Exact(img))
	require.EqualValues(t, 42, CompressedSize.Exact(img))
	require.EqualValues(t, 2, Layers.Exact(img))
	require.Zero(t, Layers.Exact(&image.Image{}))
}
