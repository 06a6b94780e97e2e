package stats

import "math"

// Outcome is what the rule decided.
type Outcome string

const (
	Undecided    Outcome = ""             // more samples may decide it
	Pass         Outcome = "pass"         // not slower by more than the tolerance
	Regression   Outcome = "regression"   // slower by more than the tolerance
	Inconclusive Outcome = "inconclusive" // more samples will not be taken, or do not help
)

// Rule is the sequential rule for one tolerance.
type Rule struct {
	Tolerance float64 // 0.2 for 20 percent; not negative
	Foreign   bool    // the baseline's samples are of another class of machine (recorded samples only)
}

// Judgement is what the rule says of the samples. Without usable samples the
// ratio and its interval are NaN, and the p-values 1.
type Judgement struct {
	Outcome   Outcome
	Used      int     // pairs, or candidate samples, that the outcome rests on
	Ratio     float64 // estimate of candidate/baseline
	Low, High float64 // where neither one-sided p is below 0.025; 0 and +Inf where samples are too few for a bound
	AboveLo   float64 // one-sided exact p that the ratio is not above 1+t/2
	BelowHi   float64 // one-sided exact p that it is not below 1+1.25t
}

// The ratios that are tested, in logarithms. Between lo and hi is what neither
// outcome has to rule out.
func (r Rule) lo() float64    { return math.Log(1 + r.Tolerance/2) }
func (r Rule) limit() float64 { return math.Log(1 + r.Tolerance) }
func (r Rule) hi() float64    { return math.Log(1 + 1.25*r.Tolerance) }

func (r Rule) usable() bool { return r.Tolerance >= 0 && !math.IsInf(r.hi(), 1) }

// Describe is Judge without the rule: ratio, interval and p-values of all
// samples (any number >= 1), Outcome Undecided. Its time grows with the third
// power of their number; 30 pairs take milliseconds.
func (r Rule) Describe(s Samples) Judgement {
	n := s.rounds()
	if s = s.first(n); !r.usable() || !s.usable() {
		nan := math.NaN()
		return Judgement{Used: n, Ratio: nan, Low: nan, High: nan, AboveLo: 1, BelowHi: 1}
	}
	e := newEvidence(s)
	estimate := e.estimate()
	low, high := e.interval(estimate)
	return Judgement{
		Used:    n,
		Ratio:   math.Exp(estimate),
		Low:     math.Exp(low),
		High:    math.Exp(high),
		AboveLo: e.above(r.lo()),
		BelowHi: e.below(r.hi()),
	}
}
