package trial

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/engine/enginetest"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/metric"
)

var begun = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

// stepped is an instruction that ran from one second to another.
func stepped(name, stage string, from, to float64) engine.Step {
	at := func(s float64) time.Time { return begun.Add(time.Duration(s * float64(time.Second))) }
	return engine.Step{Name: name, Stage: stage, Begun: at(from), Ended: at(to)}
}

func TestLost(t *testing.T) {
	for _, tc := range []struct {
		name  string
		ran   []engine.Step
		takes time.Duration
		says  string
	}{
		{"the last instruction", []engine.Step{stepped("COPY app /app", "", 0, 0.1)}, 100 * time.Millisecond,
			"COPY app /app lost its cache and took 0.1s; no instruction after it ran again"},
		{"an install after the sources", []engine.Step{stepped("COPY . .", "", 0, 1), stepped("RUN pip install", "", 1, 42.2)}, 42200 * time.Millisecond,
			"COPY . . lost its cache; RUN pip install after it took 41.2s"},
		{"the slowest first", []engine.Step{stepped("COPY . .", "stage-0", 0, 1), stepped("RUN a", "", 1, 2), stepped("RUN b", "", 2, 5), stepped("RUN c", "", 5, 6), stepped("RUN  d \\\n  e", "", 6, 8)}, 8 * time.Second,
			"COPY . . lost its cache; RUN b after it took 3.0s, RUN d \\ e after it took 2.0s, RUN a after it took 1.0s, and 1 more ran again"},
		{"stages side by side", []engine.Step{stepped("COPY . .", "builder", 0, 1), stepped("RUN a", "builder", 1, 5), stepped("RUN b", "linux/amd64 stage-1", 2, 4), stepped("RUN c", "", 7, 8)}, 6 * time.Second,
			"COPY . . (builder) lost its cache; RUN a (builder) after it took 4.0s, RUN b after it took 2.0s, RUN c after it took 1.0s"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, tc.says, lost(tc.ran))
			require.Equal(t, tc.takes, busy(tc.ran))
		})
	}
	require.Less(t, len(lost([]engine.Step{stepped("RUN "+strings.Repeat("x", 1<<20), strings.Repeat("y", 1<<20), 0, 1)})), 300)
}

// What is added to a file means nothing in the languages that services are written
// in, and is never the same twice.
func TestBlank(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		text := string(blank())
		require.Regexp(t, `^[ \n]+\n$`, text)
		require.True(t, strings.HasPrefix(text, "\n"), "the file may not end in a newline")
		require.False(t, seen[text])
		seen[text] = true
	}
}

func TestRebuild(t *testing.T) {
	fake, img := enginetest.New(), &image.Image{Reference: "ghcr.io/acme/app:1"}
	var asked []engine.BuildRequest
	fake.Builder = func(_ context.Context, req engine.BuildRequest, _ io.Writer) (v1.Image, error) {
		asked = append(asked, req)
		ran := []engine.Step{stepped("COPY . .", "", 0, 1), stepped("RUN make", "", 1, 1+float64(len(asked)))}
		req.Report(engine.BuildReport{Total: time.Duration(len(asked)+4) * time.Second, Ran: ran, Export: 2 * time.Second})
		return empty.Image, nil
	}
	bench := tried(t, fake, nil, budget.Health{})
	bench.Builds = map[*image.Image]Build{img: {Request: engine.BuildRequest{Context: "/src", Dockerfile: "/src/Dockerfile"}, Touch: "main.py"}}
	values, err := Series(t.Context(), metric.RebuildTime, bench, Plan{Rounds: 3, Discard: 1}, Arm{Image: img})
	require.NoError(t, err)
	require.Equal(t, []time.Duration{6 * time.Second, 7 * time.Second, 8 * time.Second}, values[0].Samples)
	require.Equal(t, "COPY . . lost its cache; RUN make after it took 3.0s", values[0].Detail, "that of the median")
	require.Equal(t, []budget.Phase{
		{Name: "transfer and cache", Median: time.Second},
		{Name: "instructions", Median: 4 * time.Second},
		{Name: "export", Median: 2 * time.Second},
	}, values[0].Phases)
	require.Len(t, asked, 4)
	for i, req := range asked {
		require.Equal(t, "/src", req.Context)
		require.Equal(t, "main.py", req.Salt.Path)
		require.Contains(t, req.Name, bench.Session.Nonce())
		if i > 0 {
			require.NotEqual(t, asked[i-1].Salt.Text, req.Salt.Text)
			require.NotEqual(t, asked[i-1].Name, req.Name)
		}
	}
	require.Empty(t, fake.Images(), "each is removed again")
	require.Empty(t, bench.Session.Left())
}

func TestRebuildFaults(t *testing.T) {
	for _, tc := range []struct {
		name  string
		err   error
		ran   []engine.Step
		tries int
		says  string
	}{
		{"a file that no instruction uses", nil, nil, 1, `after "main.py" had changed: the build does not use it`},
		{"an instruction that fails", &engine.BuildFault{Step: "[2/3] RUN make", Err: errors.New("exit code: 2")}, nil, 1, "RUN make: exit code: 2"},
		{"an instruction that does not end", &engine.BuildTimeout{After: time.Minute, Step: "[2/3] RUN make"}, nil, 1, "not done after 1m0s, in [2/3] RUN make"},
		{"an engine without BuildKit", &engine.Unsupported{What: "building with BuildKit", Host: "podman"}, nil, 1, "no good for building"},
		{"an engine that was gone for a moment", errors.New("connection reset"), nil, 3, "connection reset"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fake, img := enginetest.New(), &image.Image{Reference: "app"}
			fake.Builder = func(_ context.Context, req engine.BuildRequest, _ io.Writer) (v1.Image, error) {
				if tc.err == nil {
					req.Report(engine.BuildReport{Total: time.Second, Ran: tc.ran})
				}
				return empty.Image, tc.err
			}
			bench := tried(t, fake, nil, budget.Health{})
			bench.Builds = map[*image.Image]Build{img: {Touch: "main.py"}}
			values, err := Series(t.Context(), metric.RebuildTime, bench, Plan{Rounds: 3, Discard: 1}, Arm{Image: img})
			require.NoError(t, err)
			require.Empty(t, values[0].Samples)
			require.Contains(t, values[0].Reason, tc.says)
			require.Equal(t, tc.tries, fake.Calls("Build"))
			require.Empty(t, fake.Images())
			require.Empty(t, bench.Session.Left())
		})
	}
	bench := tried(t, enginetest.New(), nil, budget.Health{})
	_, err := bench.Rebuild(t.Context(), &image.Image{Reference: "app:dev"})
	require.ErrorContains(t, err, `building "app:dev" again: it is not known how it is built`)
}
