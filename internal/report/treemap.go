package report

import "math"

// box is a rectangle of a map, in any unit.
type box struct{ x, y, w, h float64 }

func (b box) area() float64 { return b.w * b.h }

// squarify cuts in into one box for each size, in their order, with areas in
// proportion to the sizes and no box longer than it must be. Sizes are to come
// largest first; what is not positive gets a box without area. The algorithm is
// that of Bruls, Huizing and van Wijk, "Squarified Treemaps" (2000): boxes join a
// row along the shorter side as long as that makes none of the row less square.
func squarify(sizes []float64, in box) []box {
	boxes := make([]box, len(sizes))
	left := 0.0
	for _, size := range sizes {
		left += max(size, 0)
	}
	for first := 0; first < len(sizes) && sizes[first] > 0 && left > 0; {
		scale, side := in.area()/left, min(in.w, in.h)
		last, sum := first+1, sizes[first]
		for last < len(sizes) && sizes[last] > 0 &&
			worst(sizes[first], sizes[last], sum+sizes[last], scale, side) <= worst(sizes[first], sizes[last-1], sum, scale, side) {
			sum += sizes[last]
			last++
		}
		in = in.row(sizes[first:last], sum, sum/left, boxes[first:last])
		first, left = last, left-sum
	}
	return boxes
}

// worst is how far the least square box of a row is from a square: the ratio of
// its sides, 1 or more. Of a row only the largest and the smallest can be that.
func worst(largest, smallest, sum, scale, side float64) float64 {
	s, d := sum*scale, side*side
	return math.Max(d*largest*scale/(s*s), s*s/(d*smallest*scale))
}

// row puts a row of sizes that takes share of b along its shorter side, and
// returns what is left of b.
func (b box) row(sizes []float64, sum, share float64, into []box) box {
	at := 0.0
	for n, size := range sizes {
		from, part := at/sum, size/sum
		if b.w >= b.h { // a column at the left
			into[n] = box{b.x, b.y + from*b.h, b.w * share, b.h * part}
		} else {
			into[n] = box{b.x + from*b.w, b.y, b.w * part, b.h * share}
		}
		at += size
	}
	if b.w >= b.h {
		return box{b.x + b.w*share, b.y, b.w * (1 - share), b.h}
	}
	return box{b.x, b.y + b.h*share, b.w, b.h * (1 - share)}
}
