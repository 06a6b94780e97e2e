package stats

import "math"

// Needed estimates how many pairs (candidate samples) would settle what j leaves
// open; it may exceed the last look. 0 when it cannot be said.
//
// The interval is taken for that of a normal mean, whose width falls with the
// square root of the number of pairs, and the estimate for the true ratio.
func (r Rule) Needed(j Judgement) int {
	open := j.Outcome == Undecided || j.Outcome == Inconclusive
	estimate := math.Log(j.Ratio)
	if !open || r.blamesMachine(estimate) {
		return 0
	}
	z, distance := toPass.z, r.hi()-estimate
	if r.slower(estimate) {
		z, distance = toRegress.z, estimate-r.lo()
	}
	deviation := (math.Log(j.High) - math.Log(j.Low)) / 2 / 1.96
	pairs := math.Ceil(float64(j.Used) * math.Pow(z*deviation/distance, 2))
	if !(pairs <= math.MaxInt32) { // nor when it is NaN
		return 0
	}
	return atLook(max(int(pairs), j.Used+1))
}

// atLook is the first look after n pairs, n itself when there is none.
func atLook(n int) int {
	for _, look := range Looks {
		if look >= n {
			return look
		}
	}
	return n
}
