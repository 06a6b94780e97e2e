package budget

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image"
)

// agent is a budget that gates metrics at 20 %.
func agent(metrics ...string) Budget {
	b := Defaults()
	b.Name, b.Path, b.Image = "agent", "budgets/agent.yaml", "support-agent"
	b.Platform = image.Platform{OS: "linux", Architecture: "amd64"}
	b.Metrics = nil
	for i, name := range metrics {
		b.Metrics = append(b.Metrics, Gate{Metric: name, Tolerance: b.Tolerance, Line: 10 + i})
	}
	return b
}

// with is a measurement that holds one metric.
func with(name string, v Value) Measurement {
	m := measured()
	m.Metrics = map[string]Value{name: v}
	return m
}

func at(x float64) *float64 { return &x }

func TestCompare(t *testing.T) {
	for _, c := range []struct {
		name      string
		metric    string
		base, now Value
		max       *float64
		verdict   Verdict
		change    *float64
		reason    string
	}{
		{"E2 exactly the tolerance", "layers", number(100), number(120), nil, Pass, at(0.2), ""},
		{"E2 one unit more", "layers", number(100), number(121), nil, Regression, at(0.21), "grew by 21.0%, more than the 20% allowed"},
		{"E2 one byte more", "size", number(402723680), number(483268417), nil, Regression, at(0.2000000025), "grew by 20.0000002%, more than the 20% allowed"},
		{"the same", "size", number(5), number(5), nil, Pass, at(0), ""},
		{"smaller", "size", number(100), number(50), nil, Pass, at(-0.5), ""},
		{"four layers and one more", "layers", number(4), number(5), nil, Regression, at(0.25), "grew by 25.0%, more than the 20% allowed"},
		{"E3 growth from 0", "size", number(0), number(1), nil, Regression, nil, "grew from 0 in the baseline, more than the 20% allowed"},
		{"E3 0 to 0", "size", number(0), number(0), nil, Pass, nil, ""},
		{"at max", "size", number(100), number(110), at(110), Pass, at(0.1), ""},
		{"over max", "size", number(100), number(111), at(110), OverMax, at(0.11), "over max by 0.9%"},
		{"over max of 0", "layers", number(1), number(1), at(0), OverMax, at(0), "over max"},
		{"over max and a regression", "size", number(100), number(220), at(110), OverMax, at(1.2), "over max by 100.0%; grew by 120.0%, more than the 20% allowed"},
		{"a time at max", "cold_start", same(times(500)), times(500), at(0.5), Pass, at(0), ""},
		{"a time over max by a nanosecond", "cold_start", same(times(500)), Value{Samples: []time.Duration{500000001}}, at(0.5), OverMax, at(0), "over max by 0.0000002%"},
		{"E1 not measured", "size", number(100), Value{Reason: "the pull failed"}, at(1), Unmeasured, nil, "the pull failed"},
		{"E1 no value and no reason", "size", number(100), Value{}, nil, Unmeasured, nil, "it was not measured"},
		{"E1 no samples", "cold_start", times(500), Value{Samples: []time.Duration{}}, nil, Unmeasured, nil, "it was not measured"},
		{"E1 a number for a time", "cold_start", times(500), number(1), nil, Unmeasured, nil, "it was not measured"},
		{"E1 a time of 0", "cold_start", times(500), times(500, 0, 500), nil, Unmeasured, nil, "a trial took 0s, which no trial can"},
		{"E1 a negative size", "size", number(100), number(-1), nil, Unmeasured, nil, "it came out as -1, which it cannot be"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, base := agent(c.metric), with(c.metric, c.base)
			b.Metrics[0].Max = c.max
			result := Compare(b, &base, with(c.metric, c.now))
			require.Equal(t, c.verdict, result.Verdict)
			row := result.Metrics[0]
			require.Equal(t, c.verdict, row.Verdict)
			require.Equal(t, c.reason, row.Reason)
			require.Equal(t, 10, row.Line)
			require.InDelta(t, 0.2, row.Tolerance, 0)
			if c.change == nil {
				require.Nil(t, row.Change)
			} else {
				require.InDelta(t, *c.change, *row.Change, 1e-10)
			}
			require.Equal(t, c.verdict == Unmeasured, row.Value == nil, "never 0 for what was not measured")
		})
	}
}

