package source_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/opencontainers/go-digest"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/image/imagetest"
	"github.com/image-budget/image-budget/internal/source"
	"github.com/image-budget/image-budget/internal/store"
)

// build is what a Dockerfile gives at some time.
func build(t *testing.T, at time.Time, config v1.Config) v1.Image {
	t.Helper()
	file, link := imagetest.File("app/main", "program"), imagetest.Symlink("app/link", "main")
	file.Header.ModTime, link.Header.ModTime = at, at
	img := imagetest.Image(t, imagetest.Linux, imagetest.Tar(t, file), imagetest.Tar(t, link))
	img, err := mutate.Config(img, config)
	require.NoError(t, err)
	img, err = mutate.CreatedAt(img, v1.Time{Time: at})
	require.NoError(t, err)
	return img
}

// Two builds of one Dockerfile differ in every other digest.
func TestContentsDigestOfARebuiltImage(t *testing.T) {
	digests := func(at time.Time, config v1.Config) (contents, configDigest digest.Digest) {
		img := open(t, ociBudget(imagetest.Layout(t, imagetest.Index(t, build(t, at, config)))))
		return img.ContentsDigest, img.ConfigDigest
	}
	monday := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	config := v1.Config{Env: []string{"A=1"}, Cmd: []string{"/app/main"}, Labels: map[string]string{"revision": "1"}}
	first, firstConfig := digests(monday, config)
	config.Labels = map[string]string{"revision": "2"}
	again, againConfig := digests(monday.Add(24*time.Hour), config)
	require.Equal(t, first, again)
	require.NotEqual(t, firstConfig, againConfig)
	config.Env = []string{"A=2"}
	other, _ := digests(monday, config)
	require.NotEqual(t, first, other)
}

// A layer is measured again when the cache has lost, or spoilt, what it knew.
func TestLostContentsAreMeasuredAgain(t *testing.T) {
	b := pullBudget(serve(t, rich(t)))
	dir := t.TempDir()
	cache, err := store.Open(dir, store.DefaultLimit)
	require.NoError(t, err)
	defer cache.Close()
	at := source.Machine{Store: cache}
	first, err := source.Open(t.Context(), b, at)
	require.NoError(t, err)
	index := filepath.Join(dir, "contents", first.Layers[1].Digest.Encoded())
	whole, err := os.ReadFile(index)
	require.NoError(t, err)

	require.NoError(t, os.Remove(index))
	requireOpens(t, first, func() (*image.Image, error) { return source.Open(t.Context(), b, at) })
	again, err := os.ReadFile(index)
	require.NoError(t, err)
	require.Equal(t, whole, again)

	// Damage is found when the index is needed: the image's record is lost too.
	whole[len(whole)-3] ^= 1
	require.NoError(t, os.WriteFile(index, whole, 0o600))
	require.NoError(t, os.RemoveAll(filepath.Join(dir, "images")))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "images"), 0o700))
	_, err = source.Open(t.Context(), b, at)
	var damaged *store.DamagedError
	require.ErrorAs(t, err, &damaged)
	requireOpens(t, first, func() (*image.Image, error) { return source.Open(t.Context(), b, at) })
}

func requireOpens(t *testing.T, want *image.Image, open func() (*image.Image, error)) {
	t.Helper()
	got, err := open()
	require.NoError(t, err)
	require.Equal(t, want, got)
}
