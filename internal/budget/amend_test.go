package budget

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/metric"
)

// moved is measured, with another value for every metric.
func moved() Measurement {
	m := measured()
	m.Commit, m.Recorded = "ffff", m.Recorded.Add(time.Hour)
	m.RecordedWith.Tool, m.RecordedWith.Kernel = "0.2.0", "6.19"
	m.Metrics = map[string]Value{
		"size": number(1), "compressed_size": number(2), "layers": number(3),
		"pull_time": times(4000), "cold_start": times(5000, 6000),
	}
	m.Contents = nil
	return m
}

// The lines of measuredFile's metrics, and what moved makes of them.
const (
	sizeLine       = "  size: 402723682\n"
	compressedLine = "  compressed_size: 196205311\n"
	layersLine     = "  layers: 5\n"
	pullLine       = "  pull_time: {median: 7.282s, samples: [7.498s, 7.341s, 7.282s, 7.101s, 7.2s]}\n"
	startLine      = "  cold_start: {median: 0.621s, samples: [0.621s, 0.64s, 0.6s, 0.633s, 0.61s]}\n"
	allLines       = sizeLine + compressedLine + layersLine + pullLine + startLine

	pullMoved  = "  pull_time: {median: 4s, samples: [4s]}\n"
	startMoved = "  cold_start: {median: 5.5s, samples: [5s, 6s]}\n"
)

// TestAmend has E14: nothing but what was asked for differs. The section of
// metrics is in the middle of the file, and at its end.
func TestAmend(t *testing.T) {
	for _, c := range []struct {
		name         string
		names        string
		before, want string
	}{
		{"nothing", "", allLines, allLines},
		{"one", "size", allLines, "  size: 1\n" + compressedLine + layersLine + pullLine + startLine},
		{"the last", "cold_start", allLines, sizeLine + compressedLine + layersLine + pullLine + startMoved},
		{"two, one twice", "cold_start size size", allLines, "  size: 1\n" + compressedLine + layersLine + pullLine + startMoved},
		{"all", "size compressed_size layers pull_time cold_start", allLines, "  size: 1\n  compressed_size: 2\n  layers: 3\n" + pullMoved + startMoved},
		{"a new first", "size", compressedLine + layersLine, "  size: 1\n" + compressedLine + layersLine},
		{"a new one in the middle", "layers", sizeLine + pullLine, sizeLine + "  layers: 3\n" + pullLine},
		{"a new last", "cold_start", sizeLine + pullLine, sizeLine + pullLine + startMoved},
		{"new ones beside each other", "compressed_size layers pull_time", sizeLine + startLine, sizeLine + "  compressed_size: 2\n  layers: 3\n" + pullMoved + startLine},
		{"a new one in another order", "layers", pullLine + compressedLine + sizeLine, pullLine + compressedLine + "  layers: 3\n" + sizeLine},
		{"comments stay", "size compressed_size pull_time",
			"  # all by hand\n\n" + "  size:   402723682   # bytes\n  # why\n" + layersLine + "    # deeper\n" + pullLine + "# end\n",
			"  # all by hand\n\n" + "  size:   1   # bytes\n  compressed_size: 2\n  # why\n" + layersLine + "    # deeper\n" + pullMoved + "# end\n"},
		{"a new first below a comment", "size", "  # of the next\n" + layersLine, "  size: 1\n  # of the next\n" + layersLine},
		{"deeper", "size layers", "     \"size\": 5\n", "     \"size\": 1\n     layers: 3\n"},
		{"over several lines", "pull_time",
			sizeLine + "  pull_time:\n    samples:\n      - 1s\n      - \"2s\"\n    median: '1.5s'   # kept\n\n  # of the next\n" + startLine,
			sizeLine + "  pull_time: {median: 4s, samples: [4s]}   # kept\n\n  # of the next\n" + startLine},
		{"over several lines, a list last", "pull_time",
			"  pull_time:\n    median: 1s\n    samples:\n    - 1s\n" + startLine, pullMoved + startLine},
		{"braces over several lines", "pull_time",
			"  pull_time: {median: 1s,\n    samples: [\n  1s]\n  } # kept\n" + startLine, "  pull_time: {median: 4s, samples: [4s]} # kept\n" + startLine},
		{"behind a comment inside another", "cold_start",
			"  pull_time: {median: 7s, # }\n    samples: [7s]}\n", "  pull_time: {median: 7s, # }\n    samples: [7s]}\n" + startMoved},
		{"a number in the next line", "size", "  size:\n    7\n" + layersLine, "  size: 1\n" + layersLine},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, file := range []string{measuredFile, "# é\n" + upTo(measuredFile, "contents:")} {
				before := strings.Replace(file, allLines, c.before, 1)
				want := strings.Replace(file, allLines, c.want, 1)
				requireAmended(t, before, want, c.names)
				windows := func(s string) string { return "\ufeff" + strings.ReplaceAll(s, "\n", "\r\n") }
				requireAmended(t, windows(before), windows(want), c.names)
				requireAmended(t, strings.TrimSuffix(before, "\n"), strings.TrimSuffix(want, "\n"), c.names)
			}
		})
	}
}