func TestCompareFillsTheRow(t *testing.T) {
	now, base := measured(), measured()
	base.Metrics["pull_time"] = beside(Value{
		Samples: times(2000, 2010, 1990, 2020, 1980).Samples, Phases: []Phase{{"download", time.Second}, {"extract", time.Second}},
	})
	now.Metrics = map[string]Value{
		"size":      number(402723682),
		"pull_time": {Samples: times(2100, 2000, 2200, 2150, 2050).Samples, Phases: []Phase{{"download", 1500 * time.Millisecond}}},
	}
	result := Compare(agent("size", "pull_time"), &base, now)
	timed := result.Metrics[1]
	require.InDelta(t, 0.05, *timed.Change, 0.02)
	require.Less(t, timed.Interval[0], 1+*timed.Change)
	require.Greater(t, timed.Interval[1], 1+*timed.Change)
	result.Metrics[1].Change, result.Metrics[1].Interval = nil, nil
	require.Equal(t, ImageResult{
		Name: "support-agent", Budget: "budgets/agent.yaml", Baseline: "budgets/agent.baseline.yaml",
		Reference: now.Reference, ConfigDigest: digestA.String(), Platform: "linux/amd64", Verdict: Pass,
		Metrics: []Row{
			{Name: "size", Unit: "bytes", Value: at(402723682), Samples: []float64{}, Baseline: at(402723682), Change: at(0), Tolerance: 0.2, Phases: map[string]*float64{}, Compared: Exact, Verdict: Pass, Line: 10},
			{Name: "pull_time", Unit: "seconds", Value: at(2.1), Samples: []float64{2.1, 2, 2.2, 2.15, 2.05},
				Against: []float64{2, 2.01, 1.99, 2.02, 1.98}, Baseline: at(2), Tolerance: 0.2, Pairs: 5, Phases: map[string]*float64{"download": at(1.5), "extract": nil}, Compared: SideBySide, Verdict: Pass, Reason: "beside it", Line: 11},
		},
	}, result)
}

// TestTheSetMeasuredIsTheSetDeclared has E1: neither what the candidate lacks
// nor what the baseline lacks is a pass.
func TestTheSetMeasuredIsTheSetDeclared(t *testing.T) {
	b, base := agent("size", "layers"), with("size", number(100))
	now := with("size", number(100))
	now.Metrics["waste"] = number(1 << 40)

	result := Compare(b, &base, now)
	require.Equal(t, Unmeasured, result.Verdict)
	require.Len(t, result.Metrics, 2, "what is measured and not gated is no row")
	require.Equal(t, "it was not measured", result.Metrics[1].Reason)

	now.Metrics["layers"] = number(5)
	result = Compare(b, &base, now)
	require.Equal(t, Unmeasured, result.Verdict)
	require.Equal(t, "not in the baseline: run image-budget record agent --only layers", result.Metrics[1].Reason)
	require.Equal(t, at(5), result.Metrics[1].Value, "the value is shown all the same")
	require.Equal(t, 3, Total([]ImageResult{result}, "0").ExitCode)

	b.Metrics[1].Max = at(4)
	result = Compare(b, &base, now)
	require.Equal(t, OverMax, result.Verdict, "a ceiling needs no baseline")
	require.Equal(t, 1, Total([]ImageResult{result}, "0").ExitCode)

	require.Equal(t, Unmeasured, Compare(agent(), &base, now).Verdict, "nothing gated is not a pass")
}

func TestWithoutABaselineAMetricIsNew(t *testing.T) {
	b := agent("size", "cold_start")
	now := measured()
	result := Compare(b, nil, now)
	require.Equal(t, New, result.Verdict)
	require.Empty(t, result.Baseline)
	require.Equal(t, "no baseline yet: run image-budget record agent", result.Metrics[0].Reason)
	require.Nil(t, result.Metrics[0].Baseline)
	require.Empty(t, result.Metrics[0].Compared)
	require.Equal(t, 3, Total([]ImageResult{result}, "0").ExitCode, "what was not compared is not a pass")

	b.Metrics[0].Max = at(1000)
	require.Equal(t, OverMax, Compare(b, nil, now).Verdict)
}

