package gate

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/engine/enginetest"
	"github.com/image-budget/image-budget/internal/image/imagetest"
	"github.com/image-budget/image-budget/internal/session"
)

const budgetText = `version: 1
image: app
engine: app:dev
platform: linux/amd64
health: {port: 8000, timeout: 5s}
link: {bandwidth: 1Gbit/s, latency: 0s}
tolerance: 1000%
`

// at is a machine on a fake engine that holds app:dev, and its budget.
func at(t *testing.T, o Options, sizes ...int) (*Machine, *enginetest.Fake, budget.Budget) {
	t.Helper()
	fake := enginetest.New()
	fake.Programs["/app"] = enginetest.Program{Handler: enginetest.OK}
	fake.Add("app:dev", app(t, sizes...))
	dir := t.TempDir()
	o.CacheDir, o.Tool, o.Turns = filepath.Join(dir, "cache"), "test", filepath.Join(dir, "turns")
	if o.Progress == nil {
		o.Progress = &bytes.Buffer{}
	}
	if o.Engine == nil {
		o.Engine = func(context.Context) (engine.Engine, error) { return fake, nil }
	}
	m, err := Open(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, m.Close())
		require.Empty(t, fake.Containers())
		require.Zero(t, fake.Listening())
	})
	path := filepath.Join(dir, "app.yaml")
	require.NoError(t, os.WriteFile(path, []byte(budgetText), 0o644))
	b, err := budget.Load(path)
	require.NoError(t, err)
	return m, fake, b
}

func app(t *testing.T, sizes ...int) v1.Image {
	var layers [][]byte
	for i, size := range sizes {
		layers = append(layers, imagetest.Tar(t, imagetest.File("file", imagetest.Noise(uint64(i), size))))
	}
	img, err := mutate.Config(imagetest.Image(t, imagetest.Linux, layers...), v1.Config{Entrypoint: []string{"/app"}})
	require.NoError(t, err)
	return img
}

func verdicts(result budget.ImageResult) map[string]budget.Verdict {
	all := map[string]budget.Verdict{}
	for _, row := range result.Metrics {
		all[row.Name] = row.Verdict
	}
	return all
}

func TestRecordThenCheck(t *testing.T) {
	m, fake, b := at(t, Options{}, 1000, 2000)
	result, err := Check(t.Context(), b, How{}, m)
	require.NoError(t, err)
	require.Equal(t, budget.New, result.Verdict)

	_, err = Record(t.Context(), b, What{}, m)
	require.NoError(t, err)
	result, err = Check(t.Context(), b, How{}, m)
	require.NoError(t, err)
	require.Equal(t, budget.Pass, result.Verdict)
	require.Len(t, result.Metrics, len(b.Metrics))
	for _, row := range result.Metrics {
		require.NotNil(t, row.Value, row.Name)
		require.Equal(t, row.Compared != budget.Identical, row.Baseline != nil, row.Name)
	}
	require.Equal(t, 1, fake.Calls("Save"), "an image seen before is not saved again")
	require.Equal(t, []string{"app:dev"}, fake.Images())

	fake.Add("app:dev", app(t, 1000, 40000))
	result, err = Check(t.Context(), b, How{}, m)
	require.NoError(t, err)
	require.Equal(t, budget.Regression, verdicts(result)["size"])
	require.Equal(t, budget.Regression, result.Verdict)
}

func TestRecordIsWholeOrNotAtAll(t *testing.T) {
	m, fake, b := at(t, Options{}, 1000)
	fake.Programs["/app"] = enginetest.Program{Exit: &engine.Exit{Code: 3}}
	size := 1.0
	b.Metrics[0].Max = &size // a broken ceiling does not make up for what was not measured
	result, err := Record(t.Context(), b, What{}, m)
	require.NoError(t, err)
	require.Equal(t, budget.Unmeasured, verdicts(result)["cold_start"])
	require.NoFileExists(t, budget.BaselinePath(b.Path))
}

func TestNoRun(t *testing.T) {
	m, fake, b := at(t, Options{NoRun: true}, 1000)
	result, err := Check(t.Context(), b, How{}, m)
	require.NoError(t, err)
	require.Equal(t, budget.Unmeasured, verdicts(result)["cold_start"])
	require.Equal(t, budget.New, verdicts(result)["pull_time"])
	require.Zero(t, fake.Calls("Create"))
}

// An engine that went away leaves the timed metrics unmeasured, with the reason.
func TestNoEngine(t *testing.T) {
	gone := &engine.Unavailable{Host: "unix:///nowhere", Err: errors.New("no such file")}
	m, _, b := at(t, Options{Engine: func(context.Context) (engine.Engine, error) { return nil, gone }}, 1000)
	result, err := Check(t.Context(), b, How{}, m)
	require.NoError(t, err)
	require.Equal(t, budget.Unmeasured, result.Verdict)
	for _, row := range result.Metrics {
		require.Equal(t, budget.Unmeasured, row.Verdict)
		require.Contains(t, row.Reason, "unix:///nowhere")
	}
}

