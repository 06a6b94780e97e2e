package enginetest

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/stretchr/testify/require"
)

// Probe is a static program for images FROM scratch, compiled once in a test
// run: testdata/probe, which lists what it does.
func Probe(t testing.TB) []byte {
	t.Helper()
	program, err := probe()
	require.NoError(t, err)
	return program
}

var probe = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "image-budget-enginetest-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "probe")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", path,
		"github.com/image-budget/image-budget/internal/engine/enginetest/testdata/probe")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("compiling testdata/probe: %w\n%s", err, out)
	}
	return os.ReadFile(path)
})

// Image is an image of this machine's architecture that holds the probe at
// /probe, and a layer of random bytes that makes it different from all others.
func Image(t testing.TB, config v1.Config) v1.Image {
	t.Helper()
	noise := make([]byte, 1<<16)
	_, err := rand.Read(noise)
	require.NoError(t, err)
	return ImageOf(t, config, Layer(t, "probe", 0o755, Probe(t)), Layer(t, "noise", 0o644, noise))
}

// ImageOf is an image of this machine's architecture with those layers.
func ImageOf(t testing.TB, config v1.Config, layers ...v1.Layer) v1.Image {
	t.Helper()
	img, err := mutate.AppendLayers(empty.Image, layers...)
	require.NoError(t, err)
	file, err := img.ConfigFile()
	require.NoError(t, err)
	file = file.DeepCopy()
	file.OS, file.Architecture, file.Config = "linux", runtime.GOARCH, config
	img, err = mutate.ConfigFile(img, file)
	require.NoError(t, err)
	return img
}

// Layer is a layer of one file.
func Layer(t testing.TB, path string, mode int64, content []byte) v1.Layer {
	t.Helper()
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	require.NoError(t, w.WriteHeader(&tar.Header{Name: path, Mode: mode, Size: int64(len(content)), ModTime: time.Unix(0, 0), Typeflag: tar.TypeReg}))
	_, err := w.Write(content)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(archive.Bytes())), nil
	}, tarball.WithCompressionLevel(gzip.BestSpeed), tarball.WithCompressedCaching)
	require.NoError(t, err)
	return layer
}

// Name is a name that nothing else on the engine has.
func Name() string {
	var nonce [6]byte
	_, _ = rand.Read(nonce[:])
	return "image-budget-test-" + hex.EncodeToString(nonce[:])
}
