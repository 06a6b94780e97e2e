package stats

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzJudge: whatever the samples, the rule says something that holds together,
// and says nothing of samples that are no times.
func FuzzJudge(f *testing.F) {
	f.Add([]byte{10, 11, 12, 13, 14, 10, 11, 12, 13, 14}, 5, true, false, false, 0.2)
	f.Add([]byte{10, 11, 12, 13, 14, 30, 31, 32, 33, 34, 30, 35, 31}, 5, false, true, false, 0.1)
	f.Add(binary.LittleEndian.AppendUint64(nil, math.Float64bits(5e-324)), 1, true, false, true, 0.0)
	f.Fuzz(func(t *testing.T, data []byte, split int, paired, foreign, wild bool, tolerance float64) {
		times := tame(data)
		if wild {
			times = anyFloats(data)
		}
		times = times[:min(len(times), 70)]
		split = min(max(split, 0), len(times))
		s := Samples{Baseline: times[:split], Candidate: times[split:], Paired: paired}
		r := Rule{Tolerance: tolerance, Foreign: foreign}
		j := r.Judge(s)
		require.Contains(t, []Outcome{Undecided, Pass, Regression, Inconclusive}, j.Outcome)
		require.True(t, j.AboveLo >= 0 && j.AboveLo <= 1, j.AboveLo)
		require.True(t, j.BelowHi >= 0 && j.BelowHi <= 1, j.BelowHi)
		require.GreaterOrEqual(t, r.Needed(j), 0)
		if math.IsNaN(j.Ratio) {
			require.NotContains(t, []Outcome{Pass, Regression}, j.Outcome)
			return
		}
		require.LessOrEqual(t, j.Low, j.Ratio)
		require.GreaterOrEqual(t, j.High, j.Ratio)
		if j.Outcome == Pass {
			require.LessOrEqual(t, j.Ratio, (1+tolerance)*(1+1e-8))
			require.LessOrEqual(t, j.BelowHi, 0.2)
		}
		if j.Outcome == Regression {
			require.Greater(t, j.Ratio, 1+tolerance)
			require.LessOrEqual(t, j.AboveLo, 0.05)
		}
	})
}

// tame is times with many ties among them.
func tame(data []byte) []float64 {
	var all []float64
	for _, b := range data {
		all = append(all, float64(b)/16)
	}
	return all
}

func anyFloats(data []byte) []float64 {
	var all []float64
	for ; len(data) >= 8; data = data[8:] {
		all = append(all, math.Float64frombits(binary.LittleEndian.Uint64(data)))
	}
	return all
}
