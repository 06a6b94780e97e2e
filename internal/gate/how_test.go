package gate

import (
	"bytes"
	"context"
	"os"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/engine/enginetest"
	"github.com/image-budget/image-budget/internal/image/imagetest"
)

// startsAfter is an image whose containers take that long to listen. Its layers
// are the same for every delay.
func startsAfter(t *testing.T, fake *enginetest.Fake, delay time.Duration) v1.Image {
	program := "/app-" + delay.String()
	fake.Programs[program] = enginetest.Program{Handler: enginetest.OK, Listen: delay}
	img := imagetest.Image(t, imagetest.Linux, imagetest.Tar(t, imagetest.File("file", imagetest.Noise(1, 100_000))))
	img, err := mutate.Config(img, v1.Config{Entrypoint: []string{program}})
	require.NoError(t, err)
	return img
}

func rows(result budget.ImageResult) map[string]budget.Row {
	all := map[string]budget.Row{}
	for _, row := range result.Metrics {
		all[row.Name] = row
	}
	return all
}

// recordedAt records app:dev with that delay and sets the tolerance to 20 %.
func recordedAt(t *testing.T, delay time.Duration) (*Machine, *enginetest.Fake, budget.Budget, *bytes.Buffer) {
	progress := &bytes.Buffer{}
	m, fake, b := at(t, Options{Progress: progress}, 1000)
	fake.Add("app:dev", startsAfter(t, fake, delay))
	for i := range b.Metrics {
		b.Metrics[i].Tolerance = 20000
	}
	_, err := Record(t.Context(), b, What{}, m)
	require.NoError(t, err)
	return m, fake, b, progress
}

func checked(t *testing.T, m *Machine, b budget.Budget, how How) budget.ImageResult {
	t.Helper()
	result, err := Check(t.Context(), b, how, m)
	require.NoError(t, err)
	return result
}

// An unchanged image is tried once, wherever its baseline was recorded.
func TestUnchanged(t *testing.T) {
	m, fake, b, _ := recordedAt(t, 50*time.Millisecond)
	elsewhere(t, b, 1)
	pulls, starts := fake.Calls("Pull"), fake.Calls("Start")
	result := checked(t, m, b, How{})
	require.Equal(t, budget.Pass, result.Verdict)
	require.Equal(t, 1, fake.Calls("Pull")-pulls)
	require.Equal(t, 1, fake.Calls("Start")-starts)
	for _, name := range []string{"pull_time", "cold_start"} {
		row := rows(result)[name]
		require.Equal(t, budget.Identical, row.Compared)
		require.Len(t, row.Samples, 1)
		require.Zero(t, *row.Change)
		require.Contains(t, row.Reason, "the image is the baseline's")
	}
	require.Empty(t, result.Warnings, "where it was recorded does not matter")

	max := 0.001
	b.Metrics[len(b.Metrics)-1].Max = &max
	require.Equal(t, budget.OverMax, checked(t, m, b, How{}).Verdict, "a ceiling is held against the one trial")
}

// elsewhere makes the baseline one of another machine, factor times slower.
func elsewhere(t *testing.T, b budget.Budget, factor float64) {
	path := budget.BaselinePath(b.Path)
	require.NoError(t, budget.Update(path, func(old *budget.Measurement) (budget.Measurement, error) {
		old.RecordedWith.CPU = "another"
		for name, value := range old.Metrics {
			for i, s := range value.Samples {
				value.Samples[i] = time.Duration(float64(s) * factor).Round(time.Microsecond)
			}
			old.Metrics[name] = value
		}
		return *old, nil
	}))
}

