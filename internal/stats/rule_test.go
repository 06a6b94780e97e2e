package stats

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// around is n times within 2 % of centre, all different.
func around(centre float64, n int) []float64 {
	times := make([]float64, n)
	for i := range times {
		times[i] = centre * (1 + 0.002*(float64(i*7%19)-9) + 1e-5*float64(i))
	}
	return times
}

func paired(ratio float64, n int) Samples {
	return Samples{Baseline: around(7, n), Candidate: around(7*ratio, n), Paired: true}
}

func recorded(ratio float64, baseline, candidate int) Samples {
	return Samples{Baseline: around(7, baseline), Candidate: around(7*ratio, candidate)}
}

// mixed is half of the candidates at one ratio and half at another, which no
// number of pairs settles.
func mixed(a, b float64, n int) Samples {
	s := paired(a, n)
	for i := 0; i < n; i += 2 {
		s.Candidate[i] *= b / a
	}
	return s
}

func TestJudge(t *testing.T) {
	home, away := Rule{Tolerance: 0.2}, Rule{Tolerance: 0.2, Foreign: true}
	for _, c := range []struct {
		name    string
		rule    Rule
		samples Samples
		outcome Outcome
		used    int
	}{
		{"no pair", home, Samples{Paired: true}, Undecided, 0},
		{"before the first look", home, paired(3, 4), Undecided, 4},
		{"the same, at the first look", home, paired(1, 5), Pass, 5},
		{"faster", home, paired(0.5, 5), Pass, 5},
		{"five pairs cannot make a regression", home, paired(3, 5), Undecided, 5},
		{"slower", home, paired(1.5, 6), Regression, 6},
		{"a decision stands, whatever comes after it", home, Samples{Baseline: around(7, 30), Candidate: append(around(7, 5), around(70, 25)...), Paired: true}, Pass, 5},
		{"a pair of which half is measured", home, Samples{Baseline: around(7, 5), Candidate: around(7, 4), Paired: true}, Undecided, 4},
		{"between two looks", home, mixed(0.9, 1.7, 7), Undecided, 7},
		{"the last look", home, mixed(0.9, 1.7, 30), Inconclusive, 30},
		{"more than the last look", home, mixed(0.9, 1.7, 45), Inconclusive, 30},
		{"only the first thirty count", home, Samples{Baseline: around(7, 90), Candidate: append(mixed(0.9, 1.7, 30).Candidate, around(70, 60)...), Paired: true}, Inconclusive, 30},
		{"no tolerance, slower", Rule{}, paired(1.2, 6), Regression, 6},
		{"no tolerance, faster", Rule{}, paired(0.8, 5), Pass, 5},

		{"recorded, the same", home, recorded(1, 10, 5), Pass, 5},
		{"recorded, slower", home, recorded(1.5, 10, 5), Regression, 5},
		{"recorded, more than the last look", home, recorded(1.5, 40, 40), Regression, 5},
		{"one recorded sample is not enough to pass early", home, recorded(1, 1, 25), Undecided, 25},
		{"one recorded sample is not enough to fail early", home, recorded(3, 1, 25), Undecided, 25},
		{"one recorded sample and a clear regression", home, recorded(1.5, 1, 30), Regression, 30},
		{"one recorded sample amid the candidates", home, Samples{Baseline: around(7, 1), Candidate: mixed(0.9, 1.7, 30).Candidate}, Inconclusive, 30},

		{"foreign, the same", away, recorded(1, 10, 5), Pass, 5},
		{"foreign, 1.5 times may be the machine", away, recorded(1.5, 10, 5), Inconclusive, 5},
		{"foreign, 1.9 times may be the machine", away, recorded(1.9, 10, 30), Inconclusive, 5},
		{"foreign, twice is the image", away, recorded(2, 10, 5), Regression, 5},
		{"foreign, too few to call it slower", away, recorded(1.5, 1, 25), Undecided, 25},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := c.rule.Judge(c.samples)
			require.Equal(t, c.outcome, got.Outcome)
			require.Equal(t, c.used, got.Used)
		})
	}
}

// TestExactlyTheTolerance: a candidate at it to the last digit is no regression
// on any number of pairs, and one a millionth above it is.
func TestExactlyTheTolerance(t *testing.T) {
	for _, tolerance := range []float64{0.05, 0.1, 0.2, 0.3, 1} {
		at := func(ratio float64) Samples {
			s := Samples{Baseline: around(7.123457, 30), Paired: true}
			for _, x := range s.Baseline {
				s.Candidate = append(s.Candidate, x*ratio)
			}
			return s
		}
		require.NotEqual(t, Regression, Rule{Tolerance: tolerance}.Judge(at(1+tolerance)).Outcome)
		require.NotEqual(t, Pass, Rule{Tolerance: tolerance}.Judge(at(1+tolerance+1e-6)).Outcome)
	}
}

