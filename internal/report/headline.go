package report

import (
	"fmt"
	"strings"

	"github.com/image-budget/image-budget/internal/budget"
)

// quoting is how a format shows a text from outside amid its own words.
type quoting func(string) string

// words are what a headline begins with. The two verdicts of an image that is
// out of its budget share one.
var words = map[budget.Verdict]string{
	budget.Pass:         "PASS",
	budget.Regression:   "FAIL",
	budget.OverMax:      "FAIL",
	budget.Inconclusive: "INCONCLUSIVE",
	budget.Unmeasured:   "UNMEASURED",
	budget.New:          "NEW",
}

func word(img budget.ImageResult) string {
	if measuredOnly(img) {
		return "MEASURED"
	}
	if w, ok := words[img.Verdict]; ok {
		return w
	}
	return strings.ToUpper(cleanName(string(img.Verdict)))
}

// measuredOnly is an image without a budget, as measure reports it.
func measuredOnly(img budget.ImageResult) bool {
	return img.Budget == "" && img.Verdict == budget.New
}

// broken reports whether the row is why its image did not pass.
func broken(row budget.Row) bool {
	return row.Verdict != budget.Pass && row.Verdict != budget.New
}

// headline says what broke, a sentence each, or in one that nothing did: what
// somebody whose build went red has to read.
func headline(img budget.ImageResult, quote quoting) []string {
	var parts []string
	passed := 0
	for _, v := range []budget.Verdict{budget.Regression, budget.OverMax} {
		for _, row := range img.Metrics {
			if row.Verdict == v {
				parts = append(parts, exceeded(row, heldAgainst(img, quote), quote))
			}
		}
	}
	if text := lintHeadline(img, quote); text != "" {
		parts = append(parts, text)
	}
	if said := scanHeadline(img, quote); said != "" {
		parts = append(parts, said)
	}
	open := undecided(img.Metrics, quote)
	if img.Verdict != budget.Pass { // else the budget lets it pass, and a warning says so
		parts = append(parts, open...)
	}
	for _, row := range img.Metrics {
		if row.Verdict == budget.Pass {
			passed++
		}
	}
	switch {
	case len(parts) > 0:
		return parts
	case measuredOnly(img):
		return []string{count(len(img.Metrics), "metric")}
	case img.Verdict == budget.New:
		return []string{"measured, but there is no baseline to compare with yet"}
	case img.Verdict == budget.Pass && len(open) > 0:
		return []string{fmt.Sprintf("%d of %d metrics inside the budget, the others undecided, which the budget lets pass", passed, len(img.Metrics))}
	case img.Verdict == budget.Pass && img.Scan != nil:
		return []string{fmt.Sprintf("%s, and no new vulnerability of %s or above", inside(passed, len(img.Metrics)), img.Scan.FailOn)}
	case img.Verdict == budget.Pass:
		return []string{inside(passed, len(img.Metrics))}
	case len(img.Causes) > 0:
		return []string{quote(firstLine(img.Causes[0]))}
	}
	return []string{"no metric says why"}
}

func inside(passed, all int) string {
	switch {
	case all == 1:
		return "1 metric, inside the budget"
	case passed == all:
		return fmt.Sprintf("%d metrics, all inside the budget", all)
	}
	return fmt.Sprintf("%d of %d metrics inside the budget, the others new", passed, all)
}

// heldAgainst is what a change is a change from.
func heldAgainst(img budget.ImageResult, quote quoting) string {
	if named(img) {
		return quote(img.Baseline)
	}
	return "its baseline"
}

// named reports whether the image was held against another one than its
// baseline file is of.
func named(img budget.ImageResult) bool {
	return img.Baseline != "" && img.Baseline != budget.BaselinePath(img.Budget)
}

// exceeded says by how much a row broke its limits.
func exceeded(row budget.Row, baseline string, quote quoting) string {
	now, base := scales(row)
	name, grown := quote(row.Name), strings.TrimPrefix(change(row), "+")
	switch {
	case row.Verdict == budget.OverMax:
		text := fmt.Sprintf("%s is %s, over its max of %s", name, now.format(row.Value), ceiling(row.Unit, row.Max))
		if row.Change != nil && *row.Change > row.Tolerance {
			text += fmt.Sprintf(", and %s over %s", grown, baseline)
		}
		return text
	case row.Change == nil: // a baseline of 0
		return fmt.Sprintf("%s grew from %s to %s", name, base.format(row.Baseline), now.format(row.Value))
	}
	return fmt.Sprintf("%s is %s over %s (limit %s)", name, grown, baseline, tolerance(row.Tolerance))
}

// undecided says which rows have no answer and why, rows with one and the same
// reason together: an engine that is down is one cause, not five.
func undecided(rows []budget.Row, quote quoting) []string {
	var parts []string
	said := map[string]bool{}
	for i, row := range rows {
		verb := undecidedVerb(row)
		if verb == "" || said[verb+row.Reason] {
			continue
		}
		said[verb+row.Reason] = true
		var names []string
		for _, other := range rows[i:] {
			if undecidedVerb(other) == verb && other.Reason == row.Reason {
				names = append(names, quote(other.Name))
			}
		}
		part := list(names) + " " + verb
		if row.Reason != "" {
			part += ": " + quote(firstLine(row.Reason))
		}
		parts = append(parts, part)
	}
	return parts
}

const unmeasuredVerb = "could not be measured"

// undecidedVerb is what happened to a row without an answer; empty for one
// that has an answer.
func undecidedVerb(row budget.Row) string {
	switch row.Verdict {
	case budget.Pass, budget.New, budget.Regression, budget.OverMax:
		return ""
	case budget.Inconclusive:
		return "could not be decided"
	}
	if row.Value != nil {
		return "could not be compared"
	}
	return unmeasuredVerb
}

// firstLine is the first line of a reason, less a clause that only introduces
// the lines after it: "exited with code 1; its last log lines:".
func firstLine(s string) string {
	first, _, more := strings.Cut(strings.TrimSpace(s), "\n")
	first = strings.TrimSpace(first)
	if clause := strings.LastIndex(first, "; "); more && clause > 0 && strings.HasSuffix(first, ":") {
		first = first[:clause]
	}
	return strings.TrimSuffix(first, ":")
}

func list(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
