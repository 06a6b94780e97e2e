package gate

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/importtime"
	"github.com/image-budget/image-budget/internal/metric"
	"github.com/image-budget/image-budget/internal/trial"
)

// mostPackages is how many a reader is told of: the first few are the cause.
const mostPackages = 5

// What is worth a reader's time, as a part of all that was imported: a package,
// and what it imported besides itself.
const (
	leastNamed   = 100
	leastBesides = 20
)

// timeImports starts each image of a cold start's trials once more under
// Python's import timer, where that was asked for, and says in the candidate's
// value, that of the last arm, what was seen. No time of such a start counts.
func (m *Machine) timeImports(ctx context.Context, bench *trial.Bench, name string, values []budget.Value, arms ...trial.Arm) {
	last := len(arms) - 1
	of := &values[last]
	if !m.ImportTime || len(of.Samples) == 0 {
		return
	}
	seen := make([]importtime.Report, len(arms))
	var err error // of the candidate's start, in the end
	for i, arm := range arms {
		text := "timing the imports"
		if len(arms) > 1 {
			text += " of the " + arm.Name + " image"
		}
		m.progress(name, "%s", text)
		if seen[i], err = bench.ImportTime(ctx, arm.Image); err != nil {
			of.Notes = append(of.Notes, fmt.Sprintf("%s (--import-time): %s", text, firstLine(err)))
		}
	}
	now := seen[last]
	switch {
	case now.Modules == 0 && err != nil: // which says it all
	case now.Modules == 0:
		of.Notes = append(of.Notes, "no Python imports were seen (--import-time): the image starts no Python of 3.7 or later, or starts it with -E or -I, or its standard error does not reach the container's log")
	case last > 0 && seen[0].Modules > 0:
		of.Detail = importsBeside(seen[0], now)
	default:
		of.Detail = importsOf(now)
	}
	if now.Cut {
		of.Notes = append(of.Notes, fmt.Sprintf("only the first %d MiB of the log were read for imports (--import-time)", importtime.Limit>>20))
	}
}

// untimedImports says that there was nothing to time, where it was asked for.
func (m *Machine) untimedImports(now budget.Measurement) []string {
	if !m.ImportTime || len(now.Metrics[metric.ColdStart.Name].Samples) > 0 {
		return nil
	}
	return []string{"no imports were timed (--import-time), since " + metric.ColdStart.Name + " was not measured"}
}

// importsOf names the packages of one image that took most.
func importsOf(r importtime.Report) string {
	var slowest []string
	for _, p := range r.Packages[:min(len(r.Packages), mostPackages)] {
		if p.Self < r.Total/leastNamed {
			break
		}
		text := p.Name + " " + seconds(p.Self)
		if p.Cumulative-p.Self > r.Total/leastBesides {
			text += fmt.Sprintf(" (%s with what it imports)", seconds(p.Cumulative))
		}
		slowest = append(slowest, text)
	}
	return fmt.Sprintf("imports took %s: %s; of one start under Python's import timer, which slows it",
		seconds(r.Total), strings.Join(slowest, ", "))
}

// importsBeside names the packages that take longer than in the baseline image.
func importsBeside(base, now importtime.Report) string {
	grown := importtime.Grown(base, now)
	if len(grown) == 0 {
		return fmt.Sprintf("no package takes notably longer to import than in the baseline image, where imports took %s; %s", seconds(base.Total), importsOf(now))
	}
	var words []string
	for _, g := range grown[:min(len(grown), mostPackages)] {
		text := g.Name + " +" + seconds(g.By())
		if g.Was > 0 {
			text += fmt.Sprintf(" (%s)", seconds(g.Self))
		} else {
			text += " (new)"
		}
		words = append(words, text)
	}
	if left := len(grown) - len(words); left > 0 {
		words = append(words, fmt.Sprintf("and %d more", left))
	}
	return fmt.Sprintf("imports took %s, and %s in the baseline image: %s; of one start of each under Python's import timer, which slows it",
		seconds(now.Total), seconds(base.Total), strings.Join(words, ", "))
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f s", d.Seconds()) }

// firstLine is an error without what a container wrote.
func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}
