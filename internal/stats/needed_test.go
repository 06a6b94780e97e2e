package stats

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNeeded(t *testing.T) {
	// wide is an interval whose end is a factor from the ratio on both sides.
	wide := func(outcome Outcome, used int, ratio, factor float64) Judgement {
		return Judgement{Outcome: outcome, Used: used, Ratio: ratio, Low: ratio / factor, High: ratio * factor}
	}
	home, away := Rule{Tolerance: 0.2}, Rule{Tolerance: 0.2, Foreign: true}
	for _, c := range []struct {
		name string
		rule Rule
		j    Judgement
		want int
	}{
		// ln 1.2/1.96 is the deviation, ln(1.25/1.1) the distance: 10 * (2.21*0.0930/0.1278)^2
		{"nearly a pass", home, wide(Undecided, 10, 1.1, 1.2), 30},
		{"nearly a pass, less noise", home, wide(Undecided, 10, 1.1, 1.1), 12},
		{"nearly a regression", home, wide(Undecided, 6, 1.3, 1.1), 8},
		{"more than the last look", home, wide(Inconclusive, 30, 1.18, 1.2), 382},
		{"at least one more", home, wide(Undecided, 5, 0.5, 1.01), 6},
		{"at least one more, after the last look", home, wide(Inconclusive, 30, 1.5, 1.01), 31},
		{"no noise at all", home, wide(Undecided, 5, 1.5, 1), 6},
		{"passed", home, wide(Pass, 5, 1, 1.1), 0},
		{"regressed", home, wide(Regression, 6, 1.5, 1.1), 0},
		{"no bound", home, Judgement{Used: 3, Ratio: 1, Low: 0, High: math.Inf(1)}, 0},
		{"no samples", home, Judgement{Ratio: math.NaN(), Low: math.NaN(), High: math.NaN()}, 0},
		{"between the limits for good", Rule{}, wide(Undecided, 10, 1, 1.1), 0},
		{"foreign, perhaps the machine", away, wide(Inconclusive, 10, 1.5, 1.1), 0},
		{"foreign, nearly a pass", away, wide(Undecided, 10, 1.1, 1.1), 12},
		{"foreign, surely the image", away, wide(Undecided, 5, 2.5, 1.2), 6},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, c.rule.Needed(c.j)) })
	}
}
