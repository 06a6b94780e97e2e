package imagetest

import (
	"bytes"
	"io"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image"
)

// Linux is the platform of images that need not be another's.
var Linux = image.Platform{OS: "linux", Architecture: "amd64"}

// Layer is a layer of the given uncompressed tar, as a registry would hold it
// in the given compression.
func Layer(t testing.TB, plain []byte, compression image.Compression) v1.Layer {
	t.Helper()
	layer := &blob{plain: plain}
	switch compression {
	case image.Gzip:
		layer.packed, layer.mediaType = Gzip(t, plain), types.OCILayer
	case image.Zstd:
		w, err := zstd.NewWriter(nil)
		require.NoError(t, err)
		layer.packed, layer.mediaType = w.EncodeAll(plain, nil), types.OCILayerZStd
	default:
		layer.packed, layer.mediaType = plain, types.OCIUncompressedLayer
	}
	return layer
}

// Image is an OCI image of gzipped layers, each an uncompressed tar.
func Image(t testing.TB, platform image.Platform, plain ...[]byte) v1.Image {
	t.Helper()
	layers := make([]v1.Layer, len(plain))
	for i := range plain {
		layers[i] = Layer(t, plain[i], image.Gzip)
	}
	return ImageOf(t, platform, layers...)
}

// ImageOf is an OCI image of the given layers, with a history of COPY
// instructions and a change of environment that made no layer.
func ImageOf(t testing.TB, platform image.Platform, layers ...v1.Layer) v1.Image {
	t.Helper()
	base := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	base, err := mutate.ConfigFile(base, &v1.ConfigFile{
		OS: platform.OS, Architecture: platform.Architecture, Variant: platform.Variant,
		RootFS:  v1.RootFS{Type: "layers"},
		History: []v1.History{{CreatedBy: "ENV APP=test", EmptyLayer: true}},
		Config:  v1.Config{Env: []string{"APP=test"}, Cmd: []string{"/app"}},
	})
	require.NoError(t, err)
	var addenda []mutate.Addendum
	for _, layer := range layers {
		mediaType, err := layer.MediaType()
		require.NoError(t, err)
		addenda = append(addenda, mutate.Addendum{
			Layer: layer, MediaType: mediaType,
			History: v1.History{CreatedBy: "COPY  files / # buildkit"},
		})
	}
	img, err := mutate.Append(base, addenda...)
	require.NoError(t, err)
	return img
}

// Rich is two layers with everything that makes a size hard to get right, and
// their content in bytes as metric size defines it.
func Rich(t testing.TB) (plain [][]byte, content int64) {
	t.Helper()
	first := Tar(t,
		Dir("app"), File("app/main", Noise(1, 70_000)), Hardlink("app/again", "app/main"),
		Symlink("app/link", "/app/main"), File("app/gone", "gone in the next layer"),
		Dir("app/cache"), File("app/cache/one", "1"), Device("app/null"),
		File("app/café", "é"), File("empty", ""),
	)
	second := Tar(t,
		Dir("app"), Whiteout("app", "gone"), Opaque("app/cache"), File("app/cache/two", "22"),
		File("app/config", Noise(2, 3000)), Symlink("etc", "usr/etc"),
	)
	content = 70_000 + int64(len("/app/main")) + int64(len("gone in the next layer")) + 1 + int64(len("é"))
	content += 2 + 3000 + int64(len("usr/etc"))
	return [][]byte{first, second}, content
}

// blob is a v1.Layer of bytes in memory.
type blob struct {
	plain, packed []byte
	mediaType     types.MediaType
}

func (b *blob) Digest() (v1.Hash, error) {
	hash, _, err := v1.SHA256(bytes.NewReader(b.packed))
	return hash, err
}

func (b *blob) DiffID() (v1.Hash, error) {
	hash, _, err := v1.SHA256(bytes.NewReader(b.plain))
	return hash, err
}

func (b *blob) Compressed() (io.ReadCloser, error) {
	return io.NopCloser(bytes.NewReader(b.packed)), nil
}

func (b *blob) Uncompressed() (io.ReadCloser, error) {
	return io.NopCloser(bytes.NewReader(b.plain)), nil
}

func (b *blob) Size() (int64, error)                { return int64(len(b.packed)), nil }
func (b *blob) MediaType() (types.MediaType, error) { return b.mediaType, nil }
