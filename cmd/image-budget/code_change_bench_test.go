package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkCodeChange is how long the verdict takes on a service of 400 MB
// whose code has changed, and none of what that runs on; and then on the same
// image once more with nothing changed against its baseline.
func BenchmarkCodeChange(b *testing.B) {
	for b.Loop() {
		p := newProject(b)
		dockerfile := "FROM scratch\n"
		for i, name := range []string{"base", "runtime", "libraries", "model"} {
			p.fill(name, uint64(i), 99)
			dockerfile += fmt.Sprintf("COPY %s /%s\n", name, name)
		}
		p.compile("probe", "probe")
		p.write("image/Dockerfile", dockerfile+"COPY probe /probe\nCOPY code /code\nENV DELAY=1s\nEXPOSE 8000\nENTRYPOINT [\"/probe\"]\n")
		p.write("app.yaml", `version: 1
image: app
build: {context: image}
health: {port: 8000, timeout: 30s}
run: {memory: 256MiB, cpus: 1}
metrics: {size: {}, compressed_size: {}, layers: {}, pull_time: {}, cold_start: {}}
`)
		p.write("image/code", strings.Repeat("print('one')\n", 5_000))
		recorded := p.record()
		b.ReportMetric(recorded.wall.Seconds(), "s-record")
		p.write("image/code", strings.Repeat("print('two')\n", 5_000))
		p.show("changed", p.run("check"))
		p.write("image/code", strings.Repeat("print('one')\n", 5_000))
		p.show("unchanged", p.run("check"))
	}
}

// fill writes a folder of megabytes in files of a few, half compressible.
func (p *project) fill(name string, seed uint64, megabytes int) {
	const file = 3
	folder := filepath.Join(p.dir, "image", name)
	require.NoError(p, os.Mkdir(folder, 0o755))
	random := rand.NewChaCha8([32]byte{byte(seed)})
	block := make([]byte, file*1_000_000)
	for i := range megabytes / file {
		_, _ = random.Read(block[:len(block)/2])
		require.NoError(p, os.WriteFile(filepath.Join(folder, fmt.Sprint(i)), block, 0o644))
	}
}

// show reports a check of the five metrics: how long it took, how the times
// were compared, and how much of it was neither a pull nor a start.
func (p *project) show(name string, o outcome) {
	p.ReportMetric(o.wall.Seconds(), "s-"+name)
	p.ReportMetric((o.wall - o.trials() - o.waited(p.B)).Seconds(), "s-"+name+"-beside-trials-and-waiting")
	var said []string
	for _, metric := range []string{"pull_time", "cold_start"} {
		row := o.row(metric)
		said = append(said, fmt.Sprintf("%s %s (%s, %d trials a side)", metric, row.Verdict, row.Compared, len(row.Samples)))
	}
	p.Logf("%s: exit %d after %.1f s, of which waiting %.1f s: %s", name, o.exit, o.wall.Seconds(), o.waited(p.B).Seconds(), strings.Join(said, ", "))
	var parts []string
	for _, part := range o.parts() {
		parts = append(parts, part.String())
	}
	p.Logf("  %s", strings.Join(parts, ", "))
}
