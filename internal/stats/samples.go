// Package stats says whether a candidate is slower than its baseline by more
// than a tolerance, from times that are few, noisy and drifting. It is pure:
// no clock, no files, nothing of images or budgets.
//
// The test is the aligned-rank test of Hodges & Lehmann, "Rank methods for
// combination of independent experiments in analysis of variance" (Annals of
// Mathematical Statistics 33, 1962): times are compared inside blocks of
// neighbouring rounds, between which a machine may change its speed. Its
// p-values are exact, from every relabelling inside the blocks; with a single
// block it is the rank-sum test of Wilcoxon (1945) and Mann & Whitney (1947).
package stats

import "math"

// Samples are times in seconds of the baseline and of the candidate. A time is
// positive and finite; with any other, or an empty arm, nothing is decided.
type Samples struct {
	Baseline, Candidate []float64

	// Paired is that Baseline[i] and Candidate[i] were measured in round i; a
	// time without its partner does not count yet. Otherwise all samples are
	// one block, and there may be more of one than of the other.
	Paired bool
}

// rounds is what the looks count: pairs, or samples of the candidate.
func (s Samples) rounds() int {
	if s.Paired {
		return min(len(s.Baseline), len(s.Candidate))
	}
	return len(s.Candidate)
}

// first is the samples after n rounds; an unpaired baseline was there before.
func (s Samples) first(n int) Samples {
	s.Candidate = s.Candidate[:n]
	if s.Paired {
		s.Baseline = s.Baseline[:n]
	}
	return s
}

func (s Samples) usable() bool {
	return len(s.Baseline) > 0 && len(s.Candidate) > 0 && positive(s.Baseline) && positive(s.Candidate)
}

func positive(times []float64) bool {
	for _, t := range times {
		if !(t > 0) || math.IsInf(t, 1) { // NaN is not above 0
			return false
		}
	}
	return true
}

// perBlock is how many pairs a block has at least, where there are as many:
// few, so that a change of speed spoils one block, and enough for five
// separated pairs to have a p-value of 1/252.
const perBlock = 5

// block is a stretch of rounds, as logarithms of times.
type block struct {
	baseline, candidate []float64
}

func (s Samples) blocks() []block {
	baseline, candidate := logs(s.Baseline), logs(s.Candidate)
	if !s.Paired {
		return []block{{baseline, candidate}}
	}
	n := s.rounds()
	all := make([]block, max(1, n/perBlock))
	for i := range all {
		from, to := i*n/len(all), (i+1)*n/len(all)
		all[i] = block{baseline[from:to], candidate[from:to]}
	}
	return all
}

func logs(times []float64) []float64 {
	all := make([]float64, len(times))
	for i, t := range times {
		all[i] = math.Log(t)
	}
	return all
}
