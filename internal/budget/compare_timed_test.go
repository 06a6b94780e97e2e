package budget

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// same is a baseline's value whose image is the candidate's.
func same(v Value) Value {
	v.Compared = Identical
	return v
}

// beside is a baseline's value that was measured beside the candidate's.
func beside(v Value) Value {
	v.Compared, v.Why = SideBySide, "beside it"
	return v
}

// steady are n samples around so many milliseconds, of a quiet machine.
func steady(n, ms int) Value {
	var v Value
	for i := range n {
		v.Samples = append(v.Samples, time.Duration(ms*(1000+i%5-2))*time.Microsecond)
	}
	return v
}

// noisy are samples of a machine on which nothing can be told.
func noisy(n, ms int) Value {
	var v Value
	for i := range n {
		v.Samples = append(v.Samples, time.Duration(ms*(1+i*7%10))*time.Millisecond/4)
	}
	return v
}

// TestCompareTimed has E10: the decision of the rule, and nothing softer.
func TestCompareTimed(t *testing.T) {
	for _, c := range []struct {
		name      string
		base, now Value
		verdict   Verdict
		compared  Compared
		pairs     int
		reason    string
	}{
		{"the same time", beside(steady(5, 2000)), steady(5, 2000), Pass, SideBySide, 5, "beside it"},
		{"30 % slower", beside(steady(6, 2000)), steady(6, 2600), Regression, SideBySide, 6, "grew by 30.0%, more than the 20% allowed\nbeside it"},
		{"five pairs prove no regression", beside(steady(5, 2000)), steady(5, 2600), Inconclusive, SideBySide, 5, "5 pairs did not decide it: the ratio is 1.300"},
		{"faster", beside(steady(5, 2000)), steady(5, 1000), Pass, SideBySide, 5, "beside it"},
		{"stopped before the rule could say", beside(steady(2, 2000)), steady(2, 2000), Inconclusive, SideBySide, 2, "2 pairs did not decide it: the ratio is 1.000"},
		{"noise to the last look", beside(noisy(30, 2000)), noisy(30, 2400), Inconclusive, SideBySide, 30, "30 pairs did not decide it"},
		{"recorded, the same time", steady(10, 2000), steady(5, 2000), Pass, Recorded, 0, ""},
		{"recorded, 30 % slower", steady(10, 2000), steady(6, 2600), Regression, Recorded, 0, "grew by 30.0%, more than the 20% allowed"},
		{"recorded, too few samples", steady(4, 2000), steady(30, 2000), Inconclusive, Recorded, 0, "4 of the 5 samples"},
		{"recorded, one slow sample is no baseline", steady(1, 9000), steady(30, 2000), Inconclusive, Recorded, 0, "1 of the 5 samples"},
		{"identical, whatever the samples say", same(steady(5, 2000)), steady(1, 9000), Pass, Identical, 0, ""},
		{"identical, and never recorded", same(Value{}), steady(1, 9000), Pass, Identical, 0, ""},
		{"E1 the baseline image failed", beside(Value{Reason: "it exited"}), Value{Reason: "the baseline image: it exited"}, Unmeasured, "", 0, "the baseline image: it exited"},
		{"E1 never recorded", Value{}, steady(5, 2000), Unmeasured, "", 0, "not in the baseline: run image-budget record agent --only cold_start"},
	} {
		t.Run(c.name, func(t *testing.T) {
			base, now := with("cold_start", c.base), with("cold_start", c.now)
			result := Compare(agent("cold_start"), &base, now)
			row := result.Metrics[0]
			require.Equal(t, c.verdict, row.Verdict, row.Reason)
			require.Equal(t, c.compared, row.Compared)
			require.Equal(t, c.pairs, row.Pairs)
			require.True(t, strings.HasPrefix(row.Reason, c.reason) || strings.Contains(row.Reason, c.reason) && c.verdict == Inconclusive, row.Reason)
			require.Equal(t, c.verdict == Pass && c.reason == "", row.Reason == "")
			require.Empty(t, result.Warnings)
		})
	}
}

// TestAnotherMachine: what a baseline's machine may have made is no regression,
// and a pass on its times is not a plain one.
func TestAnotherMachine(t *testing.T) {
	for _, c := range []struct {
		name     string
		now      int // milliseconds, against 1000
		verdict  Verdict
		warnings int
	}{
		{"as fast", 1000, Pass, 2},
		{"1.6 times faster there", 1600, Inconclusive, 1},
		{"at the end of what a machine may make", 1900, Inconclusive, 1},
		{"more than any machine makes", 2100, Regression, 1},
		{"1.6 times slower there", 625, Pass, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			base, now := with("cold_start", steady(10, 1000)), with("cold_start", steady(30, c.now))
			base.RecordedWith.CPU = "another"
			result := Compare(agent("cold_start"), &base, now)
			row := result.Metrics[0]
			require.Equal(t, c.verdict, row.Verdict, row.Reason)
			require.Len(t, result.Warnings, c.warnings)
			require.Contains(t, result.Warnings[0], "from another machine")
			if c.verdict == Inconclusive {
				require.Contains(t, row.Reason, "which another machine may make of an unchanged image")
			}

			base.Metrics["cold_start"] = beside(steady(30, 1000))
			result = Compare(agent("cold_start"), &base, now)
			require.Empty(t, result.Warnings, "measured side by side, it does not matter where it was recorded")
			require.Equal(t, c.now > 1200, result.Verdict == Regression)
		})
	}
}

func TestWhichPhaseGrew(t *testing.T) {
	parts := func(v Value, download, extract time.Duration) Value {
		v.Phases = []Phase{{"download", download * time.Millisecond}, {"extract", extract * time.Millisecond}}
		return v
	}
	base := with("pull_time", beside(parts(steady(6, 2000), 1000, 1000)))
	result := Compare(agent("pull_time"), &base, with("pull_time", parts(steady(6, 3000), 990, 2010)))
	require.Equal(t, []string{"pull_time: extract +1.010 s, download -0.010 s"}, result.Causes)
	result = Compare(agent("pull_time"), &base, with("pull_time", parts(steady(6, 2000), 990, 1010)))
	require.Empty(t, result.Causes, "nothing grew that matters")
}

func TestTimedException(t *testing.T) {
	b, base := agent("cold_start"), with("cold_start", beside(steady(8, 1000)))
	b.Exceptions = []Exception{{Metric: "cold_start", Tolerance: 60000, Until: time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC), Reason: "torch"}}
	result := Compare(b, &base, with("cold_start", steady(8, 1300)))
	require.Equal(t, Pass, result.Verdict)
	require.Equal(t, []string{"cold_start: grew by 30.0%, inside the 60% allowed by an exception until 2027-01-31: torch"}, result.Warnings)
	require.Equal(t, Regression, Compare(b, &base, with("cold_start", steady(8, 1900))).Verdict)
}

// TestSettled: the trials go on for exactly as long as Compare could not say.
func TestSettled(t *testing.T) {
	b := agent("cold_start")
	for n := 1; n <= 8; n++ {
		for _, ms := range []int{1000, 1500} {
			base, now := beside(steady(n, 1000)), steady(n, ms)
			settled, stands := Settled(b, "cold_start", base, now, false)
			m := with("cold_start", base)
			verdict := Compare(b, &m, with("cold_start", now)).Verdict
			require.Equal(t, verdict != Inconclusive, settled, "%d pairs at %d ms", n, ms)
			require.Contains(t, stands, "ratio 1.")
		}
	}
	settled, stands := Settled(b, "cold_start", Value{}, Value{}, false)
	require.False(t, settled)
	require.Empty(t, stands)
}
