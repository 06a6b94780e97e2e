package source_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/image/imagetest"
	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/metric"
	"github.com/image-budget/image-budget/internal/session"
	"github.com/image-budget/image-budget/internal/source"
	"github.com/image-budget/image-budget/internal/store"
)

// machine has a cache of its own, and no engine.
func machine(t *testing.T) source.Machine {
	t.Helper()
	cache, err := store.Open(t.TempDir(), store.DefaultLimit)
	require.NoError(t, err)
	run, err := session.Start(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, run.Close())
		require.NoError(t, cache.Close())
	})
	return source.Machine{
		Engine: func(context.Context) (engine.Engine, error) {
			return nil, &engine.Unavailable{Host: "nowhere", Err: context.DeadlineExceeded}
		},
		Store: cache, Session: run, Progress: &bytes.Buffer{},
	}
}

func with(e engine.Engine, at source.Machine) source.Machine {
	at.Engine = func(context.Context) (engine.Engine, error) { return e, nil }
	return at
}

// Ways to name the same image in a budget.
func ociBudget(path string) budget.Budget {
	return budget.Budget{Name: "app", Source: budget.Source{OCI: path}}
}

func archiveBudget(path string) budget.Budget {
	return budget.Budget{Name: "app", Source: budget.Source{Archive: path}}
}

func pullBudget(ref string) budget.Budget {
	return budget.Budget{Name: "app", Source: budget.Source{Pull: ref}}
}

func engineBudget(ref string) budget.Budget {
	return budget.Budget{Name: "app", Source: budget.Source{Engine: ref}}
}

func open(t *testing.T, b budget.Budget) *image.Image {
	t.Helper()
	img, err := source.Open(t.Context(), b, machine(t))
	require.NoError(t, err)
	return img
}

func openFault(t *testing.T, b budget.Budget) error {
	t.Helper()
	at := machine(t)
	img, err := source.Open(t.Context(), b, at)
	require.Error(t, err)
	require.Nil(t, img)
	return err
}

// numbers are the exact metrics of img that its layers alone tell.
func numbers(img *image.Image) map[string]int64 {
	of := &inventory.Inventory{}
	for _, l := range img.Layers {
		of.Size += l.Content
		of.Layers = append(of.Layers, inventory.Layer{Size: l.Content, Compressed: l.Size})
	}
	all := map[string]int64{}
	for _, m := range metric.All {
		if m.Exact != nil && m.Default {
			all[m.Name] = m.Exact(of)
		}
	}
	return all
}

// serve runs a registry that holds img, behind handlers that see each request
// first, and returns a reference to img.
func serve(t *testing.T, img any, around ...func(http.Handler) http.Handler) string {
	t.Helper()
	handler := registry.New(registry.Logger(log.New(io.Discard, "", 0)))
	plain := httptest.NewServer(handler)
	t.Cleanup(plain.Close)
	push(t, hostOf(plain)+"/acme/app:1", img)
	if len(around) == 0 {
		return hostOf(plain) + "/acme/app:1"
	}
	for _, wrap := range around {
		handler = wrap(handler)
	}
	wrapped := httptest.NewServer(handler)
	t.Cleanup(wrapped.Close)
	return hostOf(wrapped) + "/acme/app:1"
}

func push(t *testing.T, where string, img any) {
	t.Helper()
	ref, err := name.ParseReference(where)
	require.NoError(t, err)
	switch img := img.(type) {
	case v1.Image:
		require.NoError(t, remote.Write(ref, img))
	case v1.ImageIndex:
		require.NoError(t, remote.WriteIndex(ref, img))
	}
}

func hostOf(s *httptest.Server) string { return strings.TrimPrefix(s.URL, "http://") }

func rich(t *testing.T) v1.Image {
	t.Helper()
	plain, _ := imagetest.Rich(t)
	return imagetest.Image(t, imagetest.Linux, plain...)
}

func digestOf(t *testing.T, img interface{ Digest() (v1.Hash, error) }) string {
	t.Helper()
	d, err := img.Digest()
	require.NoError(t, err)
	return d.String()
}

// login leaves credentials for host where docker login does.
func login(t *testing.T, host, user, password string) {
	t.Helper()
	dir := t.TempDir()
	auth := base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "config.json"), []byte(`{"auths":{"`+host+`":{"auth":"`+auth+`"}}}`), 0o600))
	t.Setenv("DOCKER_CONFIG", dir)
}
