package store_test

import (
	"testing"

	"github.com/opencontainers/go-digest"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/store"
)

// TestIndexed: contents without a blob are found as that and as nothing else, and
// pruned like blobs.
func TestIndexed(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.DefaultLimit)
	d := digest.FromString("a tar")
	layer := image.Layer{Digest: d, DiffID: d, Unpacked: 5}
	require.Error(t, s.PutIndexed(layer), "what it holds is not there")
	putContents(t, s, d)
	require.NoError(t, s.PutIndexed(layer))
	require.NoError(t, s.Hint("folder x", d))

	got, ok := s.Indexed(d)
	require.True(t, ok)
	require.Equal(t, layer, got)
	_, ok = s.HintedIndexed("folder x")
	require.True(t, ok)
	_, ok = s.Layer(d)
	require.False(t, ok, "there is no blob")
	_, ok = s.Hinted("folder x")
	require.False(t, ok)
	require.Error(t, s.PutImage("image", &image.Image{Layers: []image.Layer{layer}}))
	require.Error(t, s.PutIndexed(image.Layer{Digest: "sha256:../../etc/passwd", DiffID: d}))

	whole := put(t, s, "layer with a blob")
	_, ok = s.Indexed(whole.Digest)
	require.True(t, ok, "one with a blob will do")
	require.NoError(t, s.Close())

	s = open(t, dir, 0)
	require.NoError(t, s.Close())
	for _, folder := range []string{"indexed", "contents", "layers", "index", "blobs/sha256"} {
		require.Empty(t, files(t, dir, folder), folder)
	}
}
