package report

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
)

func markdownOf(t *testing.T, r budget.Result) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, Markdown.Write(&b, r, Options{}))
	return b.String()
}

// Every row of every table has as many cells as its head, whatever is in them.
func TestMarkdownTables(t *testing.T) { // C3
	for _, r := range results {
		t.Run(r.name, func(t *testing.T) {
			tables, columns := 0, 0
			for _, line := range outsideFences(markdownOf(t, r.result)) {
				if !strings.HasPrefix(line, "|") {
					columns = 0
					continue
				}
				if columns == 0 {
					tables, columns = tables+1, strings.Count(line, "|")
				}
				require.Equal(t, columns, strings.Count(line, "|"), line)
			}
			require.Equal(t, len(r.result.Images), tables)
		})
	}
}

// codeSpan is a code span whose fence is not part of a longer run; what is
// left when all of them are gone is what Markdown interprets.
var codeSpan = regexp.MustCompile("(?:^|[^`])(`([^`]+)`|``((?:[^`]|`[^`])+)``|`{8}((?:[^`]|`{1,7}[^`])+)`{8})(?:[^`]|$)")

// Outside of code there is not a character that came from outside.
func TestMarkdownIsInert(t *testing.T) { // C3
	text := markdownOf(t, run(1, hostile()))
	require.NotContains(t, text, "<!--")
	for _, line := range outsideFences(text) {
		rest := line
		for codeSpan.MatchString(rest) {
			span := codeSpan.FindStringSubmatch(rest)[1]
			rest = strings.Replace(rest, span, "", 1)
		}
		for _, alive := range []string{"`", "@", "![", "](", "http", "<img", "<b>", "evil", "#1", "team"} {
			require.NotContains(t, rest, alive, "from %q", line)
		}
	}
}

func TestSpan(t *testing.T) {
	for in, want := range map[string]string{
		"size":       "`size`",
		"a`b":        "``a`b``",
		"`a`":        "`` `a` ``",
		"``":         "``` `` ```",
		"a|b":        "`a\\x7cb`",
		"":           "-",
		"  ":         "-",
		"a\nb":       "`a^Jb`",
		"<!-- x -->": "`<\\x21-- x -->`",
	} {
		require.Equal(t, want, span(in))
	}
}

// A report that is too long for a comment keeps its verdicts, says what it
// left out, and leaves nothing open.
func TestMarkdownIsBounded(t *testing.T) { // C7
	var images []budget.ImageResult
	for i := range 300 {
		img := hostile()
		img.Name = fmt.Sprintf("image-%d", i)
		images = append(images, img)
	}
	text := markdownOf(t, run(1, images...))
	require.LessOrEqual(t, utf8.RuneCountInString(text), 65536)
	require.Contains(t, text, "left out")
	require.Contains(t, text, "**FAIL** `image-299`")
	require.Equal(t, strings.Count(text, "<details>"), strings.Count(text, "\n</details>"))
}

// outsideFences are the lines that are in no fenced block.
func outsideFences(text string) []string {
	var lines []string
	fence := ""
	for _, line := range strings.Split(text, "\n") {
		run := line[:len(line)-len(strings.TrimLeft(line, "`"))]
		switch {
		case fence == "" && len(run) >= 3 && !strings.Contains(line[len(run):], "`"):
			fence = run
		case fence != "" && line == run && len(run) >= len(fence):
			fence = ""
		case fence == "":
			lines = append(lines, line)
		}
	}
	return lines
}
