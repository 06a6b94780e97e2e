package trial

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/metric"
	"github.com/image-budget/image-budget/internal/session"
)

// real is a Bench on the engine of this machine. Without one the test is
// skipped by name, but not in CI, where that would hide that nothing was
// tested. When the test ends it checks that nothing of its session is left.
func real(t testing.TB, blobs Blobs) *Bench {
	t.Helper()
	e, err := engine.Open(t.Context())
	if err != nil {
		if os.Getenv("CI") == "true" {
			require.NoError(t, err)
		}
		t.Skipf("%s needs an engine: %v", t.Name(), err)
	}
	run, err := session.Start(t.TempDir())
	require.NoError(t, err)
	bench := New(Options{
		Engine: e, Blobs: blobs, Session: run, Health: health(time.Minute),
		Run: budget.Run{Memory: 256 << 20, CPUs: 1},
	})
	t.Cleanup(func() {
		ctx := context.Background()
		require.NoError(t, bench.Close(ctx))
		require.Empty(t, run.Left())
		require.NoError(t, run.Close())
		require.Empty(t, seenByDocker(t, "ps", "--all", "--filter", "name="+run.Nonce(), "--format", "{{.Names}}"))
		require.Empty(t, seenByDocker(t, "images", "--all", "--filter", "reference=*/"+run.Nonce()+"/*", "--format", "{{.Repository}}"))
		require.NoError(t, e.Close())
	})
	return bench
}

// seenByDocker asks Docker's own command line, where there is one.
func seenByDocker(t testing.TB, args ...string) []string {
	docker, err := exec.LookPath("docker")
	if err != nil {
		return nil
	}
	out, err := exec.Command(docker, args...).Output()
	require.NoError(t, err)
	return strings.Fields(string(out))
}

// service is the binary of testdata/services/probe, built once.
var service = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "probe")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "probe")
	build := exec.Command("go", "build", "-ldflags=-s -w", "-o", path, "../../testdata/services/probe")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, &exec.Error{Name: string(out), Err: err}
	}
	return os.ReadFile(path)
})

// serviceImage is that binary as an image, with more layers after its own.
func serviceImage(t testing.TB, more ...contents) (*image.Image, folder) {
	t.Helper()
	binary, err := service()
	require.NoError(t, err)
	return newImage(t, ocispec.ImageConfig{
		Entrypoint:   []string{"/probe"},
		ExposedPorts: map[string]struct{}{"8000/tcp": {}},
		StopSignal:   "SIGWINCH", // D23: which ends nothing, and need not
	}, append([]contents{{image.Gzip, []file{{"probe", binary}}}}, more...)...)
}

// D8: a run that is cancelled at any moment leaves no container and no image.
func TestEngineCancelled(t *testing.T) {
	img, blobs := serviceImage(t, contents{image.Gzip, []file{{"noise", noise(2_000_000)}}})
	bench := real(t, blobs)
	bench.Link = budget.Link{Bandwidth: 50_000_000}
	bench.Run.Env = map[string]string{"UNREADY": "1h"}
	ref, err := bench.held(t.Context(), img)
	require.NoError(t, err)
	for wait := 10 * time.Millisecond; wait < 2*time.Second; wait *= 2 {
		for name, trial := range map[string]func(context.Context, *image.Image) (metric.Sample, error){"pull": bench.Pull, "start": bench.Start} {
			ctx, cancel := context.WithTimeout(t.Context(), wait)
			begun := time.Now()
			_, err := trial(ctx, img)
			cancel()
			require.Less(t, time.Since(begun), wait+10*time.Second, name)
			if wait < time.Second {
				require.ErrorIs(t, err, context.DeadlineExceeded, "%s after %s", name, wait)
			}
			left := bench.Session.Left()
			require.Equal(t, []session.Thing{{Kind: session.Image, Name: ref}}, left, "%s after %s", name, wait)
		}
	}
}
