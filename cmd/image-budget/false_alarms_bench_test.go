package main

import (
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
)

// gatesWithoutChange is how many gates there are of one image against itself.
const gatesWithoutChange = 60

// BenchmarkFalseAlarms holds an image against itself, every other time while
// somebody else keeps one core busy. Whatever is called a regression here is a
// false alarm.
func BenchmarkFalseAlarms(b *testing.B) {
	type key struct {
		metric string
		busy   bool
	}
	metrics := []string{"pull_time", "cold_start"}
	for b.Loop() {
		p := newHello(b)
		p.record()
		tallies, exits, waited := map[key]*tally{}, map[int]int{}, time.Duration(0)
		for _, metric := range metrics {
			tallies[key{metric, false}], tallies[key{metric, true}] = &tally{}, &tally{}
		}
		for i := range gates(b, gatesWithoutChange) {
			busy := i%2 == 1
			rest := func() {}
			if busy {
				rest = keepCoreBusy()
			}
			o := p.run("check", "--compare", "side-by-side")
			rest()
			exits[o.exit]++
			waited += o.waited(b)
			for _, metric := range metrics {
				require.Equal(b, budget.SideBySide, o.row(metric).Compared, "%+v", o.ImageResult)
				tallies[key{metric, busy}].add(o, metric)
			}
		}
		alarms := 0
		for _, metric := range metrics {
			for busy, name := range map[bool]string{false: "quiet", true: "busy"} {
				t := tallies[key{metric, busy}]
				alarms += t.verdicts[budget.Regression]
				b.ReportMetric(t.mean(float64(t.pairs)), "pairs-"+metric+"-"+name)
				b.ReportMetric(t.mean(t.wall.Seconds()), "s/gate-"+name)
				b.Logf("%-10s %-5s: %s", metric, name, t)
			}
		}
		b.ReportMetric(float64(alarms), "false-alarms")
		b.ReportMetric(float64(exits[0]), "gates-passed")
		b.ReportMetric(float64(exits[3]), "gates-inconclusive")
		b.Logf("exits %v; %.0f s went by waiting for other gates", exits, waited.Seconds())
	}
}

// newHello is the service hello with a budget under which a gate takes half a
// minute and not one and a half.
func newHello(b *testing.B) *project {
	p := newProject(b)
	image := filepath.Join(p.dir, "image")
	require.NoError(b, os.CopyFS(image, os.DirFS(filepath.Join("..", "..", "testdata", "services", "hello"))))
	require.NoError(b, os.RemoveAll(filepath.Join(image, "dist")))
	p.compile("hello", filepath.Join("dist", "hello"))
	p.write("app.yaml", `version: 1
image: hello
build: {context: image}
health: {port: 8000, timeout: 30s}
run: {env: {DELAY: 200ms}, memory: 256MiB, cpus: 1}
link: {bandwidth: 100Mbit/s, latency: 5ms}
metrics: {pull_time: {}, cold_start: {}}
`)
	return p
}

// keepCoreBusy does so until rest is called.
func keepCoreBusy() (rest func()) {
	var stop atomic.Bool
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for !stop.Load() {
		}
	}()
	return func() { stop.Store(true); <-ended }
}
