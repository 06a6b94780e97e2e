package report

import (
	"io"
	"strings"

	"github.com/image-budget/image-budget/internal/lint"
)

// lintText is for a person: a line a finding that editors can follow, under the
// first of each rule why and what to do, file by file; what was accepted; and the
// sum.
func lintText(w io.Writer, run LintRun, _ int, o Options) error {
	p := newPage(o)
	said := map[[2]string]bool{}
	for n, f := range run.Findings {
		if n > 0 && (f.File != run.Findings[n-1].File || f.Image != run.Findings[n-1].Image) {
			p.WriteString("\n")
		}
		p.finding(f, "")
		for _, about := range [][2]string{{"why: ", f.Why}, {"fix: ", f.Fix}, {"see: ", f.URL}} {
			if once := [2]string{f.Rule, about[1]}; about[1] != "" && !said[once] {
				said[once] = true
				p.say(about[0]+Clean(about[1]), belowRow, belowRow+"     ")
			}
		}
	}
	if len(run.Findings) > 0 {
		p.WriteString("\n")
	}
	for _, s := range run.Suppressed {
		p.say(place(s.Finding)+": accepted: "+cleanName(s.Rule)+": "+Clean(s.Reason), "", "  ")
	}
	for _, fault := range run.Faults {
		p.say("not read: "+Clean(fault.Text), "", "  ")
	}
	p.line(summaryStyle(run), lintSummary(run))
	return deliver(w, []byte(disarm(unglue(p.String()))))
}

var severityStyles = map[lint.Severity]style{lint.Error: red, lint.Warning: yellow, lint.Info: dim}

// finding writes the line of a finding behind an indent.
func (p *page) finding(f lint.Finding, indent string) {
	severity := cleanName(string(f.Severity))
	head := indent + place(f) + ": "
	text := wrap(place(f)+": "+severity+": "+cleanName(f.Rule)+": "+Clean(f.Message), indent, indent+"  ", p.Width)
	if rest, whole := strings.CutPrefix(text, head+severity); whole { // on one line
		text = head + severityStyles[f.Severity].apply(severity, p.Color) + rest
	}
	p.WriteString(text)
}

func summaryStyle(run LintRun) style {
	if len(run.Findings)+len(run.Faults) == 0 {
		return green
	}
	return bold
}
