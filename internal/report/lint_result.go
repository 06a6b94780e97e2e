package report

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/lint"
)

// mostLint is how many findings of lint a report of the gate shows, which is about
// something else.
const mostLint = 10

// lintTitle is how many findings there are: "lint: 3 findings (1 error, 2 warnings)".
func lintTitle(img budget.ImageResult) string {
	return "lint: " + count(len(img.Lint), "finding") + " (" + bySeverity(img.Lint) + ")"
}

// lintShown is the heaviest findings, and how to see the others; empty where there
// are none.
func lintShown(img budget.ImageResult, quote quoting) (shown []lint.Finding, more string) {
	shown = lint.ByWeight(img.Lint)
	if len(shown) <= mostLint {
		return shown, ""
	}
	more = fmt.Sprintf("%d more: ", len(shown)-mostLint)
	if slices.ContainsFunc(shown[mostLint:], func(f lint.Finding) bool { return f.File != "" }) {
		return shown[:mostLint], more + quote(lintCommand(img)) + " shows all"
	}
	return shown[:mostLint], more + "the JSON report has all"
}

// lintCommand shows the findings of what is built, with why and what to do.
func lintCommand(img budget.ImageResult) string {
	command := "image-budget lint"
	if dir := path.Dir(img.Budget); dir != "budgets" && plainPath.MatchString(dir) {
		command += " --dir " + dir
	}
	return command
}

// lintHeadline says that findings, or what could not be looked at, are why the
// image did not pass; empty where they are not.
func lintHeadline(img budget.ImageResult, quote quoting) string {
	switch img.LintVerdict {
	case budget.Regression:
		var rules []string
		for _, f := range lint.ByWeight(img.Lint) {
			if rule := quote(f.Rule); f.Severity.AtLeast(lint.Warning) && !slices.Contains(rules, rule) {
				rules = append(rules, rule)
			}
		}
		const most = 3
		if more := len(rules) - most; more > 0 {
			rules = append(rules[:most], count(more, "other rule"))
		}
		return "lint: it breaks " + list(rules)
	case budget.Unmeasured:
		return "lint: what it is built from could not be looked at, as a warning below says"
	}
	return ""
}

// lintNext is what to do about findings that count.
func lintNext(img budget.ImageResult, quote quoting) []string {
	if img.LintVerdict != budget.Regression {
		return nil
	}
	if !slices.ContainsFunc(img.Lint, func(f lint.Finding) bool { return f.File != "" && f.Severity.AtLeast(lint.Warning) }) {
		return []string{"mend what lint found in the image"}
	}
	return []string{fmt.Sprintf("mend what lint found: %s says how, or accept it with a comment in the Dockerfile: %s", quote(lintCommand(img)), quote("# image-budget: ignore=RULE reason"))}
}

// lint is what there is to say of the findings under an image's table.
func (p *page) lint(img budget.ImageResult) {
	if len(img.Lint) == 0 {
		return
	}
	p.WriteString("\n")
	p.say(lintTitle(img), "", "  ")
	shown, more := lintShown(img, command)
	for _, f := range shown {
		p.finding(f, "  ")
	}
	if more != "" {
		p.say(more, "  ", "    ")
	}
}

// markdownLint folds the findings away.
func markdownLint(img budget.ImageResult) string {
	if len(img.Lint) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("<details><summary>" + lintTitle(img) + "</summary>\n\n")
	shown, more := lintShown(img, span)
	for _, f := range shown {
		fmt.Fprintf(&b, "- %s: %s: %s: %s\n", code(place(f)), f.Severity, span(f.Rule), span(f.Message))
	}
	if more != "" {
		b.WriteString("- " + more + "\n")
	}
	b.WriteString("\n</details>\n\n")
	return b.String()
}

// htmlMostLint is how many findings a page shows: it has room for what to do.
const htmlMostLint = 100

func htmlLint(img budget.ImageResult) *htmlTable {
	if len(img.Lint) == 0 {
		return nil
	}
	t := &htmlTable{Caption: lintTitle(img), Heads: []htmlHead{{"where", htmlCode}, {"severity", ""}, {"rule", htmlCode}, {"what was found", ""}, {"what to do", ""}}}
	all := lint.ByWeight(img.Lint)
	for _, f := range all[:min(len(all), htmlMostLint)] {
		t.Rows = append(t.Rows, htmlTableRow{Cells: []htmlCell{
			{Text: place(f), Class: htmlCode}, {Text: cleanName(string(f.Severity))}, {Text: cleanName(f.Rule), Class: htmlCode},
			{Text: Clean(f.Message)}, {Text: Clean(f.Fix)},
		}})
	}
	if more := len(all) - htmlMostLint; more > 0 {
		t.Note = fmt.Sprintf("%d more: the JSON report has all.", more)
	}
	return t
}
