package gate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/engine/enginetest"
	"github.com/image-budget/image-budget/internal/image/imagetest"
	"github.com/image-budget/image-budget/internal/importtime"
)

// importing is an image whose containers take that long to listen and log
// imports of so many milliseconds, given as module and time, module and time.
func importing(t *testing.T, fake *enginetest.Fake, delay time.Duration, imports ...any) v1.Image {
	var log bytes.Buffer
	for i := 0; i < len(imports); i += 2 {
		us := imports[i+1].(int) * 1000
		fmt.Fprintf(&log, "import time: %9d | %10d |   %s\n", us, us, imports[i])
	}
	program := fmt.Sprintf("/app-%s-%d", delay, log.Len())
	fake.Programs[program] = enginetest.Program{Handler: enginetest.OK, Listen: delay, Log: log.Bytes()}
	img := imagetest.Image(t, imagetest.Linux, imagetest.Tar(t, imagetest.File("file", imagetest.Noise(1, 1000))))
	img, err := mutate.Config(img, v1.Config{Entrypoint: []string{program}})
	require.NoError(t, err)
	return img
}

// underTimer counts the containers that were started under the timer.
func underTimer(fake *enginetest.Fake) int {
	n := 0
	for _, c := range fake.Created() {
		if c.Env[importtime.Variable] != "" {
			n++
		}
	}
	return n
}

// pythonAt records an image of those imports, with a tolerance of 20 %.
func pythonAt(t *testing.T, delay time.Duration, imports ...any) (*Machine, *enginetest.Fake, budget.Budget) {
	m, fake, b := at(t, Options{}, 1000)
	fake.Add("app:dev", importing(t, fake, delay, imports...))
	for i := range b.Metrics {
		b.Metrics[i].Tolerance = 20000
	}
	_, err := Record(t.Context(), b, What{}, m)
	require.NoError(t, err)
	require.Zero(t, underTimer(fake), "nobody asked for it")
	m.ImportTime = true
	return m, fake, b
}

// The cause of a slower start is what takes longer to import than in the
// baseline image.
func TestImportsOfASlowerStart(t *testing.T) {
	m, fake, b := pythonAt(t, 50*time.Millisecond, "torch", 500, "numpy", 200, "app.main", 3)
	fake.Add("app:dev", importing(t, fake, 150*time.Millisecond, "torch", 500, "torch.compiler", 900, "numpy", 205, "sklearn", 40, "app.main", 3))
	result := checked(t, m, b, How{})
	start := rows(result)["cold_start"]
	require.Equal(t, budget.Regression, start.Verdict, start.Reason)
	require.Equal(t, "cold_start: imports took 1.648 s, and 0.703 s in the baseline image: torch +0.900 s (1.400 s), sklearn +0.040 s (new);"+
		" of one start of each under Python's import timer, which slows it", result.Causes[len(result.Causes)-1])
	require.Empty(t, start.Detail, "it is told once")
	require.Empty(t, result.Warnings)
	require.Equal(t, 2, underTimer(fake))
	require.Len(t, fake.Created(), 2*(start.Pairs+1)+2+11, "pairs and their warm-up, one more of each, and the baseline's own")
}

// An image that has not changed has nothing to be held against.
func TestImportsOfAnUnchangedImage(t *testing.T) {
	m, fake, b := pythonAt(t, 0, "numpy", 200, "torch", 500, "app", 3, "os", 0, "io", 0)
	result := checked(t, m, b, How{})
	require.Equal(t, budget.Pass, result.Verdict)
	require.Empty(t, result.Causes)
	require.Empty(t, result.Warnings)
	require.Equal(t, "imports took 0.703 s: torch 0.500 s, numpy 0.200 s; of one start under Python's import timer, which slows it",
		rows(result)["cold_start"].Detail)
	require.Equal(t, 1, underTimer(fake))

	max := 0.0001
	b.Metrics[len(b.Metrics)-1].Max = &max
	result = checked(t, m, b, How{})
	require.Equal(t, budget.OverMax, result.Verdict)
	require.Contains(t, result.Causes[0], "cold_start: imports took 0.703 s: torch 0.500 s")
}

func TestImportsThatDidNotGrow(t *testing.T) {
	m, fake, b := pythonAt(t, 0, "torch", 500)
	fake.Add("app:dev", importing(t, fake, 0, "torch", 503, "json", 1))
	result := checked(t, m, b, How{Compare: SideBySide, MaxPairs: 1})
	require.Contains(t, rows(result)["cold_start"].Detail,
		"no package takes notably longer to import than in the baseline image, where imports took 0.500 s; imports took 0.504 s: torch 0.503 s;")
}

func TestMeasureImports(t *testing.T) {
	m, fake, b := at(t, Options{}, 1000)
	fake.Add("app:dev", importing(t, fake, 0, "torch", 500))
	m.ImportTime = true
	result, err := Measure(t.Context(), "docker-daemon:app:dev", b, m)
	require.NoError(t, err)
	require.Contains(t, rows(result)["cold_start"].Detail, "imports took 0.500 s: torch 0.500 s;")
	require.Equal(t, 1, underTimer(fake))
}

// Where no import is seen a warning says so and why, and no verdict changes.
func TestNoImports(t *testing.T) {
	broken := errors.New("the log is gone\nwith all its lines")
	for name, tc := range map[string]struct {
		options Options
		how     How
		metrics []string // what is gated; nil for all
		hook    func(context.Context, string) error
		want    string
	}{
		"no Python": {want: "cold_start: no Python imports were seen (--import-time): "},
		"not run":   {options: Options{NoRun: true}, want: "no imports were timed (--import-time), since cold_start was not measured"},
		"not gated": {metrics: []string{"size", "pull_time"}, want: "no imports were timed (--import-time), since cold_start was not measured"},
		"not tried": {how: How{FailFast: true}, want: "no imports were timed (--import-time), since cold_start was not measured"},
		"no log": {hook: func(_ context.Context, method string) error {
			if method == "WriteLog" {
				return broken
			}
			return nil
		}, want: `cold_start: timing the imports (--import-time): reading the log of "app:dev": the log is gone`},
	} {
		t.Run(name, func(t *testing.T) {
			m, fake, b := at(t, tc.options, 1000)
			m.ImportTime = true
			fake.Hook = tc.hook
			if tc.metrics != nil {
				var gates []budget.Gate
				for _, name := range tc.metrics {
					gates = append(gates, budget.Gate{Metric: name})
				}
				b.Metrics = gates
			}
			max := 1.0
			b.Metrics[0].Max = &max // of its size, which is more
			result := checked(t, m, b, tc.how)
			var said []string
			for _, warning := range result.Warnings {
				if strings.Contains(warning, "--import-time") {
					said = append(said, warning)
				}
			}
			require.Len(t, said, 1, "%q", result.Warnings)
			require.Contains(t, said[0], tc.want)
			require.NotContains(t, said[0], "\n")
			require.Empty(t, rows(result)["cold_start"].Detail)
			for _, cause := range result.Causes {
				require.True(t, strings.HasPrefix(cause, "size: "), cause)
			}
			require.Equal(t, budget.OverMax, result.Verdict)
			if strings.HasPrefix(tc.want, "cold_start") {
				require.Equal(t, budget.New, verdicts(result)["cold_start"])
			}
		})
	}
}
