package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
)

// No line is wider than the terminal, but for a word that cannot be broken.
func TestTextWidth(t *testing.T) {
	for _, r := range results {
		for _, width := range []int{20, 40, 60, 80, 132} {
			var b bytes.Buffer
			require.NoError(t, Text.Write(&b, r.result, Options{Width: width, Verbose: true}))
			for _, line := range strings.Split(b.String(), "\n") {
				if len(strings.Fields(line)) > 2 && r.name != "hostile" && width >= 40 {
					require.LessOrEqual(t, columns.StringWidth(line), width, "%s: %q", r.name, line)
				}
			}
		}
	}
}

// The first line says it: the verdict, the image, what broke.
func TestVerdictFirst(t *testing.T) {
	for name, want := range map[string]string{
		"pass":       "PASS support-agent: 5 metrics, all inside the budget",
		"regression": "FAIL support-agent: size is 21.0 % over its baseline (limit 20 %)",
		"over-max":   "FAIL support-agent: size is 500.0001 MB, over its max of 500 MB",
		"new":        "NEW support-agent: measured, but there is no baseline to compare with yet",
		"from-zero":  "FAIL empty: size grew from 0 B to 11 B",
		"measure":    "MEASURED python:3.12-slim: 3 metrics",
	} {
		for _, r := range results {
			if r.name != name {
				continue
			}
			var b bytes.Buffer
			require.NoError(t, Text.Write(&b, r.result, Options{Width: 100}))
			first, _, _ := strings.Cut(b.String(), "\n")
			require.Equal(t, want, first)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		name, in string
		width    int
		want     string
	}{
		{"short", "a b", 20, "> a b\n"},
		{"breaks at words", "one two three", 10, "> one two\n  three\n"},
		{"keeps a long word whole", "one sha256:0123456789", 10, "> one\n  sha256:0123456789\n"},
		{"keeps a number by its unit", "is 20" + glue + "% now", 8, "> is\n  20" + glue + "%\n  now\n"},
		{"keeps the indent of a log line", "log:\n    import torch", 30, "> log:\n      import torch\n"},
		{"keeps an empty line", "a\n\nb", 30, "> a\n\n  b\n"},
		{"measures wide characters", "尺寸 尺寸", 8, "> 尺寸\n  尺寸\n"},
		{"empty", "", 30, ">\n"},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, wrap(c.in, "> ", "  ", c.width)) })
	}
}

func TestTextOfNoImages(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, Text.Write(&b, budget.Result{}, Options{}))
	require.Equal(t, "\n0 images; exit status 0\n", b.String())
}
