package layer_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/opencontainers/go-digest"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/image/imagetest"
	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/layer"
	"github.com/image-budget/image-budget/internal/store"
)

// ways are those in which a layer is read: in full, packed here, and for what it
// holds only.
var ways = map[string]layer.Options{
	"full":     {},
	"packed":   {Pack: true},
	"contents": {Pack: true, Index: true},
}

// B1-B3, B7-B9, B11, B13: whatever the layers of an image are, reading them changes
// nothing outside, and gives the true size or a fault that leaves nothing.
func TestHostileLayers(t *testing.T) {
	canary := filepath.Join(t.TempDir(), "canary")
	require.NoError(t, os.WriteFile(canary, []byte("sings"), 0o400))
	stat, err := os.Lstat(canary)
	require.NoError(t, err)
	for _, hostile := range append(imagetest.Breakouts(t, canary), imagetest.LyingLayers(t)...) {
		for way, o := range ways {
			t.Run(hostile.Name+"/"+way, func(t *testing.T) { requireHarmless(t, hostile, o) })
		}
	}
	after, err := os.Lstat(canary)
	require.NoError(t, err)
	body, err := os.ReadFile(canary)
	require.NoError(t, err)
	require.Equal(t, "sings", string(body))
	require.Equal(t, stat.Mode(), after.Mode())
	require.Equal(t, stat.ModTime(), after.ModTime())
	beside, err := os.ReadDir(filepath.Dir(canary))
	require.NoError(t, err)
	require.Len(t, beside, 1, "nothing appeared beside the canary")
}

func requireHarmless(t *testing.T, hostile imagetest.Hostile, o layer.Options) {
	dir := t.TempDir()
	s := storeIn(t, dir)
	o.Allowance = layer.DefaultCaps.Allowance()
	img := &image.Image{Reference: "app", Platform: imagetest.Linux, Config: []byte("{}")}
	var fault error
	for _, plain := range hostile.Layers {
		got, err := layer.Read(t.Context(), bytes.NewReader(plain), s, o)
		if fault = err; err != nil {
			break
		}
		require.Equal(t, digest.FromBytes(plain), got.DiffID, "to the last byte")
		require.EqualValues(t, len(plain), got.Unpacked)
		img.Layers = append(img.Layers, got)
	}
	if hostile.Fault != "" {
		require.ErrorContains(t, fault, hostile.Fault)
		requireEmpty(t, dir)
		return
	}
	require.NoError(t, fault)
	requireOwned(t, img, s, hostile.Content)
}

// requireOwned takes the inventory, in which every byte has an owner.
func requireOwned(t *testing.T, img *image.Image, s *store.Store, content int64) {
	t.Helper()
	found, err := inventory.Take(img, layer.Contents(t.Context(), s, img), inventory.Options{Files: 10, Parts: true})
	require.NoError(t, err)
	require.Equal(t, content, found.Size)
	require.Zero(t, found.Rest(), "bytes that have no owner")
	require.Equal(t, content, found.Parts.Size)
	for _, l := range found.Layers {
		require.GreaterOrEqual(t, l.Hidden, int64(0))
		require.GreaterOrEqual(t, l.Unowned, int64(0))
	}
	for _, f := range found.Files {
		require.False(t, filepath.IsAbs(f.Path) || f.Path == ".." || filepath.Clean(f.Path) != f.Path && f.Path != "", "%q leads out of the image", f.Path)
	}
}