// TestAmendInBraces is of a section that a person wrote in braces.
func TestAmendInBraces(t *testing.T) {
	for _, c := range []struct{ name, names, before, want string }{
		{"over a value", "size", "metrics: {size: 5, layers: 6} # kept", "metrics: {size: 1, layers: 6} # kept"},
		{"over a time", "pull_time", "metrics: {pull_time: {median: 7s, samples: [7s]}, layers: 6}", "metrics: {pull_time: {median: 4s, samples: [4s]}, layers: 6}"},
		{"as JSON", "size layers", `metrics: {"size":5}`, `metrics: {"size":1, layers: 3}`},
		{"a new first", "size", "metrics: { layers: 6 }", "metrics: {size: 1,  layers: 6 }"},
		{"a new one in the middle", "layers", "metrics: {size: 5, cold_start: {median: 7s, samples: [7s]}}", "metrics: {size: 5, layers: 3, cold_start: {median: 7s, samples: [7s]}}"},
		{"none yet", "size layers", "metrics: {}", "metrics: {size: 1, layers: 3}"},
		{"over several lines", "size layers pull_time", "metrics: {\n  size: # why\n    5, # bytes\n  layers:\n  6,\n}", ""},
		{"over several lines, without a comment inside", "size layers pull_time", "metrics: {\n  size: 5, # bytes\n  layers:\n  6,\n}", "metrics: {\n  size: 1, # bytes\n  layers: 3, pull_time: {median: 4s, samples: [4s]},\n}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := strings.Replace(measuredFile, "metrics:\n"+allLines, c.before+"\n", 1)
			if c.want == "" {
				requireNotAmended(t, before, moved(), "size", "there is a comment inside it", "image-budget record agent, which writes the file whole")
				return
			}
			requireAmended(t, before, strings.Replace(measuredFile, "metrics:\n"+allLines, c.want+"\n", 1), c.names)
		})
	}
	t.Run("the whole file", func(t *testing.T) {
		file := `{version: 1, image: "é", platform: linux/amd64, config_digest: "` + digestA.String() + `", recorded: 2026-11-22T10:00:00Z,` +
			` recorded_with: {}, link: {bandwidth: 1Gbit/s, latency: 10ms}, metrics: {size: 5}}`
		requireAmended(t, file, strings.Replace(file, "size: 5", "size: 1, layers: 3", 1), "layers size")
	})
}

// TestAmendRefuses has what is not amended, and why; nothing is written then.
func TestAmendRefuses(t *testing.T) {
	for _, c := range []struct {
		name, metric  string
		old, new      string // in measuredFile
		change        func(*Measurement)
		problem, hint string
	}{
		{"a comment inside", "pull_time", "{median: 7.282s, ", "{median: 7.282s, # why }\n    ", nil, ":11: metrics.pull_time cannot be amended in place: there is a comment inside it", "record agent, which writes"},
		{"a comment above the value", "pull_time", pullLine, "  pull_time: # why\n    median: 7s\n    samples: [7s]\n", nil, "there is a comment inside it", "record agent"},
		{"a key with a question mark", "size", sizeLine, "  ? size\n  : 5\n", nil, "a form that is not handled", "record agent"},
		{"a key with a question mark, above", "compressed_size", sizeLine + compressedLine, "  ? size\n  : 5\n", nil, "a form that is not handled", "record agent"},
		{"a key that is escaped", "size", "  size:", `  "\x73ize":`, nil, "a form that is not handled", "record agent"},
		{"a block of text", "pull_time", pullLine, "  pull_time:\n    samples: [7s]\n    median: |-\n      7s\n", nil, "a form that is not handled", "record agent"},
		{"a file that grows too large", "cold_start", "", "", func(m *Measurement) { m.Metrics["cold_start"] = times(growing(9000)...) }, "metrics cannot be amended in place: is larger than 64 KiB", "record agent"},
		{"a file at fault", "size", "layers: 5", "layers: five", nil, ":14:11: metrics.layers is five", "whole number"},
		{"E13 a conflict", "size", sizeLine, "<<<<<<< HEAD\n" + sizeLine, nil, ":12: has a merge conflict", "keep one side whole, or run image-budget record"},
		{"a time of another machine", "pull_time", "", "", func(m *Measurement) { m.RecordedWith.CPUs = 4 }, "pull_time cannot be amended: the baseline is from another machine: CPUs 2, now 4", "record agent, which measures all of it anew"},
		{"a time of an unknown machine", "cold_start", "", "", func(m *Measurement) { m.RecordedWith.CPU = "" }, "may be from another machine", "record agent"},
		{"a first time of another machine", "pull_time", pullLine + startLine, "", func(m *Measurement) { m.RecordedWith.Engine = "29.0.0" }, "engine 20.10.24 overlay2, now 29.0.0", "record agent"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Contains(t, measuredFile, c.old)
			m := moved()
			if c.change != nil {
				c.change(&m)
			}
			requireNotAmended(t, strings.Replace(measuredFile, c.old, c.new, 1), m, c.metric, c.problem, c.hint)
		})
	}
}

