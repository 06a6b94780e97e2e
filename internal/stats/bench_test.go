package stats

import (
	"math"
	"testing"
)

// BenchmarkJudge is what stands between two trials.
func BenchmarkJudge(b *testing.B) {
	for _, c := range []struct {
		name    string
		samples Samples
	}{
		{"5 pairs, pass", paired(1, 5)},
		{"6 pairs, regression", paired(1.5, 6)},
		{"30 pairs, inconclusive", mixed(0.9, 1.7, 30)},
		{"10 recorded and 30", unpaired(around(7, 10), mixed(0.9, 1.7, 30).Candidate)},
		{"30 recorded and 30", unpaired(around(7, 30), mixed(0.9, 1.7, 30).Candidate)},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				Rule{Tolerance: 0.2}.Judge(c.samples)
			}
		})
	}
}

// BenchmarkDescribe is Judge without the looks. Ties are the slow case: they
// make a distribution for every ratio where there was one for all.
func BenchmarkDescribe(b *testing.B) {
	for _, c := range []struct {
		name    string
		samples Samples
	}{
		{"30 pairs", paired(1.1, 30)},
		{"10 recorded and 30", recorded(1.1, 10, 30)},
		{"10 recorded and 30, with ties", unpaired(coarse(around(7, 10)), coarse(around(7, 30)))},
		{"30 recorded and 30, with ties", unpaired(coarse(around(7, 30)), coarse(around(7, 30)))},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				Rule{Tolerance: 0.2}.Describe(c.samples)
			}
		})
	}
}

func unpaired(baseline, candidate []float64) Samples {
	return Samples{Baseline: baseline, Candidate: candidate}
}

// coarse is times of a clock that tells tens of milliseconds apart.
func coarse(times []float64) []float64 {
	all := make([]float64, len(times))
	for i, t := range times {
		all[i] = math.Round(100*t) / 100
	}
	return all
}
