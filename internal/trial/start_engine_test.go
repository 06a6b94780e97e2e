package trial

import (
	"testing"
	"time"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/image"
)

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
	t.Logf("2 s of sleep measure %s", budget.Median(slept)-budget.Median(plain))
	require.InDelta(t, 2, (budget.Median(slept) - budget.Median(plain)).Seconds(), 0.3)
	t.Logf("1 s of 503 measures %s", budget.Median(unready)-budget.Median(plain))
	require.InDelta(t, 1, (budget.Median(unready) - budget.Median(plain)).Seconds(), 0.3)
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

// env is a Run with these variables, given as name, value, name, value.
func env(pairs ...string) budget.Run {
	run := budget.Run{Env: map[string]string{}}
	for i := 0; i < len(pairs); i += 2 {
		run.Env[pairs[i]] = pairs[i+1]
	}
	return run
}
