package report

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/stats"
)

// next is what to do now, one line each; empty when there is nothing to do.
func next(img budget.ImageResult, quote quoting) []string {
	record := quote(recordCommand(img))
	var steps []string
	has := func(v budget.Verdict) bool {
		return slices.ContainsFunc(img.Metrics, func(row budget.Row) bool { return row.Verdict == v })
	}
	if img.Budget == "" {
		return nil
	}
	switch {
	case has(budget.Regression) && named(img):
		steps = append(steps, "undo the growth")
	case has(budget.Regression):
		steps = append(steps, fmt.Sprintf("undo the growth, or accept it: %s and commit the baseline", record))
	}
	if has(budget.OverMax) {
		steps = append(steps, fmt.Sprintf("get below the max, or raise it in %s", quote(img.Budget)))
	}
	steps = append(steps, lintNext(img, quote)...)
	if step := scanNext(img, quote); step != "" {
		steps = append(steps, step)
	}
	steps = append(steps, decide(img.Metrics)...)
	if slices.ContainsFunc(img.Metrics, func(row budget.Row) bool { return undecidedVerb(row) == unmeasuredVerb }) {
		steps = append(steps, fmt.Sprintf("see above why; %s checks this machine", quote("image-budget doctor")))
	}
	if has(budget.New) && !has(budget.Unmeasured) { // record writes whole baselines only
		steps = append(steps, fmt.Sprintf("commit the budget and what it builds from, record a baseline: %s, and commit that", record))
	}
	return steps
}

// decide is what settles rows that are inconclusive.
func decide(rows []budget.Row) []string {
	var steps []string
	say := func(step string) {
		if !slices.Contains(steps, step) {
			steps = append(steps, step)
		}
	}
	for _, row := range rows {
		switch {
		case row.Verdict != budget.Inconclusive:
		case row.Compared == budget.Recorded:
			say("have the baseline image measured beside it, as a warning above says, or record on this kind of machine")
		case row.Pairs < stats.Looks[len(stats.Looks)-1]:
			say("give it more time or pairs (--max-duration, --max-pairs)")
		default:
			say("run it again on a machine with less other work")
		}
	}
	return steps
}

// recordCommand is what accepts the image's measurement. A name that a shell
// could take for more than a name is left out: every budget is recorded then.
// The folder is named where it is not the default.
func recordCommand(img budget.ImageResult) string {
	name := strings.TrimSuffix(path.Base(img.Budget), ".yaml")
	command := "image-budget record"
	switch dir := path.Dir(img.Budget); {
	case dir == "budgets": // the default
	case plainPath.MatchString(dir):
		command += " --dir " + dir
	default:
		return command
	}
	if plainName.MatchString(name) {
		command += " " + name
	}
	return command
}

var plainPath = regexp.MustCompile(`^[A-Za-z0-9./][A-Za-z0-9./_-]*$`)

var plainName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)
