package trial

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image"
)

func TestSaltedLayers(t *testing.T) {
	files := []file{{"etc/motd", []byte("hello")}, {"app", noise(100_000)}}
	for _, how := range []image.Compression{image.Uncompressed, image.Gzip, image.Zstd} {
		t.Run(string(how), func(t *testing.T) {
			img, blobs := newImage(t, ocispec.ImageConfig{}, contents{how, files})
			copied, err := salted(img, rand.Reader)
			require.NoError(t, err)

			layer := copied.layers[0]
			packed := read(t, layer, blobs)
			require.Equal(t, layer.Digest, digest.FromBytes(packed), "the resumed digest is that of all bytes")
			require.Equal(t, layer.Size, int64(len(packed)))
			require.Equal(t, layer.Size, copied.layerBytes())
			require.NotEqual(t, img.Layers[0].Digest, layer.Digest)

			plain := unpack(t, packed, how)
			original := archive(t, files)
			require.Equal(t, original, plain[:len(original)])
			require.Len(t, plain, len(original)+saltSize)
			require.Equal(t, []digest.Digest{digest.FromBytes(plain)}, diffIDs(t, copied), "the resumed diff ID is that of all bytes")
			require.Equal(t, []string{"etc/motd", "app"}, names(t, plain), "no file changes")
		})
	}
}

func TestSaltedKeepsTheRestOfTheConfig(t *testing.T) {
	img, _ := newImage(t, ocispec.ImageConfig{Env: []string{"A=<b>&c"}, Entrypoint: []string{"/app"}}, contents{image.Gzip, nil})
	var before map[string]any
	require.NoError(t, json.Unmarshal(img.Config, &before))
	before["docker_only"] = map[string]any{"OnBuild": []any{"x"}, "big": 1e300}
	var err error
	img.Config, err = json.Marshal(before)
	require.NoError(t, err)

	copied, err := salted(img, rand.Reader)
	require.NoError(t, err)
	var after map[string]any
	require.NoError(t, json.Unmarshal(copied.config.tail, &after))
	require.NotEqual(t, before, after)
	after["rootfs"].(map[string]any)["diff_ids"] = before["rootfs"].(map[string]any)["diff_ids"]
	require.Equal(t, before, after)
}

func TestSaltedTwiceDiffers(t *testing.T) {
	same := contents{image.Gzip, []file{{"a", []byte("a")}}}
	img, _ := newImage(t, ocispec.ImageConfig{}, same, same)
	one, err := salted(img, rand.Reader)
	require.NoError(t, err)
	two, err := salted(img, rand.Reader)
	require.NoError(t, err)
	require.NotEqual(t, one.layers[0].Digest, two.layers[0].Digest)
	require.NotEqual(t, one.layers[0].Digest, one.layers[1].Digest, "the same layer twice in an image is fetched twice")
	require.NotEqual(t, one.config.Digest, two.config.Digest)
	require.NotEqual(t, one.manifest.Digest, two.manifest.Digest)
}

func TestSaltedFaults(t *testing.T) {
	for name, spoil := range map[string]func(*image.Image){
		"no state":        func(img *image.Image) { img.Layers[0].BlobState = nil },
		"broken state":    func(img *image.Image) { img.Layers[0].DiffState = []byte("sha\x03") },
		"unknown packing": func(img *image.Image) { img.Layers[0].Compression = "xz" },
		"config no JSON":  func(img *image.Image) { img.Config = []byte("[") },
		"no rootfs":       func(img *image.Image) { img.Config = []byte("{}") },
	} {
		t.Run(name, func(t *testing.T) {
			img, _ := newImage(t, ocispec.ImageConfig{}, contents{image.Gzip, nil})
			spoil(img)
			_, err := salted(img, rand.Reader)
			require.ErrorContains(t, err, "salting")
		})
	}
}

func BenchmarkSalted(b *testing.B) {
	layers := make([]contents, 10)
	for i := range layers {
		layers[i] = contents{image.Gzip, []file{{"a", noise(1 << 10)}}}
	}
	img, _ := newImage(&testing.T{}, ocispec.ImageConfig{}, layers...)
	for b.Loop() {
		if _, err := salted(img, rand.Reader); err != nil {
			b.Fatal(err)
		}
	}
}

func read(t *testing.T, b blob, blobs Blobs) []byte {
	r, err := b.open(blobs, func(err error) { t.Error(err) })
	require.NoError(t, err)
	packed, err := io.ReadAll(r)
	require.NoError(t, err)
	require.NoError(t, r.Close())
	return packed
}

func unpack(t *testing.T, packed []byte, how image.Compression) []byte {
	var r io.Reader = bytes.NewReader(packed)
	var err error
	switch how {
	case image.Gzip:
		r, err = gzip.NewReader(r)
	case image.Zstd:
		r, err = zstd.NewReader(r)
	}
	require.NoError(t, err)
	plain, err := io.ReadAll(r)
	require.NoError(t, err)
	return plain
}

func names(t *testing.T, plain []byte) (names []string) {
	for r := tar.NewReader(bytes.NewReader(plain)); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return names
		}
		require.NoError(t, err)
		names = append(names, header.Name)
	}
}

func diffIDs(t *testing.T, copied *served) []digest.Digest {
	var spec ocispec.Image
	require.NoError(t, json.Unmarshal(copied.config.tail, &spec))
	return spec.RootFS.DiffIDs
}
