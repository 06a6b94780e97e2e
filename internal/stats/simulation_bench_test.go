package stats

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkSimulation is how often the rule is right at a tolerance of 20 %, and
// how many containers it starts. It is seeded, so that it prints the same
// figures on every machine. Its table fits into the ten lines that a benchmark
// may log.
func BenchmarkSimulation(b *testing.B) {
	const unchanged, changed = 20_000, 10_000 // runs
	rule := Rule{Tolerance: 0.2}
	var table strings.Builder
	for b.Loop() {
		table.Reset()
		fmt.Fprintf(&table, "regressions called at a true ratio of (passes in brackets), and containers started when nothing changed\n")
		fmt.Fprintf(&table, "%4s  %16s  %16s  %16s  %16s\n", "CV", "1.0", "1.3", "1.5", "mean (median)")
		for _, cv := range []float64{0.05, 0.10, 0.20} {
			same := simulate(1, unchanged, rule, usualNoise(cv), 1)
			third := simulate(1, changed, rule, usualNoise(cv), 1.3)
			half := simulate(1, changed, rule, usualNoise(cv), 1.5)
			fmt.Fprintf(&table, "%2.0f %%  %16s  %16s  %16s  %16s\n", 100*cv, same, third, half,
				fmt.Sprintf("%.1f (%d)", same.containers(), same.medianContainers()))
			b.ReportMetric(same.percent(Regression), fmt.Sprintf("false-%%-at-cv-%.0f", 100*cv))
			b.ReportMetric(third.percent(Regression), fmt.Sprintf("found-1.3-%%-at-cv-%.0f", 100*cv))
			b.ReportMetric(half.percent(Regression), fmt.Sprintf("found-1.5-%%-at-cv-%.0f", 100*cv))
			b.ReportMetric(same.containers(), fmt.Sprintf("containers-at-cv-%.0f", 100*cv))
		}
	}
	b.Log("\n" + table.String())
}
