package stats

import "slices"

// distribution is of an integer: p[i] is the probability of from+i.
type distribution struct {
	from int
	p    []float64
}

// subsetSums is the distribution of the sum of k of the ascending values when
// every choice of k is equally likely. Row j, after i values, is of a choice of
// j among these i, which the i-th is in with probability j/i. So no count grows
// out of a float64, and as nothing is subtracted, small probabilities are as
// precise as large ones.
func subsetSums(values []int, k int) distribution {
	n, least := len(values), values[0]
	lowest, highest := 0, 0
	for i := range k {
		lowest += values[i] - least
		highest += values[n-1-i] - least
	}
	rows := make([][]float64, k+1)
	for j := range rows {
		rows[j] = make([]float64, highest+1)
	}
	rows[0][0] = 1
	reach := make([]int, k+1) // the largest sum of each row so far
	for i, v := range values {
		v -= least
		// Rows from which k can no longer be reached are left behind.
		for j := min(i+1, k); j >= max(1, k-(n-1-i)); j-- {
			in := float64(j) / float64(i+1)
			row, fewer := rows[j], rows[j-1][:reach[j-1]+1]
			for s := range row[:reach[j]+1] {
				row[s] *= 1 - in
			}
			row = row[v:]
			for s, p := range fewer {
				row[s] += in * p
			}
			reach[j] = reach[j-1] + v
		}
	}
	return distribution{from: k*least + lowest, p: rows[k][lowest:]}
}

// plus is the distribution of the sum of two independent integers.
func (d distribution) plus(e distribution) distribution {
	sum := make([]float64, len(d.p)+len(e.p)-1)
	for i, p := range d.p {
		if p == 0 {
			continue
		}
		row := sum[i : i+len(e.p)]
		for j, q := range e.p {
			row[j] += p * q
		}
	}
	return distribution{from: d.from + e.from, p: sum}
}

func (d distribution) negated() distribution {
	p := slices.Clone(d.p)
	slices.Reverse(p)
	return distribution{from: -(d.from + len(d.p) - 1), p: p}
}

// atLeast is the probability that a and b, independent, add up to w or more.
// It spares the convolution of a and b, by far the largest.
func atLeast(a, b distribution, w int) float64 {
	tail := make([]float64, len(b.p)+1) // tail[i] is the probability of b.from+i or more
	for i := len(b.p) - 1; i >= 0; i-- {
		tail[i] = tail[i+1] + b.p[i]
	}
	var sum float64
	for i, p := range a.p {
		rest := w - (a.from + i) - b.from
		sum += p * tail[min(max(rest, 0), len(b.p))]
	}
	return min(sum, 1)
}

// null is the distribution of w when the arms differ by the tested ratio and no
// more, as that of two parts which add up to it. Ranks without halves count in
// whole steps of two.
type null struct {
	ranks [][]int
	step  int
	parts [2]distribution
}

// newNull takes the ranks of each block and how many of them are of candidates.
func newNull(ranks [][]int, candidates []int) *null {
	n := &null{ranks: ranks, step: step(ranks)}
	for i := range n.parts {
		n.parts[i] = distribution{p: []float64{1}}
	}
	for i, values := range ranks {
		whole := make([]int, len(values))
		for j, v := range values {
			whole[j] = v / n.step
		}
		part := &n.parts[i%2]
		*part = part.plus(subsetSums(whole, candidates[i]))
	}
	return n
}

func step(ranks [][]int) int {
	for _, values := range ranks {
		for _, v := range values {
			if v%2 != 0 {
				return 1
			}
		}
	}
	return 2
}

// above is the one-sided p of a candidate this slow or slower.
func (n *null) above(w int) float64 { return atLeast(n.parts[0], n.parts[1], w/n.step) }

// below is the one-sided p of a candidate this fast or faster.
func (n *null) below(w int) float64 {
	return atLeast(n.parts[0].negated(), n.parts[1].negated(), -(w / n.step))
}

func (n *null) of(ranks [][]int) bool {
	return n != nil && slices.EqualFunc(n.ranks, ranks, slices.Equal)
}
