package trial

import (
	"testing"
	"time"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/engine/enginetest"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/session"
)

// tried is a Bench on a fake engine. When the test ends it checks that nothing
// is left: no container, no image that was not there before, no listener, and
// nothing in the session's record.
func tried(t *testing.T, fake *enginetest.Fake, blobs Blobs, health budget.Health) *Bench {
	t.Helper()
	run, err := session.Start(t.TempDir())
	require.NoError(t, err)
	before, listening := fake.Images(), fake.Listening()
	bench := New(Options{Engine: fake, Blobs: blobs, Session: run, Health: health})
	t.Cleanup(func() {
		fake.Hook = nil
		require.NoError(t, bench.Close(t.Context()))
		require.Empty(t, run.Left())
		require.NoError(t, run.Close())
		require.Empty(t, fake.Containers())
		require.Equal(t, before, fake.Images())
		require.Equal(t, listening, fake.Listening())
	})
	return bench
}

// app is an image that runs the program of that name on port 8000.
func app(t *testing.T, program string) (*image.Image, folder) {
	return newImage(t, ocispec.ImageConfig{
		Entrypoint:   []string{program},
		ExposedPorts: map[string]struct{}{"8000/tcp": {}},
	}, contents{image.Gzip, []file{{"app", noise(50_000)}}})
}

// health is a health path that gives up soon enough for a test.
func health(timeout time.Duration) budget.Health {
	return budget.Health{Path: "/health", Scheme: "http", Timeout: timeout}
}