func TestCancelled(t *testing.T) {
	for _, method := range []string{"Image", "Save", "Serve", "Pull", "Create", "Start", "Address", "RemoveContainer"} {
		t.Run(method, func(t *testing.T) {
			m, fake, b := at(t, Options{}, 1000)
			ctx, cancel := context.WithCancel(t.Context())
			fake.Hook = func(_ context.Context, called string) error {
				if called == method {
					cancel()
				}
				return nil
			}
			_, err := Check(ctx, b, How{}, m)
			require.ErrorIs(t, err, context.Canceled)
			require.NoError(t, m.Close())
			require.Equal(t, []string{"app:dev"}, fake.Images())
		})
	}
}

// TestReap: what a dead run recorded is removed, and what merely looks like
// ours is not (D7, D9).
func TestReap(t *testing.T) {
	dir := t.TempDir()
	fake := enginetest.New()
	dead, err := session.Start(dir)
	require.NoError(t, err)
	ours, bystander := "image-budget-"+dead.Nonce()+"-1", "image-budget-0123456789abcdef-1"
	fake.Add("app:dev", app(t, 10))
	for _, name := range []string{ours, bystander} {
		_, err := fake.Create(t.Context(), engine.Container{
			Name: name, Image: "app:dev", Labels: map[string]string{"org.image-budget.session": dead.Nonce()},
		})
		require.NoError(t, err)
	}
	require.NoError(t, dead.Will(session.Container, ours))
	require.NoError(t, dead.Close()) // the record stays, and its lock is free: as if it was killed

	m, err := Open(t.Context(), Options{
		CacheDir: dir, Progress: &bytes.Buffer{},
		Engine: func(context.Context) (engine.Engine, error) { return fake, nil },
	})
	require.NoError(t, err)
	require.NoError(t, m.Close())
	require.Equal(t, []string{bystander}, fake.Containers())
}

// TestReapElsewhere: what is on another engine is left to a run on that one.
func TestReapElsewhere(t *testing.T) {
	dir := t.TempDir()
	dead, err := session.Start(dir)
	require.NoError(t, err)
	name := "image-budget-" + dead.Nonce() + "-1"
	require.NoError(t, dead.On("unix:///other.sock"))
	require.NoError(t, dead.Will(session.Container, name))
	require.NoError(t, dead.Close())

	for _, host := range []string{"unix:///here.sock", "unix:///other.sock"} {
		fake := enginetest.New()
		fake.Self.Host = host
		m, err := Open(t.Context(), Options{
			CacheDir: dir, Progress: &bytes.Buffer{},
			Engine: func(context.Context) (engine.Engine, error) { return fake, nil },
		})
		require.NoError(t, err)
		require.NoError(t, m.Close())
		require.Equal(t, host == "unix:///other.sock", fake.Calls("RemoveContainer") == 1, host)
	}
	left, err := session.Dead(dir)
	require.NoError(t, err)
	require.Empty(t, left)
}

// An engine finishes what a killed run asked for after the next one has looked: that
// one looks again at its end.
func TestLateImageOfAKilledRun(t *testing.T) {
	dir := t.TempDir()
	dead, err := session.Start(dir)
	require.NoError(t, err)
	name := "image-budget.local/app:" + dead.Nonce()
	require.NoError(t, dead.Will(session.Image, name))
	require.NoError(t, dead.Close())

	fake := enginetest.New()
	m, err := Open(t.Context(), Options{
		CacheDir: dir, Progress: &bytes.Buffer{},
		Engine: func(context.Context) (engine.Engine, error) { return fake, nil },
	})
	require.NoError(t, err)
	fake.Add(name, app(t, 1000))
	require.NoError(t, m.Close())
	_, err = fake.Image(t.Context(), name)
	require.ErrorIs(t, err, engine.ErrNoImage)
	left, err := session.Dead(dir)
	require.NoError(t, err)
	require.Empty(t, left)
}

// TestLeftBehind: that something could not be removed is an error of its own,
// and takes nothing from what was measured.
func TestLeftBehind(t *testing.T) {
	m, fake, b := at(t, Options{}, 1000)
	stuck := errors.New("the engine is busy")
	fake.Hook = func(_ context.Context, method string) error {
		if method == "RemoveContainer" {
			return stuck
		}
		return nil
	}
	result, err := Check(t.Context(), b, How{}, m)
	require.NoError(t, err)
	require.Equal(t, budget.New, verdicts(result)["pull_time"])
	require.ErrorIs(t, m.Close(), stuck)
	require.NotEmpty(t, m.Left())
	for _, name := range fake.Containers() {
		fake.Hook = nil
		require.NoError(t, fake.RemoveContainer(t.Context(), name))
	}
}

// TestHost: what a baseline says of its machine is filled in.
func TestHost(t *testing.T) {
	m, _, b := at(t, Options{}, 1000)
	_, err := Record(t.Context(), b, What{}, m)
	require.NoError(t, err)
	baseline, err := budget.BaselineFor(b)
	require.NoError(t, err)
	require.Equal(t, "1.0 memory", baseline.RecordedWith.Engine)
	require.NotEmpty(t, baseline.RecordedWith.CPU)
	require.NotEmpty(t, baseline.RecordedWith.Kernel)
	require.NoError(t, baseline.ContentsDigest.Validate())
	require.WithinDuration(t, time.Now(), baseline.Recorded, time.Minute)
}