// A slower start is found beside the baseline image, which the engine holds no
// more; the pull is the same by construction.
func TestSlowerStart(t *testing.T) {
	m, fake, b, progress := recordedAt(t, 100*time.Millisecond)
	fake.Add("app:dev", startsAfter(t, fake, 200*time.Millisecond))
	elsewhere(t, b, 5)
	pulls := fake.Calls("Pull")
	result := checked(t, m, b, How{})
	start := rows(result)["cold_start"]
	require.Equal(t, budget.Regression, start.Verdict, start.Reason)
	require.Equal(t, budget.SideBySide, start.Compared)
	require.Contains(t, start.Reason, "beside the baseline image, from the local cache")
	require.GreaterOrEqual(t, start.Pairs, 6)
	require.Less(t, *start.Baseline, 0.2, "what it takes here, and not what the file says")
	require.Len(t, result.Causes, 1)
	require.Contains(t, result.Causes[0], "cold_start: port open +0.")
	require.Contains(t, progress.String(), "(6 of 30): ratio 1.")
	pull := rows(result)["pull_time"]
	require.Equal(t, budget.Identical, pull.Compared)
	require.Contains(t, pull.Reason, "the layers are the baseline's")
	require.Equal(t, 2, fake.Calls("Pull")-pulls, "one for the figure, one to have the baseline image started")
}

// Without the baseline image the recorded samples have to do, and the report
// says why and what would be better.
func TestRecordedSamples(t *testing.T) {
	m, fake, b, _ := recordedAt(t, 100*time.Millisecond)
	forget(t, b)
	fake.Add("app:dev", startsAfter(t, fake, 300*time.Millisecond))
	result := checked(t, m, b, How{})
	start := rows(result)["cold_start"]
	require.Equal(t, budget.Regression, start.Verdict, start.Reason)
	require.Equal(t, budget.Recorded, start.Compared)
	require.Zero(t, start.Pairs)
	require.Len(t, result.Warnings, 1)
	require.Contains(t, result.Warnings[0], "the local cache does not hold it; the baseline has no reference; the baseline has no commit")
	require.Contains(t, result.Warnings[0], "to have it: record the baseline from a clean commit")

	result = checked(t, m, b, How{Compare: SideBySide})
	start = rows(result)["cold_start"]
	require.Equal(t, budget.Unmeasured, start.Verdict)
	require.Contains(t, start.Reason, "it cannot be compared side by side: the baseline image cannot be had")

	elsewhere(t, b, 1/1.6)
	result = checked(t, m, b, How{})
	require.Equal(t, budget.Regression, rows(result)["cold_start"].Verdict, "three times as slow is more than any machine makes")
}

// forget has the baseline name an image that nobody has.
func forget(t *testing.T, b budget.Budget) {
	require.NoError(t, budget.Update(budget.BaselinePath(b.Path), func(old *budget.Measurement) (budget.Measurement, error) {
		old.ConfigDigest = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
		old.ContentsDigest = ""
		return *old, nil
	}))
}

// Another machine's baseline by itself is never a regression, and never a plain
// pass where its samples are what counts.
func TestAnotherMachinesBaseline(t *testing.T) {
	for factor, verdict := range map[float64]budget.Verdict{1 / 1.6: budget.Inconclusive, 1.6: budget.Pass} {
		m, _, b, _ := recordedAt(t, 100*time.Millisecond)
		elsewhere(t, b, factor)
		result := checked(t, m, b, How{Compare: Recorded})
		for _, name := range []string{"cold_start"} {
			row := rows(result)[name]
			require.Equal(t, verdict, row.Verdict, row.Reason)
			require.Equal(t, budget.Recorded, row.Compared)
		}
		require.NotEmpty(t, result.Warnings)
		require.Contains(t, result.Warnings[0], "the baseline's times are from another machine: CPU another")
		require.Equal(t, budget.Pass, checked(t, m, b, How{}).Verdict, "unchanged, by construction")
	}
}

// Side by side on purpose measures every pair of the very same image.
func TestSideBySideOnPurpose(t *testing.T) {
	m, fake, b, _ := recordedAt(t, 50*time.Millisecond)
	starts := fake.Calls("Start")
	result := checked(t, m, b, How{Compare: SideBySide, MaxPairs: 2})
	for _, name := range []string{"pull_time", "cold_start"} {
		row := rows(result)[name]
		require.Equal(t, budget.SideBySide, row.Compared)
		require.Equal(t, 2, row.Pairs)
		require.Equal(t, budget.Inconclusive, row.Verdict, "two pairs decide nothing")
	}
	require.Equal(t, 6, fake.Calls("Start")-starts, "a warm-up and two pairs")

	result = checked(t, m, b, How{Compare: SideBySide, MaxDuration: time.Nanosecond})
	require.Equal(t, budget.Unmeasured, rows(result)["cold_start"].Verdict)
	require.Contains(t, rows(result)["cold_start"].Reason, "hint: raise --max-duration")
}

