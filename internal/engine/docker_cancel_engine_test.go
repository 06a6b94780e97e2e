package engine_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/containerd/errdefs"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/engine/enginetest"
	"github.com/image-budget/image-budget/internal/image"
)

// moments is when a call is cut short in the tests below: before, in and after
// what it does.
var moments = []time.Duration{0, 5 * time.Millisecond, 20 * time.Millisecond, 60 * time.Millisecond, 120 * time.Millisecond, 250 * time.Millisecond}

// late is when an engine would be done with what it went on doing.
const late = time.Second

// D8: whenever a signal comes, removing what was asked for by its name right
// after the call returned removes all of it.
func TestEngineCutShortLeavesNothingD8(t *testing.T) {
	e, docker := open(t), raw(t)
	img := enginetest.Image(t, v1.Config{Entrypoint: []string{"/probe", "sleep"}})
	host, stop, err := e.Serve(t.Context(), newRegistry())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, stop()) })
	ref := held(t, e, v1.Config{Entrypoint: []string{"/probe", "sleep"}})

	t.Run("pull", func(t *testing.T) {
		var refs []string
		for _, moment := range moments {
			ref := host + "/" + enginetest.Name() + ":1"
			push(t, ref, img)
			cut(t, moment, func(ctx context.Context) { _ = e.Pull(ctx, ref, image.Platform{}) })
			require.NoError(t, e.RemoveImage(t.Context(), ref))
			refs = append(refs, ref)
		}
		time.Sleep(late)
		for _, ref := range refs {
			_, err := e.Image(t.Context(), ref)
			require.ErrorIs(t, err, engine.ErrNoImage)
		}
	})
	t.Run("create and start", func(t *testing.T) {
		var names []string
		for i, moment := range moments {
			spec := engine.Container{Name: enginetest.Name(), Image: ref, Port: 8000, Memory: 64 << 20, CPUs: 1, Strict: i%2 == 1}
			cut(t, moment, func(ctx context.Context) {
				if id, err := e.Create(ctx, spec); err == nil {
					_ = e.Start(ctx, id)
				}
			})
			require.NoError(t, e.RemoveContainer(t.Context(), spec.Name))
			names = append(names, spec.Name)
		}
		time.Sleep(late)
		for _, name := range names {
			_, err := docker.ContainerInspect(t.Context(), name)
			require.True(t, errdefs.IsNotFound(err), "container %s: %v", name, err)
			requireNoNetwork(t, name)
		}
	})
}

// cut calls f with a context that ends at the moment.
func cut(t *testing.T, moment time.Duration, f func(context.Context)) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), moment)
	defer cancel()
	f(ctx)
}

// A cancelled build stops, in the engine too, and leaves no image.
func TestEngineBuildCancelled(t *testing.T) {
	e, req := buildable(t, "FROM scratch\nCOPY probe /\nRUN [\"/probe\", \"sleep\"]\n")
	ctx, cancel := context.WithCancel(t.Context())
	progress := writerFunc(func(p []byte) (int, error) {
		if bytes.Contains(p, []byte("RUN")) {
			cancel()
		}
		return len(p), nil
	})
	begun := time.Now()
	err := e.Build(ctx, req, progress)
	require.ErrorIs(t, err, context.Canceled)
	require.Less(t, time.Since(begun), 30*time.Second)
	time.Sleep(late)
	_, err = e.Image(t.Context(), req.Name)
	require.ErrorIs(t, err, engine.ErrNoImage)
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
