package trial

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/metric"
)

// sided answers by which image is tried, and keeps the order.
type sided struct {
	order string                   // B for the baseline, C for the candidate
	fail  map[int]error            // by trial, from 1
	takes map[string]time.Duration // by reference
}

func (s *sided) Pull(_ context.Context, img *image.Image) (metric.Sample, error) {
	s.order += img.Reference
	if err := s.fail[len(s.order)]; err != nil {
		return metric.Sample{}, err
	}
	total := s.takes[img.Reference]
	time.Sleep(total)
	return metric.Sample{Total: total, Phases: []time.Duration{total, 0}}, nil
}

func (s *sided) Rebuild(ctx context.Context, img *image.Image) (metric.Sample, error) {
	return s.Pull(ctx, img)
}

func (s *sided) Start(ctx context.Context, img *image.Image) (metric.Sample, error) {
	return s.Pull(ctx, img)
}

func newSided() *sided {
	return &sided{fail: map[int]error{}, takes: map[string]time.Duration{"B": 2 * time.Second, "C": 3 * time.Second}}
}

var sides = []Arm{{"baseline", &image.Image{Reference: "B"}}, {"candidate", &image.Image{Reference: "C"}}}

func TestPairs(t *testing.T) {
	lost := errors.New("connection reset")
	for _, tc := range []struct {
		name    string
		enough  int // pairs after which it is settled; 0 for never
		fail    map[int]error
		order   string
		samples int
		reason  string
	}{
		{"ABBA after a warm-up", 0, nil, "BC CB BC CB BC", 4, ""},
		{"no more than it takes", 2, nil, "BC CB BC", 2, ""},
		{"a failed pair is run again in its order", 0, map[int]error{3: lost, 6: lost}, "BC C CB B BC CB BC", 4, ""},
		{"half a pair is none", 0, map[int]error{4: lost}, "BC CB CB BC CB BC", 4, ""},
		{"three failures", 0, map[int]error{1: lost, 3: lost, 5: lost}, "B BC BC", 0, "connection reset"},
		{"which image it was", 0, map[int]error{2: &StartFault{Fault: Exited, Image: "C"}, 4: lost, 6: lost}, "BC BC BC", 0, "the candidate image: connection reset"},
		{"the first trial says it all", 0, map[int]error{1: &CacheHit{}}, "B", 0, "the baseline image: cache hit"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				bench, lines := newSided(), &bytes.Buffer{}
				if tc.fail != nil {
					bench.fail = tc.fail
				}
				plan := Plan{Name: "app", Rounds: 4, Discard: 1, Progress: lines, Settled: func(samples [][]time.Duration) (bool, string) {
					require.Len(t, samples, 2)
					return tc.enough > 0 && len(samples[1]) >= tc.enough, "ratio 1.5"
				}}
				values, err := Series(t.Context(), metric.PullTime, bench, plan, sides...)
				require.NoError(t, err)
				require.Len(t, values, 2)
				require.Equal(t, strings.ReplaceAll(tc.order, " ", ""), bench.order)
				for i, takes := range []time.Duration{2 * time.Second, 3 * time.Second} {
					require.Len(t, values[i].Samples, tc.samples)
					require.Equal(t, tc.samples == 0, values[i].Reason != "")
					require.Contains(t, values[i].Reason, tc.reason)
					for _, sample := range values[i].Samples {
						require.Equal(t, takes, sample)
					}
				}
				if tc.samples > 0 {
					require.Contains(t, lines.String(), "app: pull_time: baseline 2s, candidate 3s (2 of 4): ratio 1.5\n")
				}
			})
		})
	}
}

func TestPairsEndInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		plan := Plan{Name: "app", Rounds: 30, Discard: 1, Until: time.Now().Add(17 * time.Second)}
		values, err := Series(t.Context(), metric.PullTime, newSided(), plan, sides...)
		require.NoError(t, err)
		require.Len(t, values[1].Samples, 3, "the pair that had begun is finished")
		require.Contains(t, values[1].Notes[0], "stopped for want of time after 3 of 30 rounds")

		plan.Until = time.Now().Add(time.Second)
		values, err = Series(t.Context(), metric.PullTime, newSided(), plan, sides...)
		require.NoError(t, err)
		require.Empty(t, values[1].Samples, "a warm-up is no sample")
		require.Contains(t, values[1].Reason, "raise --max-duration")
	})
}