func growing(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = 1000 + i
	}
	return all
}

func TestAmendNeedsAValue(t *testing.T) {
	for _, c := range []struct {
		value Value
		want  string
	}{
		{Value{}, "it was not measured"},
		{Value{Reason: "the registry went away"}, "the registry went away"},
		{times(0), "a trial took 0s"},
		{number(5), "it was not measured"},
	} {
		path := amendable(t, measuredFile)
		m := moved()
		m.Metrics["pull_time"] = c.value
		err := Amend(path, m, []string{"size", "pull_time"})
		require.ErrorContains(t, err, "pull_time has no value: "+c.want)
		require.False(t, errors.As(err, new(*FileError)), "no file is at fault")
		requireContent(t, path, measuredFile)
	}
	path := amendable(t, measuredFile)
	require.ErrorContains(t, Amend(path, moved(), []string{"speed"}), `there is no metric "speed"`)
	requireContent(t, path, measuredFile)
}

func TestAmendNeedsABaseline(t *testing.T) {
	dir := t.TempDir()
	err := Amend(filepath.Join(dir, "agent.baseline.yaml"), moved(), []string{"size"})
	require.ErrorIs(t, err, fs.ErrNotExist)
	requireFault(t, err, "is not there", "run image-budget record agent first")
	require.Empty(t, filesIn(t, dir))
}

// TestAmendWritesTheLineOfARecord, however long it is.
func TestAmendWritesTheLineOfARecord(t *testing.T) {
	m := measured()
	m.Metrics["pull_time"] = times(growing(500)...)
	path := amendable(t, measuredFile)
	require.NoError(t, Amend(path, m, []string{"pull_time"}))
	want, err := encodeBaseline(m)
	require.NoError(t, err)
	requireContent(t, path, string(want))
}

// TestANewBaselineHasOneMetricALine has E13: a merge of two changes to
// different metrics meets different lines.
func TestANewBaselineHasOneMetricALine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.baseline.yaml")
	require.NoError(t, Save(path, measured()))
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	_, section, _ := strings.Cut(string(data), "\nmetrics:\n")
	lines := strings.Split(section, "\n")
	for _, m := range metric.All {
		if _, ok := measured().Metrics[m.Name]; ok {
			require.True(t, strings.HasPrefix(lines[0], "  "+m.Name+": "), lines[0])
			lines = lines[1:]
		}
	}
	require.Equal(t, "contents:", lines[0])
}

func upTo(s, end string) string { return s[:strings.Index(s, end)] }

func amendable(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "agent.baseline.yaml")
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func requireContent(t *testing.T, path, want string) {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, want, string(data))
	require.Equal(t, []string{filepath.Base(path)}, filesIn(t, filepath.Dir(path)))
}

func requireAmended(t *testing.T, before, want, names string) {
	t.Helper()
	path := amendable(t, before)
	require.NoError(t, Amend(path, moved(), strings.Fields(names)), before)
	requireContent(t, path, want)
}

func requireNotAmended(t *testing.T, before string, m Measurement, name, problem, hint string) {
	t.Helper()
	path := amendable(t, before)
	requireFault(t, Amend(path, m, []string{name}), problem, hint)
	requireContent(t, path, before)
}
