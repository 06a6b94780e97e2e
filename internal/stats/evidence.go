package stats

import "math"

// confidence is the one-sided p below which a ratio is outside the interval.
const confidence = 0.025

// How closely logarithms of ratios are found. An end of the interval costs an
// exact distribution for each step towards it, and nothing is decided by it.
const (
	estimatePrecision = 1e-10
	intervalPrecision = 1e-5
)

// evidence is what usable samples say of any ratio, all in logarithms.
type evidence struct {
	blocks       []block
	candidates   []int   // in each block
	mean         int     // of w, in doubled ranks, when the tested ratio is true
	bottom, top  float64 // outside of these no two times change places any more
	distribution *null   // the last one: a block alone without ties has but one
}

func newEvidence(s Samples) *evidence {
	e := &evidence{blocks: s.blocks(), bottom: math.Inf(1), top: math.Inf(-1)}
	k, n := 0, 0
	for _, b := range e.blocks {
		e.candidates = append(e.candidates, len(b.candidate))
		k += len(b.candidate)
		n += len(b.candidate) + len(b.baseline)
		for _, c := range b.candidate {
			for _, a := range b.baseline {
				e.bottom, e.top = min(e.bottom, c-a), max(e.top, c-a)
			}
		}
	}
	e.bottom, e.top = e.bottom-1, e.top+1
	// A doubled rank is n+1 on average. That holds for several blocks too, as
	// half of the ranks of each are then the candidate's.
	e.mean = k * (n + 1)
	return e
}

func (e *evidence) ranked(x float64) (*null, int) {
	r := rank(e.blocks, x)
	if !e.distribution.of(r.blocks) {
		e.distribution = newNull(r.blocks, e.candidates)
	}
	return e.distribution, r.w
}

// above is the exact one-sided p that the ratio is not above x.
func (e *evidence) above(x float64) float64 {
	null, w := e.ranked(x)
	return null.above(w)
}

// below is the exact one-sided p that the ratio is not below x.
func (e *evidence) below(x float64) float64 {
	null, w := e.ranked(x)
	return null.below(w)
}

// estimate is where w comes down to its mean (Hodges & Lehmann, "Estimates of
// location based on rank tests", Annals of Mathematical Statistics 34, 1963).
// Where it stays there for a stretch, as it may with an even number of pairs,
// that is the lower end, so that what is called slower is slower all along it.
func (e *evidence) estimate() float64 {
	return crossing(e.bottom, e.top, estimatePrecision, func(x float64) bool { return rank(e.blocks, x).w > e.mean })
}

// interval is the ratios that neither one-sided p contradicts, infinite to the
// side where the samples are too few to contradict any.
func (e *evidence) interval(estimate float64) (low, high float64) {
	low, high = math.Inf(-1), math.Inf(1)
	if e.above(e.bottom) < confidence {
		low = crossing(e.bottom, estimate, intervalPrecision, func(x float64) bool { return e.above(x) < confidence })
	}
	if e.below(e.top) < confidence {
		high = crossing(estimate, e.top, intervalPrecision, func(x float64) bool { return e.below(x) >= confidence })
	}
	return low, high
}

// crossing is where, between low and high and to a precision, a condition that
// holds at low ceases to hold.
func crossing(low, high, precision float64, holds func(x float64) bool) float64 {
	for high-low > precision {
		if x := (low + high) / 2; holds(x) {
			low = x
		} else {
			high = x
		}
	}
	return (low + high) / 2
}
