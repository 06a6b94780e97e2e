package enginetest_test

import (
	"io"
	"log"
	"net/http"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/engine/enginetest"
	"github.com/image-budget/image-budget/internal/image"
)

// A pulled image runs the program of its entrypoint and leaves nothing.
func TestFakeRunsWhatItPulls(t *testing.T) {
	ctx := t.Context()
	fake := enginetest.New()
	fake.Programs["/hello"] = enginetest.Program{Handler: enginetest.OK}
	host, stop, err := fake.Serve(ctx, registry.New(registry.Logger(discard)))
	require.NoError(t, err)
	ref := host + "/app:1"
	require.NoError(t, remote.Write(must(name.ParseReference(ref)), app(t, "/hello")))

	require.NoError(t, fake.Pull(ctx, ref, image.Platform{}))
	require.NoError(t, stop())
	require.Equal(t, []string{ref}, fake.Images())

	id, err := fake.Create(ctx, engine.Container{Name: "c", Image: ref, Port: 8000})
	require.NoError(t, err)
	exited := fake.Exited(ctx, id)
	require.NoError(t, fake.Start(ctx, id))
	address, err := fake.Address(ctx, id, 8000)
	require.NoError(t, err)
	answer, err := http.Get("http://" + address + "/health")
	require.NoError(t, err)
	_, _ = io.Copy(io.Discard, answer.Body)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, 200, answer.StatusCode)

	require.Error(t, fake.RemoveImage(ctx, ref), "a container uses it")
	require.NoError(t, fake.RemoveContainer(ctx, id))
	require.Equal(t, 137, (<-exited).Code)
	require.NoError(t, fake.RemoveImage(ctx, ref))
	require.Empty(t, fake.Images())
	require.Empty(t, fake.Containers())
	require.Zero(t, fake.Listening())
}

func app(t *testing.T, entrypoint string) v1.Image {
	t.Helper()
	img, err := random.Image(1024, 2)
	require.NoError(t, err)
	config, err := img.ConfigFile()
	require.NoError(t, err)
	config = config.DeepCopy()
	config.OS, config.Architecture = "linux", "amd64"
	config.Config.Entrypoint = []string{entrypoint}
	img, err = mutate.ConfigFile(img, config)
	require.NoError(t, err)
	return img
}

var discard = log.New(io.Discard, "", 0)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
