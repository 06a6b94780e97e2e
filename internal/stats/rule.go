package stats

import "math"

// Looks are the numbers of pairs (or, unpaired, of candidate samples) after
// which the rule may decide; the last look decides in any case.
var Looks = []int{5, 6, 8, 10, 12, 15, 20, 25, 30}

// threshold is what a p-value must not exceed for an outcome, and the standard
// normal quantile of the early one, for forecasts.
type threshold struct{ early, last, z float64 }

// Early looks ask for strong evidence, as each is one more chance to be wrong;
// the last is the only one left, and few runs get there. BenchmarkSimulation
// prints what these figures are worth.
var (
	toRegress = threshold{early: 0.00109, last: 0.05, z: 3.07}
	toPass    = threshold{early: 0.0135, last: 0.20, z: 2.21}
)

// ForeignFactor is how much two classes of machines may differ in speed before
// the difference is put down to the image.
const ForeignFactor = 1.6

// rounding is how far a logarithm may be over a limit that the ratio keeps
// exactly.
const rounding = 1e-9

// Judge goes through the looks in order and returns the first decision; with
// none it describes all samples, Outcome Undecided (Inconclusive after the last
// look). Of an arm, no more than the last look's number of samples count.
func (r Rule) Judge(s Samples) Judgement {
	most := Looks[len(Looks)-1]
	s.Baseline = s.Baseline[:min(len(s.Baseline), most)]
	s.Candidate = s.Candidate[:min(len(s.Candidate), most)]
	outcome, used := r.decide(s.first(s.rounds()))
	j := r.Describe(s.first(used))
	j.Outcome = outcome
	return j
}

// decide is the first decision and the rounds that it took.
func (r Rule) decide(s Samples) (Outcome, int) {
	n, most := s.rounds(), Looks[len(Looks)-1]
	if r.usable() && s.usable() {
		for _, look := range Looks {
			if look > n {
				return Undecided, n
			}
			if outcome := r.look(newEvidence(s.first(look)), look == most); outcome != Undecided {
				return outcome, look
			}
		}
	}
	if n == most {
		return Inconclusive, n
	}
	return Undecided, n
}

// look is what one look at the samples decides.
func (r Rule) look(e *evidence, last bool) Outcome {
	met := func(p float64, t threshold) bool { return p <= t.early || last && p <= t.last }
	estimate := e.estimate()
	switch {
	case !r.slower(estimate):
		if met(e.below(r.hi()), toPass) {
			return Pass
		}
	case met(e.above(r.lo()), toRegress):
		if r.blamesMachine(estimate) {
			return Inconclusive
		}
		return Regression
	}
	if last {
		return Inconclusive
	}
	return Undecided
}

// slower is that the estimate is over the tolerance; exactly at it is not.
func (r Rule) slower(estimate float64) bool { return estimate > r.limit()+rounding }

// blamesMachine is that a slower candidate may be one on a slower machine, which
// no number of samples tells apart.
func (r Rule) blamesMachine(estimate float64) bool {
	return r.Foreign && r.slower(estimate) && estimate <= r.limit()+math.Log(ForeignFactor)+rounding
}
