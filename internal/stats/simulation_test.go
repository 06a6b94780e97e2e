package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// noise is how a machine's times scatter: log-normal, and what is worse.
type noise struct {
	cv       float64 // coefficient of variation of a time without what follows
	outliers float64 // share of times that take two to five times as long
	drift    float64 // largest relative change of speed from the first run to the last
	step     float64 // largest relative change of speed at one moment, in half of all machines
}

func usualNoise(cv float64) noise { return noise{cv: cv, outliers: 0.05, drift: 0.10, step: 0.30} }

// warmUps are the runs before the first pair, one of each arm.
const warmUps = 2

// samples is all pairs of one run of the gate, in ABBA order.
func (n noise) samples(random *rand.Rand, ratio float64) Samples {
	pairs := Looks[len(Looks)-1]
	runs := 2 * pairs
	sigma := math.Sqrt(math.Log1p(n.cv * n.cv))
	drift := math.Log1p(n.drift) * (2*random.Float64() - 1) / float64(runs)
	step, at := 0.0, random.IntN(runs)
	if random.IntN(2) == 0 {
		step = math.Log1p(n.step) * (2*random.Float64() - 1)
	}
	time := func(run int) float64 {
		x := sigma*random.NormFloat64() + drift*float64(run)
		if run >= at {
			x += step
		}
		if random.Float64() < n.outliers {
			x += math.Log(2 + 3*random.Float64())
		}
		return 7 * math.Exp(x)
	}
	s := Samples{Baseline: make([]float64, pairs), Candidate: make([]float64, pairs), Paired: true}
	for i := range pairs {
		first, second := 2*i, 2*i+1
		if i%2 == 1 {
			first, second = second, first
		}
		s.Baseline[i] = time(first)
		s.Candidate[i] = ratio * time(second)
	}
	return s
}

// tally is what the rule said of many runs.
type tally struct {
	pairs    []int // that each run took
	outcomes map[Outcome]int
}

func simulate(seed uint64, runs int, r Rule, n noise, ratio float64) tally {
	random := rand.New(rand.NewPCG(seed, math.Float64bits(n.cv*ratio)))
	t := tally{outcomes: map[Outcome]int{}}
	for range runs {
		outcome, used := r.decide(n.samples(random, ratio))
		t.outcomes[outcome]++
		t.pairs = append(t.pairs, used)
	}
	return t
}

// percent is of the runs that ended so.
func (t tally) percent(o Outcome) float64 {
	return 100 * float64(t.outcomes[o]) / float64(len(t.pairs))
}

func (t tally) String() string {
	return fmt.Sprintf("%.2f %% (%.2f %%)", t.percent(Regression), t.percent(Pass))
}

// containers is how many containers a run starts on average.
func (t tally) containers() float64 {
	var pairs int
	for _, n := range t.pairs {
		pairs += n
	}
	return warmUps + 2*float64(pairs)/float64(len(t.pairs))
}

func (t tally) medianContainers() int {
	return warmUps + 2*slices.Sorted(slices.Values(t.pairs))[len(t.pairs)/2]
}

// TestSimulation is BenchmarkSimulation in small, with the noise of an ordinary
// CI machine.
func TestSimulation(t *testing.T) {
	rule := Rule{Tolerance: 0.2}
	for _, c := range []struct {
		ratio   float64
		holding func(t *testing.T, got tally)
	}{
		{1.0, func(t *testing.T, got tally) {
			require.Less(t, got.percent(Regression), 0.2)
			require.Greater(t, got.percent(Pass), 99.0)
		}},
		{1.5, func(t *testing.T, got tally) {
			require.GreaterOrEqual(t, got.percent(Regression), 99.0)
			require.Less(t, got.percent(Pass), 0.2)
		}},
	} {
		t.Run(fmt.Sprint(c.ratio), func(t *testing.T) {
			c.holding(t, simulate(1, 2000, rule, usualNoise(0.10), c.ratio))
		})
	}
}
