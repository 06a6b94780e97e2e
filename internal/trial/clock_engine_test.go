package trial

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
)

// BenchmarkClock holds cold starts of an app that sleeps before it listens
// against those of the same app without sleep, in turn: what the difference of
// the medians misses the sleep by is the clock's error, and the engine's noise.
// Most of that noise is in the start call, which the app has no part in, so the
// log says what the error is without it too.
func BenchmarkClock(b *testing.B) {
	const rounds = 21
	delays := []time.Duration{100 * time.Millisecond, 500 * time.Millisecond, 2 * time.Second, 5 * time.Second}
	img, blobs := serviceImage(b)
	bench := real(b, blobs)
	_, err := bench.held(b.Context(), img)
	require.NoError(b, err)
	for b.Loop() {
		total, afterCall := map[time.Duration][]time.Duration{}, map[time.Duration][]time.Duration{}
		start := func(delay time.Duration) {
			bench.Run.Env = map[string]string{"DELAY": delay.String()}
			sample, err := bench.Start(b.Context(), img)
			require.NoError(b, err)
			total[delay] = append(total[delay], sample.Total)
			afterCall[delay] = append(afterCall[delay], sample.Total-sample.Phases[0])
		}
		for range rounds {
			inTurn(b, func() {
				for _, delay := range delays { // each beside one without, which costs little
					start(0)
					start(delay)
				}
			})
			slices.Reverse(delays)
		}
		slices.Sort(delays)
		for _, delay := range delays {
			off := func(of map[time.Duration][]time.Duration) float64 {
				return milliseconds(budget.Median(of[delay]) - budget.Median(of[0]) - delay)
			}
			b.ReportMetric(off(total), fmt.Sprintf("ms-off-at-%s", delay))
			b.ReportMetric(off(afterCall), fmt.Sprintf("ms-off-at-%s-after-the-call", delay))
			b.Logf("a sleep of %5s: %5.1f ms off, %5.1f ms without the start call; the middle half of the totals lies in %s",
				delay, off(total), off(afterCall), middle(total[delay]))
		}
		b.Logf("no sleep: %s, %s of it the start call; the middle half of the totals lies in %s", budget.Median(total[0]).Round(time.Millisecond),
			(budget.Median(total[0]) - budget.Median(afterCall[0])).Round(time.Millisecond), middle(total[0]))
	}
}

// inTurn keeps gates on this machine from running trials meanwhile, and waits
// for theirs.
func inTurn(b *testing.B, do func()) {
	turn, _, err := TakeTurn(b.Context(), "/tmp/image-budget-trials.lock", func(time.Duration) {})
	require.NoError(b, err)
	defer func() { require.NoError(b, turn.End()) }()
	do()
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// middle is the width of the middle half of the samples.
func middle(samples []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(samples))
	n := len(sorted)
	return (sorted[n-1-n/4] - sorted[n/4]).Round(100 * time.Microsecond)
}
