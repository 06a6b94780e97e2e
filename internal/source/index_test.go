package source_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/image/imagetest"
	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/layer"
	"github.com/image-budget/image-budget/internal/source"
)

// TestIndexOnly: an image that is read for its contents alone has the inventory of
// one that is read in full, in whatever order the two are read, and no blob that
// anybody could take for one.
func TestIndexOnly(t *testing.T) {
	img := rich(t)
	folder := imagetest.Layout(t, imagetest.Index(t, img))
	for name, where := range map[string]string{
		"docker archive": "docker-archive:" + imagetest.Archive(t, imagetest.DockerMembers(t, "app:1", img)),
		"OCI archive":    "oci-archive:" + imagetest.Archive(t, imagetest.LayoutMembers(t, folder)),
		"OCI layout":     "oci:" + folder,
	} {
		t.Run(name, func(t *testing.T) {
			at := machine(t)
			indexOnly := at
			indexOnly.Index = true
			read := func(at source.Machine) (*image.Image, *inventory.Inventory) {
				got, err := source.Named(t.Context(), where, imagetest.Linux, at)
				require.NoError(t, err)
				of, err := inventory.Take(got, layer.Contents(t.Context(), at.Store, got), inventory.Options{Files: 100})
				require.NoError(t, err)
				return got, of
			}
			first, firstHolds := read(indexOnly)
			for _, l := range first.Layers {
				_, ok := at.Store.Layer(l.Digest)
				require.False(t, ok, "no blob is there")
				_, err := at.Store.Blob(l.Digest)
				require.Error(t, err)
				_, ok = at.Store.Indexed(l.Digest)
				require.True(t, ok)
				require.Equal(t, l.Compression == image.Uncompressed, l.Size == 0, "how large it would be packed is not known")
			}
			require.Error(t, source.Keep(at.Store, first), "it is no image to keep")

			_, again := read(indexOnly)
			require.Equal(t, firstHolds.Files, again.Files)
			full, fullHolds := read(at)
			for i, l := range full.Layers {
				_, ok := at.Store.Layer(l.Digest)
				require.True(t, ok)
				require.Positive(t, l.Size)
				require.Equal(t, first.Layers[i].DiffID, l.DiffID)
			}
			require.NotEmpty(t, full.ContentsDigest)
			_, after := read(indexOnly)
			for _, of := range []*inventory.Inventory{firstHolds, again, after} {
				require.Equal(t, fullHolds.Files, of.Files)
				require.Equal(t, fullHolds.Size, of.Size)
				require.Equal(t, fullHolds.Waste, of.Waste)
			}
		})
	}
}

// TestIndexOnlyIsChecked: a byte that is another is found, also where the archive
// was read before.
func TestIndexOnlyIsChecked(t *testing.T) {
	path := imagetest.Archive(t, imagetest.DockerMembers(t, "app:1", rich(t)))
	at := machine(t)
	at.Index = true
	_, err := source.Named(t.Context(), "docker-archive:"+path, imagetest.Linux, at)
	require.NoError(t, err)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	place := bytes.Index(data, []byte("gone in the next layer"))
	require.Positive(t, place)
	data[place] ^= 1
	require.NoError(t, os.WriteFile(path, data, 0o644))
	for _, at := range []source.Machine{at, func() source.Machine { m := machine(t); m.Index = true; return m }()} {
		_, err = source.Named(t.Context(), "docker-archive:"+path, imagetest.Linux, at)
		require.ErrorContains(t, err, "diff ID")
	}
}
