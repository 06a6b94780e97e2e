package report

import (
	"fmt"
	"html"
	"io"
	"strings"

	"github.com/image-budget/image-budget/internal/budget"
)

// Markdown is for a comment on a pull request or the summary of a CI job, in
// the dialect of GitHub and GitLab. Text from outside appears in code spans and
// fenced blocks only, where no link, image, mention or HTML comes alive.
var Markdown = Format{
	Name:  "markdown",
	Help:  "for a pull request comment or a job summary",
	Write: writeMarkdown,
}

// maxMarkdown is what GitHub takes as a comment, less room for the line that
// says what was left out.
const maxMarkdown = 65536 - 200

func writeMarkdown(w io.Writer, r budget.Result, _ Options) error {
	d := &document{}
	for _, img := range r.Images {
		d.add(fmt.Sprintf("%s **%s** %s: %s\n\n", signs[word(img)], word(img), span(img.Name), strings.Join(headline(img, span), "; ")))
	}
	for _, img := range r.Images {
		title := ""
		if len(r.Images) > 1 {
			title = "#### " + span(img.Name) + "\n\n"
		}
		d.add(title)
		for _, cause := range img.Causes {
			d.add(said("Cause", cause))
		}
		d.add(markdownTable(img))
		d.add(markdownScan(img))
	}
	for _, img := range r.Images {
		d.add(markdownNext(img))
	}
	for _, img := range r.Images {
		d.add(markdownDetails(img, len(r.Images) > 1))
		d.add(markdownLint(img))
	}
	if d.left > 0 {
		fmt.Fprintf(&d.text, "*%s left out: a comment holds 65,536 characters. The JSON report has everything.*\n", count(d.left, "section"))
	}
	text := strings.TrimRight(d.text.String(), "\n") + "\n"
	return deliver(w, []byte(disarm(unglue(text))))
}

var signs = map[string]string{
	"PASS": "✅", "FAIL": "❌", "INCONCLUSIVE": "⚠️", "UNMEASURED": "⚠️", "NEW": "🆕", "MEASURED": "📏",
}

// document is a Markdown report as it grows, no longer than a comment may be.
type document struct {
	text strings.Builder
	left int // sections that had no room
}

// add appends a whole section or none of it, so that no fence or HTML element
// is left open.
func (d *document) add(section string) {
	if d.text.Len()+len(section) > maxMarkdown {
		d.left++
		return
	}
	d.text.WriteString(section)
}

func markdownTable(img budget.ImageResult) string {
	g := &grid{
		heads: []string{"metric", "now", "baseline", "change", "limit", "max", "verdict", "compared"},
		right: []bool{false, true, true, true, true, true, false, false},
	}
	for _, row := range img.Metrics {
		now, base := scales(row)
		cells := []string{
			span(row.Name), now.format(row.Value), base.format(row.Baseline), change(row),
			tolerance(row.Tolerance), ceiling(row.Unit, row.Max), markdownVerdict(row), "",
		}
		if row.Compared != "" {
			cells[7] = span(string(row.Compared))
		}
		g.rows = append(g.rows, cells)
	}
	g.dropEmpty("now")
	if len(g.heads) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("| " + strings.Join(g.heads, " | ") + " |\n|")
	for _, right := range g.right {
		b.WriteString(map[bool]string{false: ":--|", true: "--:|"}[right])
	}
	b.WriteString("\n")
	for _, cells := range g.rows {
		b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
	}
	return b.String() + "\n"
}

// markdownVerdict is the row's verdict, bold where it broke something.
func markdownVerdict(row budget.Row) string {
	if broken(row) {
		return "**" + span(string(row.Verdict)) + "**"
	}
	return span(string(row.Verdict))
}

func markdownNext(img budget.ImageResult) string {
	var b strings.Builder
	for _, step := range next(img, span) {
		b.WriteString("Next: " + step + ".\n\n")
	}
	return b.String()
}

// markdownDetails folds away what only somebody who looks closer needs.
func markdownDetails(img budget.ImageResult, named bool) string {
	var b strings.Builder
	summary := "Details"
	if named { // in HTML, where a code span would not be one
		summary += " of <code>" + html.EscapeString(unmark(cleanName(img.Name))) + "</code>"
	}
	if n := len(img.Warnings); n > 0 {
		summary += ", " + count(n, "warning")
	}
	b.WriteString("<details><summary>" + summary + "</summary>\n\n")
	for _, field := range [][2]string{
		{"image", img.Name}, {"budget", img.Budget}, {"baseline", img.Baseline}, {"reference", img.Reference},
		{"config", img.ConfigDigest}, {"platform", img.Platform},
	} {
		if field[1] != "" {
			b.WriteString("- " + field[0] + ": " + span(field[1]) + "\n")
		}
	}
	for _, row := range img.Metrics {
		b.WriteString(markdownRow(row))
	}
	b.WriteString("\n")
	for _, row := range img.Metrics {
		if row.Detail != "" {
			b.WriteString(said(span(row.Name), row.Detail))
		}
	}
	for _, r := range grouped(img.Metrics) {
		b.WriteString(said(spans(r.names), r.text))
	}
	b.WriteString(markdownScanDetails(img))
	for _, warning := range img.Warnings {
		b.WriteString(said("warning", warning))
	}
	b.WriteString("</details>\n\n")
	return b.String()
}

// markdownRow is the list entry with a row's exact bytes, phases and samples;
// empty when the table has said everything.
func markdownRow(row budget.Row) string {
	var parts []string
	if text := exactly(row); text != "" {
		parts = append(parts, text)
	}
	if text := timing(row, false); text != "" {
		parts = append(parts, code(unglue(text)))
	}
	if len(row.Samples) > 0 {
		parts = append(parts, code(unglue("samples "+samples(row))))
	}
	if len(parts) == 0 {
		return ""
	}
	return "- " + span(row.Name) + ": " + strings.Join(parts, "; ") + "\n"
}

func spans(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = span(name)
	}
	return list(quoted)
}

// said is a text from outside behind what it is about, one line as a code
// span, several as a fenced block.
func said(about, text string) string {
	text = strings.TrimSpace(text)
	if !strings.Contains(text, "\n") && len(text) <= maxName {
		return about + ": " + span(text) + "\n\n"
	}
	return about + ":\n\n" + fenced(text) + "\n"
}

// span is a name from outside as a code span.
func span(s string) string { return code(cleanName(s)) }

// code is clean text of one line as a code span that nothing in it can end: its
// fence is longer than any run of backticks inside, and a pipe, which would
// end a table's cell even there, is spelled out.
func code(s string) string {
	s = strings.TrimSpace(unmark(s))
	if s == "" {
		return absent
	}
	s = strings.ReplaceAll(s, "|", `\x7c`)
	fence := fenceFor(s, 1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

// fenced is text from outside as a fenced block that no line of it can end.
func fenced(s string) string {
	s = unmark(Clean(s))
	fence := fenceFor(s, 3)
	return fence + "text\n" + s + "\n" + fence + "\n"
}

// fenceFor is a run of backticks longer than any in s, and of least at least.
func fenceFor(s string, least int) string {
	longest, run := 0, 0
	for _, r := range s {
		if r != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return strings.Repeat("`", max(least, longest+1))
}

// unmark breaks HTML comments, by which bots find the comment that is theirs,
// in the raw text and without regard to code spans.
func unmark(s string) string {
	return strings.ReplaceAll(s, "<!--", `<\x21--`)
}
