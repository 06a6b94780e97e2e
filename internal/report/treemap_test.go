package report

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// The example of the paper: 6, 6, 4, 3, 2, 2, 1 in a box of 6 by 4.
func TestSquarifyPaper(t *testing.T) {
	got := squarify([]float64{6, 6, 4, 3, 2, 2, 1}, box{0, 0, 6, 4})
	want := []box{{0, 0, 3, 2}, {0, 2, 3, 2}, {3, 0, 12. / 7, 7. / 3}, {3 + 12./7, 0, 9. / 7, 7. / 3}}
	for n, b := range want {
		require.InDeltaSlice(t, []float64{b.x, b.y, b.w, b.h}, []float64{got[n].x, got[n].y, got[n].w, got[n].h}, 1e-9, "box %d", n)
	}
}

func TestSquarify(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 200 {
		sizes := make([]float64, 1+random.IntN(40))
		sum := 0.0
		for n := range sizes {
			sizes[n] = 1 + random.Float64()*float64(int(1)<<random.IntN(12))
			sum += sizes[n]
		}
		slices.SortFunc(sizes, func(a, b float64) int { return int(b*1e3) - int(a*1e3) })
		in := box{random.Float64() * 9, 3, 100 + 900*random.Float64(), 100 + 900*random.Float64()}
		boxes := squarify(sizes, in)
		for n, b := range boxes {
			require.InDelta(t, in.area()*sizes[n]/sum, b.area(), in.area()*1e-9, "round %d: an area is not in proportion", round)
			require.True(t, b.x >= in.x-1e-6 && b.y >= in.y-1e-6 && b.x+b.w <= in.x+in.w+1e-6 && b.y+b.h <= in.y+in.h+1e-6, "round %d: outside", round)
			for _, other := range boxes[:n] {
				over := min(b.x+b.w, other.x+other.w) - max(b.x, other.x)
				high := min(b.y+b.h, other.y+other.h) - max(b.y, other.y)
				require.False(t, over > 1e-6 && high > 1e-6, "round %d: two boxes overlap", round)
			}
		}
	}
}

// Equal sizes in a wide box come out near square, not as slices.
func TestSquarifyIsSquare(t *testing.T) {
	sizes := slices.Repeat([]float64{1}, 24)
	for _, b := range squarify(sizes, box{0, 0, 960, 540}) {
		require.Less(t, max(b.w/b.h, b.h/b.w), 1.6)
	}
}

func TestSquarifyOfNothing(t *testing.T) {
	require.Empty(t, squarify(nil, box{0, 0, 1, 1}))
	require.Equal(t, []box{{}, {}}, squarify([]float64{0, -3}, box{0, 0, 1, 1}))
	got := squarify([]float64{5, 0}, box{1, 1, 2, 2})
	require.Equal(t, []box{{1, 1, 2, 2}, {}}, got)
}
