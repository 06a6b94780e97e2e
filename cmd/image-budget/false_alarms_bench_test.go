package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
)

// gatesWithoutChange is how many gates there are of one image against itself.
const gatesWithoutChange = 60

// BenchmarkFalseAlarms holds an image against itself, every other time while
// one core is kept busy by somebody else. Whatever is called a regression here
// is a false alarm.
func BenchmarkFalseAlarms(b *testing.B) {
	for b.Loop() {
		p := newProject(b)
		require.NoError(b, os.CopyFS(filepath.Join(p.dir, "image"), os.DirFS(filepath.Join("..", "..", "testdata", "services", "hello"))))
		require.NoError(b, os.MkdirAll(filepath.Join(p.dir, "image", "dist"), 0o755))
		p.compile("hello")
		require.NoError(b, os.Rename(filepath.Join(p.dir, "image", "hello"), filepath.Join(p.dir, "image", "dist", "hello")))
		p.write("app.yaml", `version: 1
image: hello
build: {context: image}
health: {port: 8000, timeout: 30s}
run: {env: {DELAY: 200ms}, memory: 256MiB, cpus: 1}
link: {bandwidth: 100Mbit/s, latency: 5ms}
metrics:
  pull_time: {}
  cold_start: {}
`)
		p.record()
		var waited time.Duration
		wall := map[bool]*tally{}
		tallies := map[string]map[bool]*tally{"pull_time": {}, "cold_start": {}}
		for i := range gates(b, gatesWithoutChange) {
			busy := i%2 == 1
			var o outcome
			if busy {
				o = besideBusyCore(func() outcome { return p.run("check", "--compare", "side-by-side") })
			} else {
				o = p.run("check", "--compare", "side-by-side")
			}
			waited += o.waited(b)
			if wall[busy] == nil {
				wall[busy] = &tally{}
			}
			wall[busy].add(o, "cold_start")
			for metric, by := range tallies {
				require.Equal(b, budget.SideBySide, o.row(metric).Compared, "%+v", o.ImageResult)
				if by[busy] == nil {
					by[busy] = &tally{}
				}
				by[busy].add(o, metric)
			}
		}
		for _, metric := range []string{"pull_time", "cold_start"} {
			for _, busy := range []bool{false, true} {
				b.Logf("%-10s %s: %s", metric, load(busy), tallies[metric][busy])
			}
		}
		b.Logf("of all that, %.0f s were spent waiting for other gates", waited.Seconds())
	}
}

func load(busy bool) string {
	if busy {
		return "busy "
	}
	return "quiet"
}

// besideBusyCore keeps one core busy meanwhile.
func besideBusyCore(run func() outcome) outcome {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for ctx.Err() == nil {
		}
	}()
	defer func() { stop(); <-ended }()
	return run()
}
