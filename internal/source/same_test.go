package source_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/opencontainers/go-digest"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/engine/enginetest"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/image/imagetest"
	"github.com/image-budget/image-budget/internal/layer"
	"github.com/image-budget/image-budget/internal/source"
)

// B10: one image gives the same numbers, whichever source it comes from and
// however that has packed it.
func TestEverySourceGivesTheSameNumbers(t *testing.T) {
	plain, content := imagetest.Rich(t)
	img := imagetest.Image(t, imagetest.Linux, plain...)
	unpacked := imagetest.ImageOf(t, imagetest.Linux,
		imagetest.Layer(t, plain[0], image.Uncompressed), imagetest.Layer(t, plain[1], image.Uncompressed))
	var compressed int64
	for i := range plain {
		compressed += int64(len(imagetest.Gzip(t, plain[i])))
	}
	want := map[string]int64{"size": content, "compressed_size": compressed, "layers": 2}

	layoutDir := imagetest.Layout(t, imagetest.Index(t, img))
	docker := imagetest.DockerMembers(t, "app:1", img)
	oci := imagetest.LayoutMembers(t, layoutDir)
	ociUnpacked := imagetest.LayoutMembers(t, imagetest.Layout(t, imagetest.Index(t, unpacked)))
	zipped := filepath.Join(t.TempDir(), "image.tar.gz")
	require.NoError(t, os.WriteFile(zipped, imagetest.Gzip(t, imagetest.ArchiveBytes(t, docker)), 0o644))
	fake := enginetest.New()
	fake.Add("app:1", img)
	contents := open(t, ociBudget(layoutDir)).ContentsDigest
	require.NoError(t, contents.Validate())

	cases := map[string]budget.Budget{
		"registry":                            pullBudget(serve(t, img)),
		"index in a registry":                 pullBudget(serve(t, imagetest.Index(t, img))),
		"OCI layout":                          ociBudget(layoutDir),
		"OCI layout of unpacked layers":       ociBudget(imagetest.Layout(t, imagetest.Index(t, unpacked))),
		"OCI archive":                         archiveBudget(imagetest.Archive(t, oci)),
		"OCI archive, index last":             archiveBudget(imagetest.Archive(t, imagetest.Reversed(oci))),
		"OCI archive of unpacked layers":      archiveBudget(imagetest.Archive(t, ociUnpacked)),
		"docker archive":                      archiveBudget(imagetest.Archive(t, docker)),
		"docker archive, manifest first":      archiveBudget(imagetest.Archive(t, imagetest.Reversed(docker))),
		"docker archive, gzipped":             archiveBudget(zipped),
		"archive that is both (Engine 25 up)": archiveBudget(imagetest.Archive(t, append(slices.Clone(oci), docker...))),
		"engine":                              engineBudget("app:1"),
	}
	for name, b := range cases {
		t.Run(name, func(t *testing.T) {
			at := with(fake, machine(t))
			first, err := source.Open(t.Context(), b, at)
			require.NoError(t, err)
			require.Equal(t, want, numbers(first))
			require.Equal(t, contents, first.ContentsDigest)
			again, err := source.Open(t.Context(), b, at)
			require.NoError(t, err)
			require.Equal(t, first, again, "from the cache")
			requireWhole(t, first, img, at)
		})
	}
}

// requireWhole holds what a source made of img against what img says of itself.
func requireWhole(t *testing.T, got *image.Image, img v1.Image, at source.Machine) {
	t.Helper()
	layers, err := img.Layers()
	require.NoError(t, err)
	require.Len(t, got.Layers, len(layers))
	for i, l := range got.Layers {
		diffID, err := layers[i].DiffID()
		require.NoError(t, err)
		require.Equal(t, diffID.String(), l.DiffID.String())
		require.Equal(t, "COPY files /", l.Instruction)
		blob, err := at.Store.Blob(l.Digest)
		require.NoError(t, err)
		var held bytes.Buffer
		_, err = held.ReadFrom(blob)
		require.NoError(t, err)
		require.NoError(t, blob.Close())
		require.Equal(t, l.Digest, digest.FromBytes(held.Bytes()))
		require.EqualValues(t, l.Size, held.Len())
	}
	require.Equal(t, imagetest.Linux, got.Platform)
	require.Equal(t, got.ConfigDigest, digest.FromBytes(got.Config))
	require.NotEmpty(t, got.Reference)
}

func TestManifestDigestIsTheOneThatWasGiven(t *testing.T) {
	img := rich(t)
	want := digestOf(t, img)
	index := imagetest.Index(t, img)
	dir := imagetest.Layout(t, index)
	for _, b := range []budget.Budget{
		ociBudget(dir), archiveBudget(imagetest.Archive(t, imagetest.LayoutMembers(t, dir))),
		pullBudget(serve(t, img)), pullBudget(serve(t, index)),
	} {
		require.Equal(t, want, open(t, b).ManifestDigest.String())
	}
	require.Empty(t, open(t, archiveBudget(imagetest.Archive(t, imagetest.DockerMembers(t, "app:1", img)))).ManifestDigest)
}

