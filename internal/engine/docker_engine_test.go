package engine_test

import (
	"context"
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/docker/cli/cli/config"
	"github.com/docker/docker/client"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/engine/enginetest"
	"github.com/image-budget/image-budget/internal/image"
)

// open is the real engine. Without one the test is skipped by name, but not in
// CI, where that would hide that nothing was tested.
func open(t *testing.T) engine.Engine {
	t.Helper()
	e, err := engine.OpenDocker(t.Context())
	if err != nil {
		if os.Getenv("CI") == "true" {
			require.NoError(t, err)
		}
		t.Skipf("%s needs a Docker engine: %v", t.Name(), err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e
}

func TestEngineDockerConforms(t *testing.T) {
	enginetest.Conformance(t, open)
}

// run starts the probe's service in a container and returns its URL.
func run(t *testing.T, e engine.Engine, spec engine.Container) (url string) {
	t.Helper()
	if spec.Name == "" {
		spec.Name = enginetest.Name()
	}
	spec.Port, spec.Memory, spec.CPUs = 8000, 256<<20, 1
	t.Cleanup(func() { require.NoError(t, e.RemoveContainer(context.Background(), spec.Name)) })
	id, err := e.Create(t.Context(), spec)
	require.NoError(t, err)
	require.NoError(t, e.Start(t.Context(), id))
	address, err := e.Address(t.Context(), id, spec.Port)
	require.NoError(t, err)
	return "http://" + address
}

// held pulls an image that runs the probe's service.
func held(t *testing.T, e engine.Engine, config v1.Config) (ref string) {
	t.Helper()
	host, stop, err := e.Serve(t.Context(), newRegistry())
	require.NoError(t, err)
	defer func() { require.NoError(t, stop()) }()
	ref = host + "/" + enginetest.Name() + ":1"
	push(t, ref, enginetest.Image(t, config))
	t.Cleanup(func() { require.NoError(t, e.RemoveImage(context.Background(), ref)) })
	require.NoError(t, e.Pull(t.Context(), ref, image.Platform{}))
	return ref
}

func newRegistry() http.Handler { return registry.New(registry.Logger(log.New(io.Discard, "", 0))) }

func push(t *testing.T, ref string, img v1.Image) {
	t.Helper()
	parsed, err := name.ParseReference(ref)
	require.NoError(t, err)
	require.NoError(t, remote.Write(parsed, img))
}

// raw is the engine's API without the gate's view of it.
func raw(t *testing.T) *client.Client {
	t.Helper()
	docker, err := client.NewClientWithOpts(client.FromEnv, client.WithAPIVersionNegotiation())
	require.NoError(t, err)
	t.Cleanup(func() { _ = docker.Close() })
	return docker
}

// configured gives the docker command line's configuration another content.
func configured(t *testing.T, content string) {
	t.Helper()
	before, dir := config.Dir(), t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, config.ConfigFileName), []byte(content), 0o600))
	config.SetDir(dir)
	t.Cleanup(func() { config.SetDir(before) })
}
