package trial

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"crypto/sha256"
	"encoding"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image"
)

// folder is a Blobs that keeps each blob in a file.
type folder string

func (f folder) Blob(d digest.Digest) (*os.File, error) {
	return os.Open(filepath.Join(string(f), d.Encoded()))
}

// file is one file of a layer.
type file struct {
	path    string
	content []byte
}

// contents is a layer under test.
type contents struct {
	how   image.Compression
	files []file
}

var mediaTypes = map[image.Compression]string{
	image.Uncompressed: ocispec.MediaTypeImageLayer,
	image.Gzip:         ocispec.MediaTypeImageLayerGzip,
	image.Zstd:         ocispec.MediaTypeImageLayerZstd,
}

// newImage writes the layers to a folder and describes them as the store does.
func newImage(t testing.TB, config ocispec.ImageConfig, layers ...contents) (*image.Image, folder) {
	t.Helper()
	blobs := folder(t.TempDir())
	img := &image.Image{Reference: "registry.example/team/App:dev", Platform: image.Platform{OS: "linux", Architecture: "amd64"}}
	spec := ocispec.Image{Config: config, Platform: ocispec.Platform{OS: "linux", Architecture: "amd64"}, RootFS: ocispec.RootFS{Type: "layers"}}
	for _, layer := range layers {
		plain := archive(t, layer.files)
		packed := compress(t, plain, layer.how)
		l := image.Layer{
			Digest: digest.FromBytes(packed), Size: int64(len(packed)), DiffID: digest.FromBytes(plain), Compression: layer.how, MediaType: mediaTypes[layer.how],
			BlobState: state(t, packed), DiffState: state(t, plain),
		}
		require.NoError(t, os.WriteFile(filepath.Join(string(blobs), l.Digest.Encoded()), packed, 0o600))
		img.Layers = append(img.Layers, l)
		spec.RootFS.DiffIDs = append(spec.RootFS.DiffIDs, l.DiffID)
	}
	var err error
	img.Config, err = json.Marshal(spec)
	require.NoError(t, err)
	img.ConfigDigest = digest.FromBytes(img.Config)
	return img, blobs
}

func archive(t testing.TB, files []file) []byte {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, f := range files {
		require.NoError(t, w.WriteHeader(&tar.Header{Name: f.path, Mode: 0o755, Size: int64(len(f.content)), Typeflag: tar.TypeReg}))
		_, err := w.Write(f.content)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return out.Bytes()
}

func compress(t testing.TB, plain []byte, how image.Compression) []byte {
	var out bytes.Buffer
	switch how {
	case image.Uncompressed:
		return plain
	case image.Gzip:
		w, err := gzip.NewWriterLevel(&out, gzip.BestSpeed)
		require.NoError(t, err)
		_, err = w.Write(plain)
		require.NoError(t, err)
		require.NoError(t, w.Close())
	case image.Zstd:
		w, err := zstd.NewWriter(&out)
		require.NoError(t, err)
		_, err = w.Write(plain)
		require.NoError(t, err)
		require.NoError(t, w.Close())
	}
	return out.Bytes()
}

func state(t testing.TB, of []byte) []byte {
	hash := sha256.New()
	hash.Write(of)
	saved, err := hash.(encoding.BinaryMarshaler).MarshalBinary()
	require.NoError(t, err)
	return saved
}

// noise is n bytes that do not compress.
func noise(n int) []byte {
	p := make([]byte, n)
	_, _ = rand.Read(p)
	return p
}
