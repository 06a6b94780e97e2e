package stats

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// vector is an input with what a reference implementation made of it, which was
// checked against brute force.
type vector struct {
	Baseline, Candidate []float64
	Tolerance           float64
	AboveLo             float64    `json:"p_above_lo"`
	BelowHi             float64    `json:"p_below_hi"`
	Ratio               float64    // not with ties
	Interval            [2]float64 // not with ties
	Verdict             Outcome
	Pairs               int // that the verdict took
}

func (v vector) samples() Samples {
	return Samples{Baseline: v.Baseline, Candidate: v.Candidate, Paired: true}
}

func vectors(t *testing.T) map[string][]vector {
	data, err := os.ReadFile("testdata/decision-vectors.json")
	require.NoError(t, err)
	var groups struct{ Single, Ties, Sequences []vector }
	require.NoError(t, json.Unmarshal(data, &groups))
	require.Len(t, groups.Single, 40)
	require.Len(t, groups.Ties, 3)
	require.Len(t, groups.Sequences, 20)
	return map[string][]vector{"single": groups.Single, "ties": groups.Ties, "sequences": groups.Sequences}
}

func TestVectorsOfSamples(t *testing.T) {
	all := vectors(t)
	var p, ratio, interval float64 // the largest differences
	for _, group := range []string{"single", "ties"} {
		for i, v := range all[group] {
			t.Run(fmt.Sprintf("%s %d", group, i), func(t *testing.T) {
				got := Rule{Tolerance: v.Tolerance}.Describe(v.samples())
				require.Equal(t, Undecided, got.Outcome)
				require.Equal(t, len(v.Baseline), got.Used)
				require.InDelta(t, v.AboveLo, got.AboveLo, 1e-9)
				require.InDelta(t, v.BelowHi, got.BelowHi, 1e-9)
				p = max(p, math.Abs(v.AboveLo-got.AboveLo), math.Abs(v.BelowHi-got.BelowHi))
				if v.Ratio == 0 {
					return
				}
				require.InEpsilon(t, v.Ratio, got.Ratio, 1e-3)
				require.InEpsilon(t, v.Interval[0], got.Low, 1e-3)
				require.InEpsilon(t, v.Interval[1], got.High, 1e-3)
				ratio = max(ratio, math.Abs(got.Ratio/v.Ratio-1))
				interval = max(interval, math.Abs(got.Low/v.Interval[0]-1), math.Abs(got.High/v.Interval[1]-1))
			})
		}
	}
	t.Logf("largest differences: p %.2g, ratio %.2g, interval %.2g (the latter two relative)", p, ratio, interval)
}

// TestVectorsOfSequences gives the pairs one by one, as a run does: undecided
// until the pair that decides, and the same decision however many follow.
func TestVectorsOfSequences(t *testing.T) {
	for i, v := range vectors(t)["sequences"] {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			rule := Rule{Tolerance: v.Tolerance}
			for n := 1; n <= len(v.Baseline); n++ {
				s := v.samples()
				s.Baseline, s.Candidate = s.Baseline[:n], s.Candidate[:n]
				got := rule.Judge(s)
				if n < v.Pairs {
					require.Equalf(t, Undecided, got.Outcome, "after %d pairs", n)
					require.Equal(t, n, got.Used)
					continue
				}
				require.Equalf(t, v.Verdict, got.Outcome, "after %d pairs", n)
				require.Equal(t, v.Pairs, got.Used)
			}
		})
	}
}