func TestExceptions(t *testing.T) {
	until := time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC)
	b, base := agent("layers"), with("layers", number(100))
	b.Exceptions = []Exception{{Metric: "layers", Tolerance: 45000, Until: until, Reason: "torch"}, {Metric: "size", Tolerance: 90000, Until: until, Reason: "other"}}
	for _, c := range []struct {
		now      int64
		verdict  Verdict
		reason   string
		warnings int
	}{
		{120, Pass, "", 0},
		{121, Pass, "grew by 21.0%, inside the 45% allowed by an exception until 2027-01-31: torch", 1},
		{145, Pass, "grew by 45.0%, inside the 45% allowed by an exception until 2027-01-31: torch", 1},
		{146, Regression, "grew by 46.0%, more than the 45% allowed by an exception until 2027-01-31: torch", 0},
	} {
		result := Compare(b, &base, with("layers", number(c.now)))
		require.Equal(t, c.verdict, result.Verdict, c.now)
		require.Equal(t, c.reason, result.Metrics[0].Reason)
		require.InDelta(t, 0.45, result.Metrics[0].Tolerance, 0)
		require.Len(t, result.Warnings, c.warnings)
	}
}

func TestWarnings(t *testing.T) {
	base, now := measured(), measured()
	now.RecordedWith = Machine{Tool: "0.2.0", Engine: "29.0.0 overlayfs", CPU: "AMD EPYC 7763", CPUs: 4, Kernel: "6.19"}
	value := now.Metrics["cold_start"]
	value.Notes = []string{"the health path flaps", "the health path flaps"}
	now.Metrics["cold_start"] = value
	tool := "the baseline was recorded by image-budget 0.1.0, this is 0.2.0"
	flaps := "cold_start: the health path flaps"
	require.Equal(t, []string{
		tool,
		"the baseline's times are from another machine: engine 20.10.24 overlay2, now 29.0.0 overlayfs; CPUs 2, now 4",
		flaps,
	}, Compare(agent("cold_start"), &base, now).Warnings[:3])
	require.Equal(t, []string{tool}, Compare(agent("size"), &base, now).Warnings, "sizes do not depend on the machine")
	for _, how := range []Compared{SideBySide, Identical} {
		value := base.Metrics["cold_start"]
		value.Compared = how
		base.Metrics["cold_start"] = value
		require.Equal(t, []string{tool, flaps}, Compare(agent("cold_start"), &base, now).Warnings, "both were measured here, or need not be")
	}
}

func TestDescribe(t *testing.T) {
	b := agent("size", "cold_start")
	b.Name, b.Path, b.Image = "x:1", "", "x:1"
	result := Describe(b, measured())
	require.Equal(t, New, result.Verdict)
	require.Empty(t, result.Budget)
	require.Empty(t, result.Metrics[0].Reason)
	require.Equal(t, 0, Total([]ImageResult{result}, "0").ExitCode, "there is no limit to keep")

	now := measured()
	delete(now.Metrics, "cold_start")
	result = Describe(b, now)
	require.Equal(t, Unmeasured, result.Verdict)
	require.Equal(t, 3, Total([]ImageResult{result}, "0").ExitCode)
}

func TestUndecided(t *testing.T) {
	rows := []Row{{Name: "size", Verdict: Pass}, {Name: "pull_time", Verdict: Inconclusive, Reason: "noise"}}
	require.Equal(t, Inconclusive, worst(rows, Fail))
	require.Empty(t, inconclusives(rows, Fail))
	require.Equal(t, Pass, worst(rows, Warn))
	require.Equal(t, []string{"pull_time: undecided, which the budget lets pass: noise"}, inconclusives(rows, Warn))
	require.Equal(t, New, worst(append(rows, Row{Verdict: New}), Warn))
}

func TestTotal(t *testing.T) {
	for _, c := range []struct {
		verdicts []Verdict
		want     Verdict
		status   int
	}{
		{nil, Unmeasured, 3},
		{[]Verdict{Pass}, Pass, 0},
		{[]Verdict{Pass, Pass}, Pass, 0},
		{[]Verdict{New}, New, 3},
		{[]Verdict{Pass, New}, New, 3},
		{[]Verdict{New, Inconclusive}, Inconclusive, 3},
		{[]Verdict{Inconclusive, Unmeasured}, Unmeasured, 3},
		{[]Verdict{Unmeasured, Regression}, Regression, 1},
		{[]Verdict{Regression, Unmeasured}, Regression, 1},
		{[]Verdict{Regression, OverMax, Pass}, OverMax, 1},
		{[]Verdict{Pass, "nonsense"}, Unmeasured, 3},
	} {
		var images []ImageResult
		for _, v := range c.verdicts {
			images = append(images, ImageResult{Budget: "x.yaml", Verdict: v})
		}
		r := Total(images, "0.1.0")
		require.Equal(t, 1, r.Version)
		require.Equal(t, "0.1.0", r.Tool)
		require.Equal(t, c.want, r.Verdict, "%v", c.verdicts)
		require.Equal(t, c.status, r.ExitCode, "%v", c.verdicts)
	}
}
