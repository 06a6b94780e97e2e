package source_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image/imagetest"
	"github.com/image-budget/image-budget/internal/source"
)

// TestWriteLayout: what is written is an image as others read it, with the config
// that it had, and takes no room for its layers.
func TestWriteLayout(t *testing.T) {
	at := machine(t)
	tar := imagetest.Tar(t, imagetest.File("a", imagetest.Noise(1, 5000)))
	img := imagetest.Image(t, imagetest.Linux, tar, tar, imagetest.Tar(t, imagetest.File("b", "b")))
	dir := filepath.Join(t.TempDir(), "in")
	_, err := layout.Write(dir, imagetest.Index(t, img))
	require.NoError(t, err)
	opened, err := source.Open(t.Context(), ociBudget(dir), at)
	require.NoError(t, err)

	out := filepath.Join(t.TempDir(), "out")
	require.NoError(t, source.WriteLayout(out, opened, at.Store))
	again, err := source.Open(t.Context(), ociBudget(out), machine(t))
	require.NoError(t, err)
	require.Equal(t, opened.ConfigDigest, again.ConfigDigest)
	require.Equal(t, opened.ContentsDigest, again.ContentsDigest)
	require.Len(t, again.Layers, 3)
	index, err := layout.ImageIndexFromPath(out)
	require.NoError(t, err)
	manifest, err := index.IndexManifest()
	require.NoError(t, err)
	require.Len(t, manifest.Manifests, 1)
	require.Equal(t, "amd64", manifest.Manifests[0].Platform.Architecture)
	for _, layer := range opened.Layers {
		blob, err := os.Stat(filepath.Join(out, "blobs/sha256", layer.Digest.Encoded()))
		require.NoError(t, err)
		stored, err := at.Store.Blob(layer.Digest)
		require.NoError(t, err)
		stat, err := stored.Stat()
		require.NoError(t, err)
		require.True(t, os.SameFile(blob, stat))
		require.NoError(t, stored.Close())
	}
	require.ErrorIs(t, source.WriteLayout(filepath.Join(t.TempDir(), "x"), opened, machine(t).Store), os.ErrNotExist)
}
