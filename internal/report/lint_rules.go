package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/image-budget/image-budget/internal/lint"
)

// LintRules lists rules, a line each, however long.
func LintRules(w io.Writer, rules []lint.About, o Options) error {
	p := newPage(o)
	l := listing{
		title: count(len(rules), "rule"),
		grid:  grid{heads: []string{"rule", "severity", "of", "what it finds"}, right: make([]bool, 4)},
	}
	for _, r := range rules {
		l.add(r.Name, string(r.Severity), string(r.Of), r.Summary)
	}
	p.list(l)
	return deliver(w, []byte(strings.TrimPrefix(unglue(p.String()), "\n")))
}

// LintRule is all that there is to read about one rule.
func LintRule(w io.Writer, about lint.About, o Options) error {
	p := newPage(o)
	p.line(bold, about.Name)
	p.say(fmt.Sprintf("%s (%s, %s)", about.Summary, about.Severity, about.Of), "", "  ")
	if about.Doc != "" {
		p.WriteString("\n")
		p.say(strings.TrimSpace(about.Doc), "", "")
	}
	if about.Why+about.Fix+about.URL != "" {
		p.WriteString("\n")
	}
	for _, part := range [][2]string{{"why: ", about.Why}, {"fix: ", about.Fix}, {"see: ", about.URL}} {
		if part[1] != "" {
			p.say(part[0]+part[1], "", "     ")
		}
	}
	for _, example := range [][2]string{{"bad", about.Bad}, {"good", about.Good}} {
		code := strings.TrimSpace(example[1])
		if code == "" {
			continue
		}
		p.WriteString("\n")
		p.line(bold, example[0]+":")
		p.WriteString(belowRow + strings.ReplaceAll(code, "\n", "\n"+belowRow) + "\n")
	}
	return deliver(w, []byte(unglue(p.String())))
}
