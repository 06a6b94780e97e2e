package store_test

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/opencontainers/go-digest"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/store"
)

// held is what every layer of put holds.
const held = "a path, another path"

func putContents(t *testing.T, s *store.Store, d digest.Digest) {
	t.Helper()
	w, err := s.CreateContents()
	require.NoError(t, err)
	defer w.Abort()
	_, err = io.WriteString(w, held)
	require.NoError(t, err)
	require.NoError(t, w.Commit(d))
	require.NoError(t, w.Abort(), "abort after commit does nothing")
}

func contents(t *testing.T, s *store.Store, d digest.Digest) (string, error) {
	t.Helper()
	r, err := s.Contents(d)
	if err != nil {
		return "", err
	}
	defer r.Close()
	all, err := io.ReadAll(r)
	return string(all), err
}

func TestContentsOfALayer(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.DefaultLimit)
	layer := put(t, s, "layer")
	got, err := contents(t, s, layer.Digest)
	require.NoError(t, err)
	require.Equal(t, held, got)

	_, err = s.Contents(digest.FromString("other"))
	require.ErrorIs(t, err, fs.ErrNotExist)
	_, err = s.Contents("sha256:../../etc/passwd")
	require.Error(t, err)

	w, err := s.CreateContents()
	require.NoError(t, err)
	require.Error(t, w.Commit("sha256:../../etc/passwd"))
	require.NoError(t, w.Abort())
	require.Empty(t, files(t, dir, "tmp"))
}

// A layer whose contents are missing is one that was not measured.
func TestALayerNeedsItsContents(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.DefaultLimit)
	layer := put(t, s, "layer")
	require.NoError(t, s.PutImage("key", &image.Image{Layers: []image.Layer{layer}}))
	require.NoError(t, os.Remove(filepath.Join(dir, "contents", layer.Digest.Encoded())))

	_, ok := s.Layer(layer.Digest)
	require.False(t, ok)
	_, ok = s.Image("key")
	require.False(t, ok)
	require.ErrorContains(t, s.PutLayer(layer), "what it holds is not in the store")
}

// Damage that the size does not show is found by reading, and does not come
// back.
func TestDamagedContentsAreRemoved(t *testing.T) {
	for name, at := range map[string]int{"version": 1, "checksum": 30, "content": -1} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir, store.DefaultLimit)
			layer := put(t, s, "layer")
			path := filepath.Join(dir, "contents", layer.Digest.Encoded())
			body, err := os.ReadFile(path)
			require.NoError(t, err)
			body[(at+len(body))%len(body)] ^= 1
			require.NoError(t, os.WriteFile(path, body, 0o600))

			_, err = contents(t, s, layer.Digest)
			var damaged *store.DamagedError
			require.ErrorAs(t, err, &damaged)
			require.Equal(t, layer.Digest, damaged.Layer)
			require.NotEmpty(t, damaged.Hint())
			require.NoFileExists(t, path)
			_, ok := s.Layer(layer.Digest)
			require.False(t, ok)
		})
	}
}

func TestScratchLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.DefaultLimit)
	f, err := s.Scratch()
	require.NoError(t, err)
	_, err = f.WriteString("x")
	require.NoError(t, err)
	require.Empty(t, files(t, dir, "tmp"))
	require.NoError(t, f.Close())
}
