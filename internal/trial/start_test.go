package trial

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/engine/enginetest"
)

func TestStartTimes(t *testing.T) {
	const call, listen, warm = 40 * time.Millisecond, 60 * time.Millisecond, 80 * time.Millisecond
	for _, tc := range []struct {
		name    string
		program enginetest.Program
		want    [3]time.Duration
	}{
		{"at once", enginetest.Program{Handler: enginetest.OK}, [3]time.Duration{}},
		{"start call", enginetest.Program{Handler: enginetest.OK, Start: call}, [3]time.Duration{call, 0, 0}},
		{"D12: listens late", enginetest.Program{Handler: enginetest.OK, Listen: listen}, [3]time.Duration{0, listen, 0}},
		{"D12: 503 then 200", enginetest.Program{Handler: enginetest.UnreadyFor(warm, enginetest.OK)}, [3]time.Duration{0, 0, warm}},
		{"D20: HTTPS", enginetest.Program{Handler: enginetest.OK, TLS: true, Start: call}, [3]time.Duration{call, 0, 0}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fake := enginetest.New()
			fake.Programs["/app"] = tc.program
			img, blobs := app(t, "/app")
			bench := tried(t, fake, blobs, health(timeLimit))
			if tc.program.TLS {
				bench.Health.Scheme = "https"
			}
			sample, err := bench.Start(t.Context(), img)
			require.NoError(t, err)
			require.Empty(t, sample.Notes)
			require.Len(t, sample.Phases, 3)
			require.Equal(t, sample.Total, sample.Phases[0]+sample.Phases[1]+sample.Phases[2])
			for i, want := range tc.want {
				require.GreaterOrEqual(t, sample.Phases[i], want-pollEvery, "phase %d of %v", i, sample.Phases)
				require.Less(t, sample.Phases[i], want+2*time.Second, "phase %d of %v", i, sample.Phases)
			}
		})
	}
}

func TestStartFaults(t *testing.T) {
	long := bytes.Repeat([]byte("x"), 200_000)
	lines := []byte(strings.Repeat("noise\n", 100) + "Traceback:\r\nno model file\n")
	for _, tc := range []struct {
		name    string
		program enginetest.Program
		timeout time.Duration
		fault   Fault
		text    string
		hint    string
	}{
		{"D13: exits at once", enginetest.Program{Exit: &engine.Exit{Code: 3}, Log: lines}, timeLimit, Exited,
			"exited with code 3 after", ""},
		{"D13: exits later", enginetest.Program{Handler: enginetest.UnreadyFor(timeLimit, enginetest.OK), Life: 50 * time.Millisecond, Exit: &engine.Exit{Code: 1}, Log: lines}, timeLimit, Exited,
			"exited with code 1 after", ""},
		{"D13: ends well and too early", enginetest.Program{Exit: &engine.Exit{}}, timeLimit, Exited,
			"exited with code 0 after", "set run.command in the budget to one that serves"},
		{"D2: OOM", enginetest.Program{Exit: &engine.Exit{Code: 137, OOMKilled: true}}, timeLimit, OOMKilled,
			"was OOM-killed (code 137)", "raise run.memory (now 64MiB)"},
		{"D13: no such entrypoint", enginetest.Program{Fault: "exec: no such file"}, timeLimit, NotStarted,
			"cannot be started: starting container", "check the image's ENTRYPOINT"},
		{"D14: nothing listens", enginetest.Program{}, 200 * time.Millisecond, NotReady,
			"no 2xx answer within 200ms: GET /health on port 8000: ", "the app may listen on 127.0.0.1 only (bind 0.0.0.0)"},
		{"never ready", enginetest.Program{Handler: enginetest.UnreadyFor(timeLimit, enginetest.OK), Log: long}, 200 * time.Millisecond, NotReady,
			"it answered 503 Service Unavailable; its last log lines:\n  xxx", "the app answers and is not ready"},
		{"wrong path", enginetest.Program{Handler: answering404}, 200 * time.Millisecond, NotReady,
			"it answered 404 Not Found", "set health.path"},
		{"the start call hangs", enginetest.Program{Start: timeLimit}, 100 * time.Millisecond, NotReady,
			"the engine's start call did not return", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fake := enginetest.New()
			fake.Programs["/app"] = tc.program
			img, blobs := app(t, "/app")
			bench := tried(t, fake, blobs, health(tc.timeout))
			bench.Run.Memory = 64 << 20
			begun := time.Now()
			_, err := bench.Start(t.Context(), img)
			require.Less(t, time.Since(begun), 5*time.Second, "noticed at once, or at the timeout")
			var fault *StartFault
			require.ErrorAs(t, err, &fault)
			require.Equal(t, tc.fault, fault.Fault)
			require.Contains(t, err.Error(), tc.text)
			require.Contains(t, fault.Hint(), tc.hint, "%v", err)
			require.Less(t, len(err.Error()), 10_000)
			require.LessOrEqual(t, len(fault.Log), logKept)
			require.LessOrEqual(t, strings.Count(err.Error(), "\n"), logLines)
			if bytes.Equal(tc.program.Log, lines) {
				require.Contains(t, err.Error(), "\n  Traceback:\n  no model file")
			}
			require.True(t, final(err))
		})
	}
}