func TestUnusable(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, bad := range []float64{0, -1, nan, inf, -inf} {
		for _, n := range []int{1, 5, 29, 30, 31} {
			for _, where := range []string{"baseline", "candidate"} {
				t.Run(fmt.Sprintf("%v in the %s of %d", bad, where, n), func(t *testing.T) {
					s := paired(1, n)
					if where == "baseline" {
						s.Baseline[n/2] = bad
					} else {
						s.Candidate[n/2] = bad
					}
					requireNothing(t, Rule{Tolerance: 0.2}, s)
					s.Paired = false
					requireNothing(t, Rule{Tolerance: 0.2}, s)
				})
			}
		}
	}
	for _, tolerance := range []float64{-0.1, -5, nan, inf, math.MaxFloat64} {
		t.Run(fmt.Sprintf("a tolerance of %v", tolerance), func(t *testing.T) {
			requireNothing(t, Rule{Tolerance: tolerance}, paired(1, 10))
			requireNothing(t, Rule{Tolerance: tolerance}, paired(1, 30))
		})
	}
	t.Run("no samples", func(t *testing.T) {
		requireNothing(t, Rule{Tolerance: 0.2}, Samples{})
		requireNothing(t, Rule{Tolerance: 0.2}, Samples{Paired: true})
	})
	t.Run("an empty arm", func(t *testing.T) {
		requireNothing(t, Rule{Tolerance: 0.2}, Samples{Candidate: around(7, 12)})
		requireNothing(t, Rule{Tolerance: 0.2}, Samples{Candidate: around(7, 30)})
		requireNothing(t, Rule{Tolerance: 0.2}, Samples{Baseline: around(7, 30)})
	})
}

// requireNothing is that samples decide nothing and look like no evidence.
func requireNothing(t *testing.T, r Rule, s Samples) {
	t.Helper()
	got := r.Judge(s)
	want := Undecided
	if s.rounds() >= 30 {
		want = Inconclusive
	}
	require.Equal(t, want, got.Outcome)
	require.Equal(t, min(s.rounds(), 30), got.Used)
	for _, x := range []float64{got.Ratio, got.Low, got.High} {
		require.True(t, math.IsNaN(x))
	}
	require.InDelta(t, 1, got.AboveLo, 0)
	require.InDelta(t, 1, got.BelowHi, 0)
	require.Zero(t, r.Needed(got))
}

func TestTooFewForABound(t *testing.T) {
	for _, c := range []struct {
		name      string
		samples   Samples
		low, high bool // bounded
	}{
		{"one pair", paired(1.1, 1), false, false},
		{"three pairs", paired(1.1, 3), false, false}, // 1/20
		{"four pairs", paired(1.1, 4), true, true},    // 1/70
		{"one recorded", recorded(1.1, 1, 30), false, false},
		{"two recorded", recorded(1.1, 2, 30), true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Rule{Tolerance: 0.2}.Describe(c.samples)
			require.Equal(t, c.low, got.Low > 0)
			require.Equal(t, c.high, !math.IsInf(got.High, 1))
			require.LessOrEqual(t, got.Low, got.Ratio)
			require.GreaterOrEqual(t, got.High, got.Ratio)
		})
	}
}

func TestInvariances(t *testing.T) {
	rule := Rule{Tolerance: 0.2}
	for i, v := range vectors(t)["single"] {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			got := rule.Describe(v.samples())
			scaled := v.samples()
			scaled.Baseline, scaled.Candidate = times(1000, v.Baseline), times(1000, v.Candidate)
			requireSame(t, got, rule.Describe(scaled))

			swapped := rule.Describe(Samples{Baseline: v.Candidate, Candidate: v.Baseline, Paired: true})
			require.InEpsilon(t, 1/got.High, swapped.Low, 1e-4)
			require.InEpsilon(t, 1/got.Low, swapped.High, 1e-4)
			// An even number of pairs has two middle ratios. The lower one
			// is taken, which is the upper one when the arms are swapped.
			if len(v.Baseline)%2 == 1 {
				require.InEpsilon(t, 1/got.Ratio, swapped.Ratio, 1e-8)
			} else {
				require.GreaterOrEqual(t, 1/swapped.Ratio, got.Ratio*(1-1e-8))
				require.Less(t, 1/swapped.Ratio, got.High)
			}

			unchanged := rule.Describe(Samples{Baseline: v.Baseline, Candidate: v.Baseline, Paired: true})
			require.InDelta(t, 1, unchanged.Ratio, 1e-8)
		})
	}
}

func times(factor float64, of []float64) []float64 {
	all := make([]float64, len(of))
	for i, x := range of {
		all[i] = factor * x
	}
	return all
}

func requireSame(t *testing.T, a, b Judgement) {
	t.Helper()
	require.InEpsilon(t, a.Ratio, b.Ratio, 1e-8)
	require.InEpsilon(t, a.Low, b.Low, 1e-4)
	require.InEpsilon(t, a.High, b.High, 1e-4)
	require.InDelta(t, a.AboveLo, b.AboveLo, 1e-12)
	require.InDelta(t, a.BelowHi, b.BelowHi, 1e-12)
}

// TestOrderInABlock: which round of a block a time is of says nothing.
func TestOrderInABlock(t *testing.T) {
	s := mixed(1, 1.3, 10)
	got := Rule{Tolerance: 0.2}.Describe(s)
	s.Candidate[0], s.Candidate[4] = s.Candidate[4], s.Candidate[0]
	s.Baseline[7], s.Baseline[9] = s.Baseline[9], s.Baseline[7]
	requireSame(t, got, Rule{Tolerance: 0.2}.Describe(s))
}

// TestStepOfSpeed: a machine that runs at half its speed after five rounds
// hides nothing and invents nothing.
func TestStepOfSpeed(t *testing.T) {
	for _, c := range []struct {
		ratio   float64
		outcome Outcome
	}{{1, Pass}, {1.4, Regression}} {
		s := paired(c.ratio, 10)
		steady := Rule{Tolerance: 0.2}.Describe(s)
		copy(s.Baseline[5:], times(2, s.Baseline[5:]))
		copy(s.Candidate[5:], times(2, s.Candidate[5:]))
		requireSame(t, steady, Rule{Tolerance: 0.2}.Describe(s))
		require.Equal(t, c.outcome, Rule{Tolerance: 0.2}.Judge(s).Outcome)
	}
}
