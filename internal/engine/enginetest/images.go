package enginetest

import (
	"archive/tar"
	"bytes"
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

// Probe is the path of a static program for images FROM scratch, compiled once
// in a test run: testdata/probe, which lists what it does.
func Probe(t testing.TB) string {
	t.Helper()
	path, err := probe()
	require.NoError(t, err)
	return path
}

// probe compiles into the build cache and a folder that outlives the test that
// happens to ask first; the folder is the operating system's to clean.
var probe = sync.OnceValues(func() (string, error) {
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("image-budget-enginetest-%d", os.Getuid()))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	path := filepath.Join(dir, fmt.Sprintf("probe-%d", os.Getpid()))
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", path,
		"github.com/image-budget/image-budget/internal/engine/enginetest/testdata/probe")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOOS=linux")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("compiling testdata/probe: %w\n%s", err, out)
	}
	return path, nil
})

// Image is an image of this machine's architecture that holds the probe at
// /probe, and a layer of random bytes that makes it different from all others.
func Image(t testing.TB, config v1.Config) v1.Image {
	t.Helper()
	content, err := os.ReadFile(Probe(t))
	require.NoError(t, err)
	noise := make([]byte, 1<<16)
	_, err = rand.Read(noise)
	require.NoError(t, err)
	return ImageOf(t, config, Layer(t, "probe", 0o755, content), Layer(t, "noise", 0o644, noise))
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
	})
	require.NoError(t, err)
	return layer
}

// Name is a name that nothing else on the engine has.
func Name() string {
	var nonce [6]byte
	_, _ = rand.Read(nonce[:])
	return "image-budget-test-" + hex.EncodeToString(nonce[:])
}
