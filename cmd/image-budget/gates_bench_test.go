package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
)

// gates is how many gates an experiment has that asks for n of them.
// IMAGE_BUDGET_BENCH_GATES=5 makes it five at most, for a quick look.
func gates(b *testing.B, n int) int {
	text := os.Getenv("IMAGE_BUDGET_BENCH_GATES")
	if text == "" {
		return n
	}
	most, err := strconv.Atoi(text)
	require.NoError(b, err, "IMAGE_BUDGET_BENCH_GATES")
	return min(n, most)
}

// project is a folder with one budget, called app, and what its image is built
// from, beside a cache of its own.
type project struct {
	*testing.B
	bin, dir string
	env      []string
	runs     int
}

// newProject has no file yet.
func newProject(b *testing.B) *project {
	p := &project{B: b, bin: binary(b), dir: b.TempDir()}
	p.env = append(os.Environ(), "XDG_CACHE_HOME="+filepath.Join(b.TempDir(), "cache"))
	require.NoError(b, os.Mkdir(filepath.Join(p.dir, "image"), 0o755))
	return p
}

// write writes a file; the image's context is the folder image.
func (p *project) write(path, text string) {
	require.NoError(p, os.WriteFile(filepath.Join(p.dir, path), []byte(text), 0o644))
}

// compile puts the binary of one of testdata/services into the image's context.
func (p *project) compile(service, path string) {
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w -buildid=", "-o", filepath.Join(p.dir, "image", path), ".")
	build.Dir = filepath.Join("..", "..", "testdata", "services", service)
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux")
	out, err := build.CombinedOutput()
	require.NoErrorf(p, err, "%s", out)
}

// outcome is one run of the program on the budget.
type outcome struct {
	budget.ImageResult
	exit  int
	wall  time.Duration
	lines []line // of progress
}

// line is a line of progress and when it came, from the start of the run.
type line struct {
	at   time.Duration
	text string
}

// run runs a command of the program. IMAGE_BUDGET_BENCH_REPORTS names a folder
// that keeps the JSON report of every run.
func (p *project) run(args ...string) (o outcome) {
	report := filepath.Join(p.dir, "report.json")
	if kept := os.Getenv("IMAGE_BUDGET_BENCH_REPORTS"); kept != "" {
		p.runs++
		report = filepath.Join(kept, filepath.Base(p.Name()), fmt.Sprintf("%03d.json", p.runs))
		require.NoError(p, os.MkdirAll(filepath.Dir(report), 0o755))
	}
	c := exec.Command(p.bin, append(args, "app", "--dir", p.dir, "--output", "json="+report)...)
	c.Env = p.env
	progress, err := c.StderrPipe()
	require.NoError(p, err)
	start := time.Now()
	require.NoError(p, c.Start())
	for scan := bufio.NewScanner(progress); scan.Scan(); {
		o.lines = append(o.lines, line{time.Since(start), scan.Text()})
	}
	err = c.Wait()
	o.wall = time.Since(start)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		o.exit = exit.ExitCode()
		err = nil
	}
	require.NoError(p, err)
	file, err := os.Open(report)
	require.NoErrorf(p, err, "%v", o.lines)
	defer file.Close()
	result, err := budget.ReadResult(file)
	require.NoError(p, err)
	require.Len(p, result.Images, 1)
	require.Equal(p, o.exit, result.ExitCode)
	o.ImageResult = result.Images[0]
	return o
}

// record accepts the image as it is, and has measured all of it.
func (p *project) record() outcome {
	o := p.run("record")
	require.Zerof(p, o.exit, "%+v", o.ImageResult)
	return o
}

// row is the outcome of one metric.
func (o outcome) row(metric string) budget.Row {
	for _, row := range o.Metrics {
		if row.Name == metric {
			return row
		}
	}
	return budget.Row{}
}

var waitedFor = regexp.MustCompile(`^the trials waited (\S+) for those of another gate`)

// waited is how long the run stood back for another one on this machine.
func (o outcome) waited(b *testing.B) time.Duration {
	for _, warning := range o.Warnings {
		if found := waitedFor.FindStringSubmatch(warning); found != nil {
			d, err := time.ParseDuration(found[1])
			require.NoError(b, err)
			return d
		}
	}
	return 0
}

// tally counts the verdicts on one metric.
type tally struct {
	gates    int
	verdicts map[budget.Verdict]int
	pairs    int
	changes  float64
	wall     time.Duration
}

func (t *tally) add(o outcome, metric string) {
	if t.verdicts == nil {
		t.verdicts = map[budget.Verdict]int{}
	}
	row := o.row(metric)
	t.gates++
	t.verdicts[row.Verdict]++
	t.pairs += row.Pairs
	t.wall += o.wall
	if row.Change != nil {
		t.changes += *row.Change
	}
}

func (t *tally) mean(sum float64) float64 { return sum / float64(max(1, t.gates)) }

// other is how often there was none of the three verdicts.
func (t *tally) other() int {
	return t.gates - t.verdicts[budget.Regression] - t.verdicts[budget.Pass] - t.verdicts[budget.Inconclusive]
}

// String is a line of a table.
func (t *tally) String() string {
	return fmt.Sprintf("%3d gates: %d regression, %d pass, %d inconclusive, %d other; mean of %.1f pairs, change %+.1f %%, %.1f s a gate",
		t.gates, t.verdicts[budget.Regression], t.verdicts[budget.Pass], t.verdicts[budget.Inconclusive], t.other(),
		t.mean(float64(t.pairs)), 100*t.mean(t.changes), t.mean(t.wall.Seconds()))
}
