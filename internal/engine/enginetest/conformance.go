package enginetest

import (
	"context"
	"io"
	"log"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/image"
)

// Conformance is what every engine must do, as the gate relies on it. The
// engine that open returns runs /probe as testdata/probe does. The suite leaves
// nothing on the engine and fails when the engine does.
func Conformance(t *testing.T, open func(*testing.T) engine.Engine) {
	e := open(t)
	for _, test := range []struct {
		name string
		run  func(*testing.T, engine.Engine)
	}{
		{"about", about},
		{"what is not there is no error to remove", removeNothing},
		{"a registry is reachable until it is stopped", serveAndStop},
		{"pull, describe, save, remove", pullAndRemove},
		{"pull again downloads again", pullTwice},
		{"a pull that fails says why", pullFaults},
		{"a pull ends with its context", pullCancelled},
		{"a container answers, is logged and is removed", runAndRemove},
		{"a long log is kept whole where that is asked for", longLog},
		{"a container that ends is noticed", exits},
		{"D13 an image that cannot run", cannotRun},
		{"waiting ends with its context", waitCancelled},
		{"an image in use stays", removeImageInUse},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, e) })
	}
	require.NoError(t, e.Close())
}

func about(t *testing.T, e engine.Engine) {
	a, err := e.About(t.Context())
	require.NoError(t, err)
	require.NotEmpty(t, a.Name)
	require.NotEmpty(t, a.Version)
	require.NotEmpty(t, a.Store)
	require.NotEmpty(t, a.APIVersion)
	require.NotEmpty(t, a.Host)
	require.Equal(t, "linux", a.Platform.OS)
	require.NotEmpty(t, a.Platform.Architecture)
}

func removeNothing(t *testing.T, e engine.Engine) {
	require.NoError(t, e.RemoveImage(t.Context(), Name()+":none"))
	require.NoError(t, e.RemoveContainer(t.Context(), Name()))
	_, err := e.Image(t.Context(), Name()+":none")
	require.ErrorIs(t, err, engine.ErrNoImage)
}

func serveAndStop(t *testing.T, e engine.Engine) {
	host, stop, err := e.Serve(t.Context(), OK())
	require.NoError(t, err)
	answer, err := http.Get("http://" + host)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.NoError(t, stop())
	_, err = http.Get("http://" + host)
	require.Error(t, err)
	require.NoError(t, stop(), "stopping twice")
}

// serve offers the image to the engine and counts requests for its blobs. The
// reference is removed from the engine when the test ends.
func serve(t *testing.T, e engine.Engine, img v1.Image) (ref string, blobs *counter) {
	t.Helper()
	blobs = &counter{next: registry.New(registry.Logger(log.New(io.Discard, "", 0)))}
	host, stop, err := e.Serve(t.Context(), blobs)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, stop()) })
	ref = host + "/" + Name() + ":1"
	parsed, err := name.ParseReference(ref)
	require.NoError(t, err)
	require.NoError(t, remote.Write(parsed, img))
	t.Cleanup(func() {
		require.NoError(t, e.RemoveImage(context.Background(), ref))
		_, err := e.Image(context.Background(), ref)
		require.ErrorIs(t, err, engine.ErrNoImage)
	})
	blobs.reset()
	return ref, blobs
}

// pull has the engine pull an image that runs the probe.
func pull(t *testing.T, e engine.Engine, config v1.Config) (ref string) {
	t.Helper()
	ref, _ = serve(t, e, Image(t, config))
	require.NoError(t, e.Pull(t.Context(), ref, image.Platform{}))
	return ref
}

// create makes a container that is removed when the test ends.
func create(t *testing.T, e engine.Engine, spec engine.Container) (id string) {
	t.Helper()
	spec.Name, spec.Memory, spec.CPUs = Name(), 64<<20, 1
	t.Cleanup(func() {
		require.NoError(t, e.RemoveContainer(context.Background(), spec.Name))
		_, err := e.Exit(context.Background(), spec.Name)
		require.Error(t, err, "it is gone")
	})
	id, err := e.Create(t.Context(), spec)
	require.NoError(t, err)
	return id
}

// soon is what an engine may take over anything that takes no work.
const soon = 30 * time.Second