func TestStartNotes(t *testing.T) {
	for name, tc := range map[string]struct {
		program enginetest.Program
		note    string
	}{
		"D19: flaps": {enginetest.Program{Handler: flapping}, "the health path flaps: after its first 2xx answer, it answered 503"},
	} {
		t.Run(name, func(t *testing.T) {
			fake := enginetest.New()
			fake.Programs["/app"] = tc.program
			img, blobs := app(t, "/app")
			sample, err := tried(t, fake, blobs, health(timeLimit)).Start(t.Context(), img)
			require.NoError(t, err)
			require.Len(t, sample.Notes, 1)
			require.Contains(t, sample.Notes[0], tc.note)
		})
	}
}

func TestStartContainer(t *testing.T) {
	fake := enginetest.New()
	fake.Programs["/app serve"] = enginetest.Program{Handler: enginetest.OK}
	img, blobs := app(t, "/app")
	bench := tried(t, fake, blobs, health(timeLimit))
	bench.Run = budget.Run{Env: map[string]string{"A": "1"}, Command: []string{"serve"}, Memory: 1 << 30, CPUs: 1.5, Sandbox: budget.Strict}
	for range 2 {
		_, err := bench.Start(t.Context(), img)
		require.NoError(t, err)
	}
	created := fake.Created()
	require.Len(t, created, 2, "a fresh container each time")
	require.NotEqual(t, created[0].Name, created[1].Name)
	require.Equal(t, 1, fake.Calls("Pull"), "the image is delivered once")
	got := created[1]
	require.Contains(t, got.Name, bench.Session.Nonce())
	require.Equal(t, bench.Run.Env, got.Env, "D6: nothing but what is declared")
	require.Equal(t, []string{"serve"}, got.Command)
	require.EqualValues(t, 1<<30, got.Memory)
	require.Equal(t, 1.5, got.CPUs)
	require.True(t, got.Strict)
	require.Equal(t, 8000, got.Port)
	require.Equal(t, img.Platform, got.Platform)
}

// An image that the engine holds is started as it is, and stays.
func TestStartOfAHeldImage(t *testing.T) {
	fake := enginetest.New()
	fake.Programs["/app"] = enginetest.Program{Handler: enginetest.OK}
	img, blobs := app(t, "/app")
	first := tried(t, fake, blobs, health(timeLimit))
	ref, err := first.held(t.Context(), img)
	require.NoError(t, err)

	img.EngineRef = ref
	second := tried(t, fake, blobs, health(timeLimit))
	_, err = second.Start(t.Context(), img)
	require.NoError(t, err)
	require.Equal(t, 1, fake.Calls("Pull"))
	require.NoError(t, second.Close(t.Context()))
	require.Equal(t, []string{ref}, fake.Images())
}

// D22: an engine that does not get round to watching a container holds no trial
// up for longer than it may take.
func TestStartWhenTheEngineDoesNotWatch(t *testing.T) {
	fake := enginetest.New()
	fake.Programs["/app"] = enginetest.Program{Handler: enginetest.OK}
	img, blobs := app(t, "/app")
	bench := tried(t, fake, blobs, health(100*time.Millisecond))
	fake.Hook = func(ctx context.Context, method string) error {
		if method != "Exited" {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(timeLimit):
			return errors.New("the call had no time limit")
		}
	}
	begun := time.Now()
	_, err := bench.Start(t.Context(), img)
	require.Error(t, err)
	require.Less(t, time.Since(begun), 10*time.Second)
}

// D22: an engine that goes away is an error, not a fault of the image.
func TestStartWhenTheEngineGoes(t *testing.T) {
	fake := enginetest.New()
	fake.Programs["/app"] = enginetest.Program{}
	img, blobs := app(t, "/app")
	bench := tried(t, fake, blobs, health(100*time.Millisecond))
	gone := &engine.Unavailable{Host: "x", Err: errors.New("refused")}
	fake.Hook = func(_ context.Context, method string) error {
		if method == "Exit" || method == "RemoveContainer" {
			return gone
		}
		return nil
	}
	_, err := bench.Start(t.Context(), img)
	require.ErrorIs(t, err, gone)
	require.Len(t, bench.Session.Left(), 2, "what could not be removed stays recorded")
	fake.Hook = nil
	for _, thing := range bench.Session.Left() {
		if !strings.Contains(thing.Name, "/") {
			require.NoError(t, bench.removeContainer(t.Context(), thing.Name))
		}
	}
}

func answering404() http.Handler { return http.NotFoundHandler() }

// flapping answers 200, 503, 200.
func flapping() http.Handler { return answers(200, 503, 200) }
