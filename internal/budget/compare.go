package budget

import (
	"fmt"
	"time"

	"github.com/image-budget/image-budget/internal/metric"
)

// Compare holds now against the baseline, which is nil when there is none yet,
// and against the ceilings of b. It is pure. Metrics that b does not gate are
// passed over; one that it gates and now has not is unmeasured.
func Compare(b Budget, base *Measurement, now Measurement) ImageResult {
	result := describe(b, now)
	if base != nil {
		result.Baseline = BaselinePath(b.Path)
		result.Warnings = append(result.Warnings, differences(*base, now, b.Metrics)...)
	}
	for _, g := range b.Metrics {
		result.add(b, g, base, now)
	}
	result.scan(b, base, now)
	result.Warnings = append(result.Warnings, inconclusives(result.Metrics, b.OnInconclusive)...)
	result.Verdict = worst(result.Metrics, b.OnInconclusive)
	result.lint(b.Lint, now.Lint)
	if result.Scan != nil {
		result.Verdict = worse(result.Verdict, result.Scan.Verdict)
	}
	return result
}

// Describe is the result of an image that has no budget: b says what was to be
// measured, nothing is judged, and what was measured is new.
func Describe(b Budget, now Measurement) ImageResult {
	result := Compare(b, nil, now)
	result.Budget = ""
	for i, row := range result.Metrics {
		if row.Verdict == New {
			result.Metrics[i].Reason = ""
		}
	}
	return result
}

// describe says which image a result is of.
func describe(b Budget, now Measurement) ImageResult {
	return ImageResult{
		Name:         b.Image,
		Budget:       b.Path,
		Reference:    now.Reference,
		ConfigDigest: now.ConfigDigest.String(),
		Platform:     now.Platform.String(),
	}
}

// add compares one metric: a row, and what a reader should know of it.
func (r *ImageResult) add(b Budget, g Gate, base *Measurement, now Measurement) {
	def, _ := metric.Named(g.Metric)
	limit := b.limit(g)
	row := Row{Name: g.Metric, Unit: string(def.Unit), Max: g.Max, Tolerance: limit.tolerance.Ratio(), Line: g.Line}
	value := now.Metrics[g.Metric]
	r.Warnings = append(r.Warnings, notes(g.Metric, value)...)
	if amount, err := amountOf(def, value); err != nil {
		row.Verdict, row.Reason = Unmeasured, err.Error()
	} else {
		row.Value = inUnit(def, amount)
		row.Samples = samplesInSeconds(value)
		row.Phases = phases(def, value)
		found := judge(&row, b, def, base, now, limit)
		if found.warning != "" {
			r.Warnings = append(r.Warnings, g.Metric+": "+found.warning)
		}
		if found.cause != "" {
			r.Causes = append(r.Causes, g.Metric+": "+found.cause)
		}
		holdCeiling(&row)
		r.detail(&row, value.Detail)
	}
	r.Metrics = append(r.Metrics, row)
}

// detail says where a metric's time goes: of one that broke its limits that is
// a cause.
func (r *ImageResult) detail(row *Row, text string) {
	switch {
	case text == "":
	case row.Verdict == Regression || row.Verdict == OverMax:
		r.Causes = append(r.Causes, row.Name+": "+text)
	default:
		row.Detail = text
	}
}

// limit is how much a metric may grow, and why where that is an exception.
type limit struct {
	tolerance, without Percent // with and without the exception
	exception          string  // in words; empty without one
}

// limitOf is the limit of a gated metric by its name.
func (b Budget) limitOf(name string) limit {
	for _, g := range b.Metrics {
		if g.Metric == name {
			return b.limit(g)
		}
	}
	return limit{tolerance: b.Tolerance, without: b.Tolerance}
}

func (b Budget) limit(g Gate) limit {
	for _, e := range b.Exceptions {
		if e.Metric == g.Metric {
			words := fmt.Sprintf(" by an exception until %s: %s", e.Until.Format(time.DateOnly), e.Reason)
			return limit{tolerance: e.Tolerance, without: g.Tolerance, exception: words}
		}
	}
	return limit{tolerance: g.Tolerance, without: g.Tolerance}
}

// judge holds a measured value against the baseline.
func judge(row *Row, b Budget, def metric.Metric, base *Measurement, now Measurement, l limit) (found comparison) {
	if base == nil {
		row.Verdict, row.Reason = New, "no baseline yet: run image-budget record "+b.Name
		return found
	}
	recorded, value := base.Metrics[def.Name], now.Metrics[def.Name]
	amount, err := amountOf(def, recorded)
	switch {
	case def.Timed() && recorded.Compared == Identical:
		// What it took when it was recorded, perhaps elsewhere, is no measure.
	case err != nil:
		row.Verdict, row.Reason = Unmeasured, fmt.Sprintf("not in the baseline: run image-budget record %s --only %s", b.Name, def.Name)
		return found
	default:
		row.Baseline = inUnit(def, amount)
	}
	if def.Timed() {
		found = compareTimed(def, recorded, value, rule(recorded, Foreign(*base, now), l), l)
	} else {
		found = compareExact(*value.Number, *recorded.Number, l)
	}
	row.Compared, row.Verdict, row.Change, row.Reason = found.compared, found.verdict, found.change, found.reason
	row.Interval, row.Pairs = found.interval, found.pairs
	if found.compared == SideBySide || found.compared == Recorded {
		row.Against = samplesInSeconds(recorded)
	}
	return found
}

// comparison is how a value stands to its baseline.
type comparison struct {
	compared Compared
	verdict  Verdict
	change   *float64    // nil where the baseline is 0
	interval *[2]float64 // of the ratio; nil where there is none
	pairs    int         // 0 unless they were measured side by side
	reason   string
	warning  string // of a pass that is less than a plain one
	cause    string // of a regression
}

// compareExact is integer arithmetic: exactly the tolerance passes, one unit
// more does not, and anything is too much for a baseline of 0.
func compareExact(now, base int64, l limit) comparison {
	c := comparison{compared: Exact, verdict: Pass, change: change(now, base)}
	switch {
	case exceeds(now, base, l.tolerance):
		c.verdict = Regression
		c.reason = fmt.Sprintf("%s, more than the %s allowed%s", grown(c.change, l.tolerance), l.tolerance, l.exception)
	case exceeds(now, base, l.without):
		c.reason = fmt.Sprintf("%s, inside the %s allowed%s", grown(c.change, l.without), l.tolerance, l.exception)
		c.warning = c.reason
	}
	return c
}

// holdCeiling holds a measured value against max, whatever the baseline said.
func holdCeiling(row *Row) {
	if row.Max == nil || *row.Value <= *row.Max {
		return
	}
	reason := "over max"
	if *row.Max > 0 {
		reason += " by " + percentAbove(*row.Value / *row.Max - 1, 0)
	}
	if row.Reason != "" {
		reason += "; " + row.Reason
	}
	row.Verdict, row.Reason = OverMax, reason
}