// A17: no layers is a count of 0, and a blob without a byte is a layer.
func TestSmallImages(t *testing.T) {
	none := open(t, ociBudget(imagetest.Layout(t, imagetest.Index(t, imagetest.Image(t, imagetest.Linux)))))
	require.Equal(t, map[string]int64{"size": 0, "compressed_size": 0, "layers": 0}, numbers(none))

	empty := imagetest.ImageOf(t, imagetest.Linux, imagetest.Layer(t, nil, image.Uncompressed))
	require.EqualValues(t, 1, numbers(open(t, ociBudget(imagetest.Layout(t, imagetest.Index(t, empty)))))["layers"])
	require.EqualValues(t, 0, numbers(open(t, pullBudget(serve(t, empty))))["compressed_size"])
}

// A layer that comes twice counts twice, and a symlink leads to it.
func TestOneLayerTwice(t *testing.T) {
	plain := imagetest.Tar(t, imagetest.File("a", "12345"))
	img := imagetest.Image(t, imagetest.Linux, plain, plain)
	members := imagetest.DockerMembers(t, "app:1", img)
	for name, b := range map[string]budget.Budget{
		"docker archive": archiveBudget(imagetest.Archive(t, members)),
		"reversed":       archiveBudget(imagetest.Archive(t, imagetest.Reversed(members))),
		"OCI layout":     ociBudget(imagetest.Layout(t, imagetest.Index(t, img))),
		"registry":       pullBudget(serve(t, img)),
	} {
		t.Run(name, func(t *testing.T) {
			got := open(t, b)
			require.Equal(t, map[string]int64{"size": 10, "compressed_size": 2 * int64(len(imagetest.Gzip(t, plain))), "layers": 2}, numbers(got))
		})
	}
}

// A registry's plain tar is stored plain, and so is its size.
func TestARegistrysPlainTarStaysAsItIs(t *testing.T) {
	plain := imagetest.Tar(t, imagetest.File("a", string(make([]byte, 10_000))))
	img := imagetest.ImageOf(t, imagetest.Linux, imagetest.Layer(t, plain, image.Uncompressed))
	at := machine(t)
	pulled, err := source.Open(t.Context(), pullBudget(serve(t, img)), at)
	require.NoError(t, err)
	require.EqualValues(t, len(plain), numbers(pulled)["compressed_size"])

	// The cache holds the plain blob now, which must not change what others say.
	dir := imagetest.Layout(t, imagetest.Index(t, img))
	for _, b := range []budget.Budget{ociBudget(dir), archiveBudget(imagetest.Archive(t, imagetest.DockerMembers(t, "app:1", img))), archiveBudget(imagetest.Archive(t, imagetest.LayoutMembers(t, dir)))} {
		got, err := source.Open(t.Context(), b, at)
		require.NoError(t, err)
		require.EqualValues(t, len(imagetest.Gzip(t, plain)), numbers(got)["compressed_size"])
	}
	pulled, err = source.Open(t.Context(), pullBudget(serve(t, img)), at)
	require.NoError(t, err)
	require.EqualValues(t, len(plain), numbers(pulled)["compressed_size"])
}

// B4, B6: the caps are of the image, and what the cache holds of it already
// does not lift them.
func TestCapsAreOfTheWholeImage(t *testing.T) {
	plain, _ := imagetest.Rich(t)
	img := imagetest.Image(t, imagetest.Linux, plain...)
	dir := imagetest.Layout(t, imagetest.Index(t, img))
	both := layer.Caps{Entries: 16, Unpacked: int64(len(plain[0]) + len(plain[1])), Header: 1 << 20}
	for name, b := range map[string]budget.Budget{
		"registry":       pullBudget(serve(t, img)),
		"OCI layout":     ociBudget(dir),
		"OCI archive":    archiveBudget(imagetest.Archive(t, imagetest.LayoutMembers(t, dir))),
		"docker archive": archiveBudget(imagetest.Archive(t, imagetest.DockerMembers(t, "app:1", img))),
	} {
		t.Run(name, func(t *testing.T) {
			at := machine(t)
			for _, one := range []layer.Caps{{Entries: 15, Unpacked: 1 << 30, Header: 1 << 20}, {Entries: 100, Unpacked: both.Unpacked - 1, Header: 1 << 20}} {
				at.Caps = one
				for range 2 {
					_, err := source.Open(t.Context(), b, at)
					var over *layer.CapError
					require.ErrorAs(t, err, &over)
				}
			}
			at.Caps = both
			_, err := source.Open(t.Context(), b, at)
			require.NoError(t, err)
		})
	}
}