func TestAgainst(t *testing.T) {
	m, fake, b, _ := recordedAt(t, 50*time.Millisecond)
	fake.Add("app:old", startsAfter(t, fake, 200*time.Millisecond))
	fake.Add("app:dev", startsAfter(t, fake, 60*time.Millisecond))
	result := checked(t, m, b, How{Against: "app:old"})
	require.Equal(t, "app:old", result.Baseline)
	require.Equal(t, budget.Pass, rows(result)["cold_start"].Verdict)
	require.Contains(t, rows(result)["cold_start"].Reason, "beside app:old (--against)")

	require.NoError(t, os.Remove(budget.BaselinePath(b.Path)))
	require.Equal(t, budget.Pass, checked(t, m, b, How{Against: "app:old"}).Verdict, "it needs no baseline file")

	_, err := Check(t.Context(), b, How{Against: "git:nowhere"}, m)
	var users interface{ UserFault() }
	require.ErrorAs(t, err, &users)
	require.Equal(t, budget.Unmeasured, checked(t, m, b, How{Against: "docker-daemon:nowhere:1"}).Verdict)
}

func TestFailFast(t *testing.T) {
	m, fake, b, _ := recordedAt(t, 50*time.Millisecond)
	fake.Add("app:dev", app(t, 500_000))
	pulls := fake.Calls("Pull")
	result := checked(t, m, b, How{FailFast: true})
	require.Equal(t, budget.Regression, result.Verdict)
	require.Equal(t, budget.Unmeasured, rows(result)["cold_start"].Verdict)
	require.Contains(t, rows(result)["cold_start"].Reason, "size has failed already (--fail-fast)")
	require.Equal(t, pulls, fake.Calls("Pull"))
	require.Equal(t, budget.SideBySide, rows(checked(t, m, b, How{}))["cold_start"].Compared, "without it the trials are run all the same")
}

func TestMaxAge(t *testing.T) {
	m, _, b, _ := recordedAt(t, time.Millisecond)
	require.NoError(t, budget.Update(budget.BaselinePath(b.Path), func(old *budget.Measurement) (budget.Measurement, error) {
		old.Recorded = old.Recorded.Add(-100 * 24 * time.Hour)
		return *old, nil
	}))
	_, err := Check(t.Context(), b, How{MaxAge: 90 * 24 * time.Hour}, m)
	require.ErrorContains(t, err, "100 days ago")
}

// Gates on one machine take turns at their trials, and say how long they waited.
func TestTurns(t *testing.T) {
	m, fake, b, progress := recordedAt(t, time.Millisecond)
	other, err := Open(t.Context(), Options{
		CacheDir: t.TempDir(), Turns: m.turns, Progress: &bytes.Buffer{},
		Engine: m.engine.open,
	})
	require.NoError(t, err)
	defer func() { require.NoError(t, other.Close()) }()
	done := make(chan budget.ImageResult)
	held := make(chan struct{})
	fake.Hook = func(_ context.Context, method string) error {
		if method == "Start" && held != nil {
			close(held)
			held = nil
			time.Sleep(1200 * time.Millisecond)
		}
		return nil
	}
	wait := held
	go func() {
		result, err := Check(context.Background(), b, How{}, other)
		if err != nil {
			t.Error(err)
		}
		done <- result
	}()
	<-wait
	result := checked(t, m, b, How{})
	require.Len(t, result.Warnings, 1)
	require.Contains(t, result.Warnings[0], "the trials waited ")
	require.Contains(t, progress.String(), "app: waiting for another gate's trials on this machine")
	require.Equal(t, budget.Pass, (<-done).Verdict)
	require.Equal(t, budget.Pass, result.Verdict)
}
