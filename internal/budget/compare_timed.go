package budget

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/image-budget/image-budget/internal/metric"
	"github.com/image-budget/image-budget/internal/stats"
)

// Foreign reports whether recorded times of the baseline are of another class
// of machine than those of now, or may be.
func Foreign(base, now Measurement) bool { return !base.RecordedWith.SameClass(now.RecordedWith) }

func (v Value) how() Compared { return cmp.Or(v.Compared, Recorded) }

// rule is the decision on a timed metric against a baseline's value.
func rule(base Value, foreign bool, l limit) stats.Rule {
	return stats.Rule{Tolerance: l.tolerance.Ratio(), Foreign: foreign && base.how() == Recorded}
}

// Settled reports whether the samples that were taken so far decide b's timed
// metric of that name, and how they stand, in words. It is what Compare will
// say of them.
func Settled(b Budget, name string, base, now Value, foreign bool) (settled bool, stands string) {
	found := rule(base, foreign, b.limitOf(name)).Judge(together(base, now))
	if math.IsNaN(found.Ratio) {
		return false, ""
	}
	return found.Outcome != stats.Undecided, "ratio " + span(found)
}

// together is both values as the decision takes them.
func together(base, now Value) stats.Samples {
	return stats.Samples{
		Baseline: samplesInSeconds(base), Candidate: samplesInSeconds(now),
		Paired: base.how() == SideBySide,
	}
}

// compareTimed judges samples by the rule, unless the two images are known to
// take the same time.
func compareTimed(def metric.Metric, base, now Value, r stats.Rule, l limit) comparison {
	if base.Compared == Identical {
		same := 0.0
		return comparison{compared: Identical, verdict: Pass, change: &same, reason: base.Why}
	}
	found := r.Judge(together(base, now))
	c := comparison{compared: base.how(), verdict: Inconclusive}
	if !math.IsNaN(found.Ratio) {
		more := found.Ratio - 1
		c.change = &more
	}
	if low, high := found.Low, found.High; !math.IsInf(high, 0) && !math.IsNaN(low+high) {
		c.interval = &[2]float64{low, high}
	}
	if c.compared == SideBySide {
		c.pairs = found.Used
	}
	switch found.Outcome {
	case stats.Regression:
		c.verdict = Regression
		c.reason = fmt.Sprintf("%s, more than the %s allowed%s", grown(c.change, l.tolerance), l.tolerance, l.exception)
		c.cause = cmp.Or(phaseGrowth(def, base, now), "recorded times have no parts, so that which of them grew is not known")
	case stats.Pass:
		c.verdict = Pass
		if c.change != nil && *c.change > l.without.Ratio() {
			c.reason = fmt.Sprintf("%s, inside the %s allowed%s", grown(c.change, l.without), l.tolerance, l.exception)
			c.warning = c.reason
		}
		if r.Foreign {
			c.warning = fmt.Sprintf("it passes on times of another machine, where nothing below %.3g times the recorded time would be a regression", stats.ForeignFactor*(1+r.Tolerance))
		}
	default:
		c.reason = undecided(found, r, c.compared)
	}
	if fewest := stats.Looks[0]; c.compared == Recorded && len(base.Samples) < fewest && c.verdict != Inconclusive {
		c.verdict, c.warning, c.cause = Inconclusive, "", ""
		c.reason = fmt.Sprintf("the baseline holds %d of the %d samples that it takes to be told from noise", len(base.Samples), fewest)
	}
	c.reason = strings.TrimSpace(c.reason + "\n" + base.Why)
	return c
}

// undecided says how far samples went, and how many would do.
func undecided(found stats.Judgement, r stats.Rule, how Compared) string {
	noun := "samples"
	if how == SideBySide {
		noun = "pairs"
	}
	text := fmt.Sprintf("%d %s did not decide it", found.Used, noun)
	if found.Used == 1 {
		text = fmt.Sprintf("1 %s did not decide it", strings.TrimSuffix(noun, "s"))
	}
	if !math.IsNaN(found.Ratio) {
		text += ": the ratio is " + span(found)
	}
	if r.Foreign && found.Ratio > 1+r.Tolerance {
		return text + ", which another machine may make of an unchanged image"
	}
	last := stats.Looks[len(stats.Looks)-1]
	switch n := r.Needed(found); {
	case n == 0:
	case n <= last:
		text += fmt.Sprintf("; about %d would (--max-pairs, --max-duration)", n)
	default:
		text += fmt.Sprintf("; on a machine this noisy about %d would, and %d are the most that are taken", n, last)
	}
	return text
}

// span is a ratio and its interval.
func span(j stats.Judgement) string {
	text := fmt.Sprintf("%.3f", j.Ratio)
	if !math.IsNaN(j.Low+j.High) && !math.IsInf(j.High, 0) {
		text += fmt.Sprintf(" (%.3f to %.3f)", j.Low, j.High)
	}
	return text
}

// phaseGrowth says which parts of a timed metric grew, the most first. Recorded
// values have no parts.
func phaseGrowth(def metric.Metric, base, now Value) string {
	type part struct {
		name   string
		growth time.Duration
	}
	var parts []part
	for _, name := range def.Phases {
		was, before := phase(base, name)
		is, after := phase(now, name)
		if before && after {
			parts = append(parts, part{name, is - was})
		}
	}
	slices.SortStableFunc(parts, func(a, b part) int { return cmp.Compare(b.growth, a.growth) })
	var words []string
	for _, p := range parts {
		words = append(words, fmt.Sprintf("%s %+.3f s", p.name, p.growth.Seconds()))
	}
	return strings.Join(words, ", ")
}

func phase(v Value, name string) (time.Duration, bool) {
	for _, p := range v.Phases {
		if p.Name == name {
			return p.Median, true
		}
	}
	return 0, false
}
