package stats

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAgainstBruteForce holds the p-values against a count of all relabellings,
// written without anything of the package.
func TestAgainstBruteForce(t *testing.T) {
	for _, c := range []struct {
		name                string
		baseline, candidate []float64
		blocks              []int // pairs in each block; nil for unpaired
	}{
		{"one pair", seconds(7), seconds(8), []int{1}},
		{"two pairs", seconds(7, 9), seconds(8, 8.5), []int{2}},
		{"one block", seconds(7, 7.3, 6.9, 7.1, 9), seconds(8.2, 8.9, 7, 8.4, 8.1), []int{5}},
		{"one block of six", seconds(7, 7.3, 6.9, 7.1, 9, 7.2), seconds(8.2, 8.9, 7, 8.4, 8.1, 8.3), []int{6}},
		{"one block with ties", seconds(7, 7, 7, 8, 8), seconds(7, 8, 8, 9, 7), []int{5}},
		{"nothing but ties", seconds(7, 7, 7, 7, 7), seconds(7, 7, 7, 7, 7), []int{5}},
		{"two blocks", seconds(7, 7.3, 6.9, 7.1, 9, 9.1, 9.4, 9, 8.8, 30), seconds(8.2, 8.9, 7, 8.4, 8.1, 10, 11.5, 10.8, 9.05, 10.2), []int{5, 5}},
		{"two blocks with ties", seconds(7, 7, 7, 8, 9, 9, 9, 9, 8, 10), seconds(7, 8, 8, 8, 7, 9, 10, 10, 11, 9), []int{5, 5}},
		{"two unequal blocks", seconds(7, 7.3, 6.9, 7.1, 9, 9.1, 9.4, 9, 8.8, 30, 9.2), seconds(8.2, 8.9, 7, 8.4, 8.1, 10, 11.5, 10.8, 9.05, 10.2, 9.7), []int{5, 6}},
		{"unpaired", seconds(7, 7.3, 6.9), seconds(8.2, 8.9, 7, 8.4, 8.1), nil},
		{"unpaired, more of the baseline", seconds(7, 7.3, 6.9, 7.1, 9, 7.2, 7.4), seconds(8.2, 7.05), nil},
		{"unpaired, one of the baseline", seconds(7), seconds(8.2, 8.9, 7.5, 8.4, 6, 8.1), nil},
		{"unpaired with ties", seconds(7, 8, 8, 8), seconds(7, 7, 8, 9, 9, 10), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := Samples{Baseline: c.baseline, Candidate: c.candidate, Paired: c.blocks != nil}
			for _, tolerance := range []float64{0, 0.1, 0.2, 0.5} {
				got := Rule{Tolerance: tolerance}.Describe(s)
				above, _ := bruteForce(c.baseline, c.candidate, c.blocks, 1+tolerance/2)
				_, below := bruteForce(c.baseline, c.candidate, c.blocks, 1+1.25*tolerance)
				require.InDelta(t, above, got.AboveLo, 1e-12)
				require.InDelta(t, below, got.BelowHi, 1e-12)
			}
		})
	}
}

func seconds(times ...float64) []float64 { return times }

// bruteForce is the share of relabellings in which the candidate's ranks add up
// to as much as they do, or more; and to as much, or less.
func bruteForce(baseline, candidate []float64, pairs []int, ratio float64) (above, below float64) {
	type arm struct{ from, candidates, size int } // candidates first
	var residuals []float64
	var blocks []arm
	add := func(baseline, candidate []float64) {
		from := len(residuals)
		blocks = append(blocks, arm{from, len(candidate), len(candidate) + len(baseline)})
		for _, c := range candidate {
			residuals = append(residuals, math.Log(c)-math.Log(ratio))
		}
		for _, b := range baseline {
			residuals = append(residuals, math.Log(b))
		}
		sorted := slices.Sorted(slices.Values(residuals[from:]))
		centre := (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
		for i := range residuals[from:] {
			residuals[from+i] -= centre
		}
	}
	if pairs == nil {
		add(baseline, candidate)
	}
	for _, n := range pairs {
		add(baseline[:n], candidate[:n])
		baseline, candidate = baseline[n:], candidate[n:]
	}
	ranks := make([]float64, len(residuals))
	for i, x := range residuals {
		for _, y := range residuals {
			switch {
			case math.Abs(x-y) < 1e-12:
				ranks[i] += 0.5
			case y < x:
				ranks[i]++
			}
		}
	}
	var w float64
	for _, b := range blocks {
		for _, rank := range ranks[b.from : b.from+b.candidates] {
			w += rank
		}
	}
	sums := []float64{0} // of every relabelling of the blocks so far
	for _, b := range blocks {
		var longer []float64
		for _, chosen := range choices(ranks[b.from:b.from+b.size], b.candidates) {
			for _, sum := range sums {
				longer = append(longer, sum+chosen)
			}
		}
		sums = longer
	}
	for _, sum := range sums {
		if sum >= w-1e-9 {
			above++
		}
		if sum <= w+1e-9 {
			below++
		}
	}
	return above / float64(len(sums)), below / float64(len(sums))
}

// choices is the sum of each choice of k of the values.
func choices(values []float64, k int) []float64 {
	if k == 0 {
		return []float64{0}
	}
	if k > len(values) {
		return nil
	}
	sums := choices(values[1:], k)
	for _, sum := range choices(values[1:], k-1) {
		sums = append(sums, sum+values[0])
	}
	return sums
}

// TestSeparatedArms: when every candidate is slower than every baseline beside
// it, one relabelling of all is as extreme. Less cannot be reached.
func TestSeparatedArms(t *testing.T) {
	for _, c := range []struct {
		pairs        int
		relabellings float64
	}{
		{1, 2}, {2, 6}, {3, 20}, {4, 70}, {5, 252}, {6, 924}, {7, 3432}, {8, 12870}, {9, 48620}, {10, 252 * 252}, {12, 924 * 924}, {15, 252 * 252 * 252},
	} {
		t.Run(fmt.Sprint(c.pairs), func(t *testing.T) {
			s := Samples{Paired: true}
			for i := range c.pairs {
				s.Baseline = append(s.Baseline, 7+0.01*float64(i*7%10))
				s.Candidate = append(s.Candidate, 14+0.01*float64(i*3%10))
			}
			got := Rule{Tolerance: 0.2}.Describe(s)
			require.InEpsilon(t, 1/c.relabellings, got.AboveLo, 1e-12)
			require.InDelta(t, 1, got.BelowHi, 1e-12)
		})
	}
}
