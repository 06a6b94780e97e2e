package main

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
)

// How many gates there are for each injection.
const (
	gatesOfStart25 = 40 // little above the tolerance of 20 %: it may be inconclusive
	gatesOfStart30 = 100
	gatesOfStart50 = 100
	gatesOfPull30  = 40
)

// BenchmarkInjectedStart is how often a cold start that takes longer by a
// known part of the baseline's is found. The images differ by an ENV alone, so
// nothing tells but the times.
func BenchmarkInjectedStart(b *testing.B) {
	const delay = 300 * time.Millisecond
	for _, c := range []struct{ percent, gates int }{
		{30, gatesOfStart30}, {50, gatesOfStart50}, {25, gatesOfStart25},
	} {
		b.Run(fmt.Sprintf("%d%%", c.percent), func(b *testing.B) {
			for b.Loop() {
				p := newProject(b)
				p.compile("probe", "probe")
				dockerfile := func(delay time.Duration) {
					p.write("image/Dockerfile", fmt.Sprintf("FROM scratch\nCOPY probe /probe\nENV DELAY=%s\nEXPOSE 8000\nENTRYPOINT [\"/probe\"]\n", delay))
				}
				p.write("app.yaml", appBudget("1Gbit/s", "cold_start"))
				dockerfile(delay)
				base := time.Duration(*p.record().row("cold_start").Value * float64(time.Second))
				dockerfile(delay + base*time.Duration(c.percent)/100)
				p.judge("cold_start", gates(b, c.gates))
				b.Logf("the baseline starts in %s", base.Round(time.Millisecond))
			}
		})
	}
}

// BenchmarkInjectedPull is how often a layer is found that was padded until the
// image has 30 % more bytes to pull. Beside the bytes a pull has a part that
// stays, so the true ratio is a little less.
func BenchmarkInjectedPull(b *testing.B) {
	const size, padding = 8_000_000, 30 * 8_000_000 / 100
	for b.Loop() {
		p := newProject(b)
		noise := make([]byte, size+padding)
		_, err := rand.Read(noise)
		require.NoError(b, err)
		layer := filepath.Join(p.dir, "image", "noise")
		p.write("image/Dockerfile", "FROM scratch\nCOPY noise /noise\n")
		p.write("app.yaml", appBudget("50Mbit/s", "pull_time"))
		require.NoError(b, os.WriteFile(layer, noise[:size], 0o644))
		base := *p.record().row("pull_time").Value
		require.NoError(b, os.WriteFile(layer, noise, 0o644))
		p.judge("pull_time", gates(b, gatesOfPull30))
		b.Logf("the baseline is pulled in %.3f s, of which the link takes %.3f s", base, size*8/50e6)
	}
}

// appBudget gates one timed metric of the project's image.
func appBudget(bandwidth, metric string) string {
	return fmt.Sprintf(`version: 1
image: app
build: {context: image}
health: {port: 8000, timeout: 30s}
run: {memory: 256MiB, cpus: 1}
link: {bandwidth: %s, latency: 5ms}
metrics:
  %s: {}
`, bandwidth, metric)
}

// judge checks the changed image n times and reports what came out.
func (p *project) judge(metric string, n int) {
	var all tally
	for range n {
		o := p.run("check")
		require.Equal(p, budget.SideBySide, o.row(metric).Compared, "%+v", o.ImageResult)
		all.add(o, metric)
	}
	p.ReportMetric(float64(all.gates), "gates")
	p.ReportMetric(float64(all.verdicts[budget.Regression]), "found")
	p.ReportMetric(float64(all.verdicts[budget.Pass]), "passed")
	p.ReportMetric(float64(all.verdicts[budget.Inconclusive]), "inconclusive")
	p.ReportMetric(all.mean(float64(all.pairs)), "pairs")
	p.ReportMetric(all.mean(all.wall.Seconds()), "s/gate")
	p.Logf("%s: %s", metric, &all)
}
