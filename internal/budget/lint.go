package budget

import (
	"fmt"

	"github.com/image-budget/image-budget/internal/lint"
)

// Lint says what the findings of lint do to the verdict on an image.
type Lint string

// What findings may do.
const (
	LintOff   Lint = "off"   // nothing is looked at
	LintWarn  Lint = "warn"  // they are shown
	LintError Lint = "error" // those that are warnings or errors are a regression
)

// lints is every value of the key lint.
var lints = []string{string(LintOff), string(LintWarn), string(LintError)}

// Linted is what the rules found in a candidate and in what it was built from.
type Linted struct {
	Findings []lint.Finding
	Faults   []string // what could not be held against the rules, and why
}

// mostLintCauses is how many findings are told as causes, one each.
const mostLintCauses = 5

// lint adds what the rules found. Where it counts, what could not be looked at is
// no pass either.
func (r *ImageResult) lint(level Lint, of *Linted) {
	if of == nil || level == LintOff {
		return
	}
	r.Lint = of.Findings
	for _, fault := range of.Faults {
		r.Warnings = append(r.Warnings, "lint: "+fault)
	}
	if level != LintError {
		return
	}
	if len(of.Faults) > 0 {
		r.LintVerdict = Unmeasured
	}
	counted := 0
	for _, f := range lint.ByWeight(of.Findings) {
		if !f.Severity.AtLeast(lint.Warning) {
			continue
		}
		if counted++; counted <= mostLintCauses {
			r.Causes = append(r.Causes, "lint: "+lintCause(f))
		}
	}
	if counted > 0 {
		r.LintVerdict = Regression
	}
	if more := counted - mostLintCauses; more > 0 {
		r.Causes = append(r.Causes, fmt.Sprintf("lint: %d more of these", more))
	}
	if r.LintVerdict != "" {
		r.Verdict = worse(r.Verdict, r.LintVerdict)
	}
}

// lintCause is a finding in one line: the rule, the place, and what was found.
func lintCause(f lint.Finding) string {
	switch {
	case f.File == "":
		return fmt.Sprintf("%s: %s", f.Rule, f.Message)
	case f.Line == 0:
		return fmt.Sprintf("%s at %s: %s", f.Rule, f.File, f.Message)
	}
	return fmt.Sprintf("%s at %s:%d: %s", f.Rule, f.File, f.Line, f.Message)
}
