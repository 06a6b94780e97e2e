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
func real(t *testing.T, blobs Blobs) *Bench {
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
func seenByDocker(t *testing.T, args ...string) []string {
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
func serviceImage(t *testing.T, more ...contents) (*image.Image, folder) {
	t.Helper()
	binary, err := service()
	require.NoError(t, err)
	return newImage(t, ocispec.ImageConfig{
		Entrypoint:   []string{"/probe"},
		ExposedPorts: map[string]struct{}{"8000/tcp": {}},
	}, append([]contents{{image.Gzip, []file{{"probe", binary}}}}, more...)...)
}

// A second cold pull of an image that the engine holds already takes as long
// as the first, and the download what the link says.
func TestEnginePullIsCold(t *testing.T) {
	const size = 20_000_000
	img, blobs := serviceImage(t, contents{image.Gzip, []file{{"noise", noise(size)}}})
	bench := real(t, blobs)
	bench.Link = budget.Link{Bandwidth: 80_000_000}
	_, err := bench.held(t.Context(), img)
	require.NoError(t, err)
	before := seenByDocker(t, "images", "--all", "--quiet", "--filter", "reference=*/"+bench.Session.Nonce()+"/*")

	var samples []metric.Sample
	for range 3 {
		sample, err := bench.Pull(t.Context(), img)
		require.NoError(t, err)
		t.Logf("pull %s: download %s, extract %s", sample.Total, sample.Phases[0], sample.Phases[1])
		samples = append(samples, sample)
	}
	bytes := img.Layers[0].Size + img.Layers[1].Size
	atLeast := time.Duration(float64(bytes) * 8 / 80e6 * float64(time.Second))
	for _, sample := range samples {
		require.GreaterOrEqual(t, sample.Phases[0], atLeast-20*time.Millisecond)
		require.Less(t, sample.Phases[0], 2*atLeast)
	}
	require.InEpsilon(t, samples[0].Total.Seconds(), samples[1].Total.Seconds(), 0.5)
	require.Equal(t, before, seenByDocker(t, "images", "--all", "--quiet", "--filter", "reference=*/"+bench.Session.Nonce()+"/*"))
}

// One layer of 20 MB at 80 Mbit/s downloads in 2.0 to 2.3 s.
func TestEngineDownload(t *testing.T) {
	img, blobs := newImage(t, ocispec.ImageConfig{}, contents{image.Gzip, []file{{"noise", noise(20_000_000)}}})
	bench := real(t, blobs)
	bench.Link = budget.Link{Bandwidth: 80_000_000, Latency: 10 * time.Millisecond}
	sample, err := bench.Pull(t.Context(), img)
	require.NoError(t, err)
	t.Logf("download %s, extract %s", sample.Phases[0], sample.Phases[1])
	require.GreaterOrEqual(t, sample.Phases[0], 1900*time.Millisecond)
	require.Less(t, sample.Phases[0], 3*time.Second)
}

// Plain and gzip layers, the same layer twice, an empty one: all are cold.
func TestEnginePullsEveryKindOfLayer(t *testing.T) {
	same := contents{image.Gzip, []file{{"same", noise(10_000)}}}
	img, blobs := newImage(t, ocispec.ImageConfig{}, contents{image.Uncompressed, []file{{"plain", noise(10_000)}}}, same, same, contents{image.Gzip, nil})
	bench := real(t, blobs)
	_, err := bench.Pull(t.Context(), img)
	require.NoError(t, err)
}

// An engine that takes no zstd starts a copy; one that does pulls it as it is.
func TestEngineZstd(t *testing.T) {
	binary, err := service()
	require.NoError(t, err)
	img, blobs := newImage(t, ocispec.ImageConfig{Entrypoint: []string{"/probe"}}, contents{image.Zstd, []file{{"probe", binary}}})
	bench := real(t, blobs)
	bench.Health.Port = 8000
	about, err := bench.Engine.About(t.Context())
	require.NoError(t, err)
	_, err = bench.Pull(t.Context(), img)
	if about.ZstdLayers {
		require.NoError(t, err)
	} else {
		require.ErrorContains(t, err, "cannot pull layers compressed with zstd")
	}
	_, err = bench.Start(t.Context(), img)
	require.NoError(t, err)
}

// coldStart measures one with the given environment.
func coldStart(t *testing.T, bench *Bench, img *image.Image, env map[string]string) time.Duration {
	t.Helper()
	bench.Run.Env = env
	sample, err := bench.Start(t.Context(), img)
	require.NoError(t, err)
	t.Logf("%v: %s = %v", env, sample.Total, sample.Phases)
	return sample.Total
}

// The clock tells the truth: a sleep of two seconds is two seconds.
func TestEngineColdStart(t *testing.T) {
	img, blobs := serviceImage(t)
	bench := real(t, blobs)
	var plain, slept, unready []time.Duration
	for range 5 { // in turn, so that what else the machine does falls on all alike
		plain = append(plain, coldStart(t, bench, img, nil))
		slept = append(slept, coldStart(t, bench, img, map[string]string{"DELAY": "2s"}))
		unready = append(unready, coldStart(t, bench, img, map[string]string{"UNREADY": "1s"}))
	}
	t.Logf("2 s of sleep measure %s", median(slept)-median(plain))
	require.InDelta(t, 2, (median(slept) - median(plain)).Seconds(), 0.3)
	t.Logf("1 s of 503 measures %s", median(unready)-median(plain))
	require.InDelta(t, 1, (median(unready) - median(plain)).Seconds(), 0.3)
}

func TestEngineStartFaults(t *testing.T) {
	img, blobs := serviceImage(t)
	bench := real(t, blobs)
	for _, tc := range []struct {
		name    string
		run     budget.Run
		entry   []string
		timeout time.Duration
		fault   Fault
		text    []string
		hint    string
	}{
		{"D13: exits at once", env("EXIT", "3"), nil, time.Minute, Exited, []string{"exited with code 3", "FileNotFoundError: model.bin"}, ""},
		{"D13: exits later", env("EXIT", "4", "DELAY", "500ms"), nil, time.Minute, Exited, []string{"exited with code 4"}, ""},
		{"D13: ends with 0", env("EXIT", "0"), nil, time.Minute, Exited, []string{"exited with code 0"}, "run.command"},
		{"D2: OOM", env("HOG", "1"), nil, time.Minute, OOMKilled, []string{"OOM-killed (code 137)"}, "raise run.memory"},
		{"D13: no such entrypoint", budget.Run{}, []string{"/nowhere"}, time.Minute, NotStarted, []string{"/nowhere"}, "ENTRYPOINT"},
		{"D13: no entrypoint", budget.Run{}, []string{}, time.Minute, NotStarted, []string{"ommand"}, "ENTRYPOINT"},
		{"D13: not a program", budget.Run{}, []string{"/text"}, time.Minute, "", nil, ""},
		{"D14: loopback only", env("BIND", "127.0.0.1"), nil, 2 * time.Second, NotReady, []string{"GET /health on port 8000"}, "127.0.0.1 only (bind 0.0.0.0)"},
		{"never answers", env("SILENT", "1"), nil, 2 * time.Second, NotReady, []string{"no complete answer within"}, "takes connections and says nothing"},
		{"never ready", env("UNREADY", "1h"), nil, 2 * time.Second, NotReady, []string{"it answered 503"}, "the app answers and is not ready"},
		{"D11: log flood", env("LOGFLOOD", "1", "UNREADY", "1h"), nil, 2 * time.Second, NotReady, []string{"it answered 503", "\n  xxx"}, ""},
		{"D23: ignores SIGTERM", env("IGNORE_TERM", "1", "SILENT", "1"), nil, time.Second, NotReady, nil, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			started := img
			if tc.entry != nil {
				started, bench.Blobs = newImage(t, ocispec.ImageConfig{Entrypoint: tc.entry, ExposedPorts: map[string]struct{}{"8000/tcp": {}}},
					contents{image.Gzip, []file{{"text", []byte("no program")}}})
			} else {
				bench.Blobs = blobs
			}
			bench.Run, bench.Health.Timeout = tc.run, tc.timeout
			bench.Run.Memory, bench.Run.CPUs = 64<<20, 1
			_, err := bench.held(t.Context(), started)
			require.NoError(t, err)
			begun := time.Now()
			_, err = bench.Start(t.Context(), started)
			took := time.Since(begun)
			t.Logf("%s: %v", took.Round(time.Millisecond), err)
			var fault *StartFault
			require.ErrorAs(t, err, &fault)
			if tc.fault != "" {
				require.Equal(t, tc.fault, fault.Fault)
			}
			for _, text := range tc.text {
				require.Contains(t, err.Error(), text)
			}
			require.Contains(t, fault.Hint(), tc.hint)
			require.LessOrEqual(t, len(fault.Log), logKept)
			require.Less(t, took, tc.timeout+5*time.Second)
			if fault.Fault != NotReady {
				require.Less(t, took, 10*time.Second, "noticed at the exit, not at the timeout")
			}
		})
	}
}

// D19: a health path that flaps is a note on a time that stands.
func TestEngineFlaps(t *testing.T) {
	img, blobs := serviceImage(t)
	bench := real(t, blobs)
	bench.Run.Env = map[string]string{"FLAP": "1"}
	sample, err := bench.Start(t.Context(), img)
	require.NoError(t, err)
	require.Len(t, sample.Notes, 1)
	require.Contains(t, sample.Notes[0], "flaps")
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

// env is a Run with these variables, given as name, value, name, value.
func env(pairs ...string) budget.Run {
	run := budget.Run{Env: map[string]string{}}
	for i := 0; i < len(pairs); i += 2 {
		run.Env[pairs[i]] = pairs[i+1]
	}
	return run
}
