package trial

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/metric"
)

// scripted gives outcomes in turn: a duration, or an error.
type scripted struct {
	outcomes []any
	calls    int
}

func (s *scripted) Pull(context.Context, *image.Image) (metric.Sample, error) {
	outcome := s.outcomes[s.calls]
	s.calls++
	if err, ok := outcome.(error); ok {
		return metric.Sample{}, err
	}
	total := time.Duration(outcome.(int)) * time.Second
	return metric.Sample{Total: total, Phases: []time.Duration{total / 4, total - total/4}, Notes: []string{"seen"}}, nil
}

func (s *scripted) Rebuild(ctx context.Context, img *image.Image) (metric.Sample, error) {
	return s.Pull(ctx, img)
}

func (s *scripted) Start(ctx context.Context, img *image.Image) (metric.Sample, error) {
	return s.Pull(ctx, img)
}

func TestSeries(t *testing.T) {
	flaky := errors.New("connection reset")
	for _, tc := range []struct {
		name     string
		outcomes []any
		samples  []time.Duration
		reason   string
	}{
		{"one warm-up, then samples", []any{90, 4, 8, 12}, seconds(4, 8, 12), ""},
		{"two failures are run again", []any{90, flaky, 4, flaky, 8, 12}, seconds(4, 8, 12), ""},
		{"three failures in all", []any{flaky, 90, flaky, 4, flaky}, nil, "connection reset"},
		{"A14: a cache hit is final", []any{&CacheHit{Served: 1, Want: 2}}, nil, "cache hit: the engine fetched 1 of the 2 bytes"},
		{"zstd is final", []any{&ZstdUnsupported{Engine: "Docker Engine 20.10"}}, nil, "hint: measure on Docker Engine 23 or newer"},
		{"a start fault is final", []any{&StartFault{Fault: NotReady, hint: "bind 0.0.0.0"}}, nil, "hint: bind 0.0.0.0"},
		{"a start fault after a start is run again", []any{90, 4, 8, &StartFault{Fault: OOMKilled}, 12}, seconds(4, 8, 12), ""},
		{"a start fault after a warm-up is run again", []any{90, &StartFault{Fault: Exited, Log: []byte("one\ntwo\n")}, 4, 8, 12}, seconds(4, 8, 12), ""},
		{"a cache hit after a cold pull is run again", []any{90, 4, &CacheHit{}, &CacheHit{}, 8, &CacheHit{}}, nil, "cache hit"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			bench, lines := &scripted{outcomes: tc.outcomes}, &bytes.Buffer{}
			values, err := Series(t.Context(), metric.PullTime, bench, Plan{Name: "app", Rounds: 3, Discard: 1, Progress: lines}, Arm{})
			require.NoError(t, err)
			require.Len(t, values, 1)
			value := values[0]
			require.Equal(t, len(tc.outcomes), bench.calls)
			require.Equal(t, len(tc.outcomes), bytes.Count(lines.Bytes(), []byte("app: pull_time: ")), "one line a trial")
			require.Equal(t, len(tc.outcomes), bytes.Count(lines.Bytes(), []byte("\n")), "what a container wrote is in the reason alone")
			require.NotContains(t, lines.String(), "log lines")
			require.Equal(t, tc.samples, value.Samples)
			require.Contains(t, value.Reason, tc.reason)
			require.Nil(t, value.Number)
			if tc.samples != nil {
				require.Empty(t, value.Reason)
				require.Equal(t, []string{"seen"}, value.Notes)
				require.Equal(t, []budget.Phase{{Name: "download", Median: 2 * time.Second}, {Name: "extract", Median: 6 * time.Second}}, value.Phases)
			}
		})
	}
}

func TestSeriesErrors(t *testing.T) {
	plan := Plan{Name: "app", Rounds: 1}
	t.Run("D20: the port is the author's to name", func(t *testing.T) {
		_, err := Series(t.Context(), metric.ColdStart, &scripted{outcomes: []any{&PortUnknown{}}}, plan, Arm{})
		var unknown *PortUnknown
		require.ErrorAs(t, err, &unknown)
	})
	t.Run("D8: a cancelled run is no failed trial", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := Series(ctx, metric.PullTime, &scripted{outcomes: []any{errors.New("broken off")}}, plan, Arm{})
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorContains(t, err, "broken off")
	})
}

// A text from outside that is cut stays UTF-8.
func TestCut(t *testing.T) {
	require.Equal(t, "äöü", cut("äöü", 6))
	require.Equal(t, "äö...", cut("äöü", 5))
	require.Equal(t, "...", cut("ä", 1))
}

func seconds(n ...int) (times []time.Duration) {
	for _, s := range n {
		times = append(times, time.Duration(s)*time.Second)
	}
	return times
}
