package enginetest

import (
	"archive/tar"
	"context"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/opencontainers/go-digest"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/image"
)

func pullAndRemove(t *testing.T, e engine.Engine) {
	img := Image(t, v1.Config{Entrypoint: []string{"/probe", "serve"}})
	ref, _ := serve(t, e, img)
	platform := image.Platform{OS: "linux", Architecture: runtime.GOARCH}
	require.NoError(t, e.Pull(t.Context(), ref, platform))

	held, err := e.Image(t.Context(), ref)
	require.NoError(t, err)
	config, err := img.ConfigFile()
	require.NoError(t, err)
	want := []digest.Digest{}
	for _, diffID := range config.RootFS.DiffIDs {
		want = append(want, digest.Digest(diffID.String()))
	}
	require.Equal(t, want, held.DiffIDs)
	require.True(t, platform.Matches(held.Platform))
	byID, err := e.Image(t.Context(), held.ID)
	require.NoError(t, err)
	require.Equal(t, held.ID, byID.ID)

	archive, err := e.Save(t.Context(), ref)
	require.NoError(t, err)
	requireArchive(t, archive)
	require.NoError(t, archive.Close())
}

// requireArchive takes a docker archive and an OCI layout in a tar.
func requireArchive(t *testing.T, archive io.Reader) {
	t.Helper()
	found := false
	for r := tar.NewReader(archive); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		found = found || header.Name == "manifest.json" || header.Name == "index.json"
	}
	require.True(t, found)
}

// A pull that finds no layer on the engine asks for every one of them.
func pullTwice(t *testing.T, e engine.Engine) {
	ref, blobs := serve(t, e, Image(t, v1.Config{}))
	for range 2 {
		blobs.reset()
		require.NoError(t, e.Pull(t.Context(), ref, image.Platform{}))
		require.GreaterOrEqual(t, blobs.gets(), 2, "a config and a layer that no other image has")
		require.NoError(t, e.RemoveImage(t.Context(), ref))
	}
}

func pullFaults(t *testing.T, e engine.Engine) {
	host, stop, err := e.Serve(t.Context(), http.NotFoundHandler())
	require.NoError(t, err)
	err = e.Pull(t.Context(), host+"/nobody:1", image.Platform{})
	require.ErrorContains(t, err, "nobody:1")
	require.NoError(t, stop())

	ref, blobs := serve(t, e, Image(t, v1.Config{}))
	blobs.corrupt()
	require.Error(t, e.Pull(t.Context(), ref, image.Platform{}), "a blob that is not what its digest says")
}

func pullCancelled(t *testing.T, e engine.Engine) {
	ref, blobs := serve(t, e, Image(t, v1.Config{}))
	ctx, cancel := context.WithCancel(t.Context())
	blobs.stall(ctx, cancel)
	begun := time.Now()
	require.Error(t, e.Pull(ctx, ref, image.Platform{}))
	require.Less(t, time.Since(begun), soon)
}

func removeImageInUse(t *testing.T, e engine.Engine) {
	ref := pull(t, e, v1.Config{Cmd: []string{"/probe", "sleep"}})
	create(t, e, engine.Container{Image: ref})
	require.Error(t, e.RemoveImage(t.Context(), ref))
}

// counter counts the blobs that are fetched through it, and may spoil them.
type counter struct {
	next http.Handler

	mu    sync.Mutex
	count int
	spoil func(http.ResponseWriter)
}

func (c *counter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet || !strings.Contains(r.URL.Path, "/blobs/sha256:") {
		c.next.ServeHTTP(w, r)
		return
	}
	c.mu.Lock()
	c.count++
	spoil := c.spoil
	c.mu.Unlock()
	if spoil != nil {
		spoil(w)
		return
	}
	c.next.ServeHTTP(w, r)
}

func (c *counter) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count = 0
}

func (c *counter) gets() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.count
}

func (c *counter) corrupt() {
	c.spoil = func(w http.ResponseWriter) { _, _ = io.WriteString(w, "not what was asked for") }
}

// stall cancels the pull at its first blob, and answers none before it ended.
func (c *counter) stall(ctx context.Context, cancel context.CancelFunc) {
	c.spoil = func(w http.ResponseWriter) {
		cancel()
		<-ctx.Done()
		http.Error(w, "too late", http.StatusServiceUnavailable)
	}
}
