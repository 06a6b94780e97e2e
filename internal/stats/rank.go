package stats

import (
	"cmp"
	"slices"
)

// tied is the difference of two logarithms up to which they are one value that
// rounding split. Clocks tell nanoseconds apart, which is 1e-10 of ten seconds.
const tied = 1e-12

// ranking is the aligned ranks under the hypothesis of one ratio. Ranks are
// doubled, so that the middle of two ties is an integer as well.
type ranking struct {
	blocks [][]int // the ranks of each block, both arms together, ascending
	w      int     // the sum of the candidate's ranks
}

// residual is a time without the ratio that is tested and without the speed of
// its block.
type residual struct {
	value     float64
	block     int
	candidate bool
}

// rank takes the logarithm of the ratio that is tested. A higher one never
// makes w larger: no candidate moves up past a baseline, in its own block or in
// another.
func rank(blocks []block, logRatio float64) ranking {
	all := align(blocks, logRatio)
	slices.SortFunc(all, func(a, b residual) int { return cmp.Compare(a.value, b.value) })
	r := ranking{blocks: make([][]int, len(blocks))}
	for from := 0; from < len(all); {
		to := from + 1
		for to < len(all) && all[to].value-all[to-1].value <= tied {
			to++
		}
		doubled := from + 1 + to // the ranks from+1 to `to` share their middle
		for _, x := range all[from:to] {
			r.blocks[x.block] = append(r.blocks[x.block], doubled)
			if x.candidate {
				r.w += doubled
			}
		}
		from = to
	}
	return r
}

// align centres each block on the median of both its arms. As that does not
// ask which arm a time is of, every relabelling has the same ranks.
func align(blocks []block, logRatio float64) []residual {
	var all []residual
	var values []float64
	for i, b := range blocks {
		from := len(all)
		values = values[:0]
		for _, x := range b.candidate {
			all = append(all, residual{x - logRatio, i, true})
			values = append(values, x-logRatio)
		}
		for _, x := range b.baseline {
			all = append(all, residual{x, i, false})
			values = append(values, x)
		}
		centre := median(values)
		for j := range all[from:] {
			all[from+j].value -= centre
		}
	}
	return all
}

// median sorts values.
func median(values []float64) float64 {
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}
