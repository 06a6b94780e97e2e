package gate

import (
	"cmp"
	"context"
	"maps"
	"time"

	"github.com/image-budget/image-budget/internal/baseline"
	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/metric"
	"github.com/image-budget/image-budget/internal/stats"
)

// Compare is how timed metrics are to be compared.
type Compare string

// The ways to compare. Auto measures the baseline image beside the candidate
// where that can be had and is needed, and falls back on what was recorded.
const (
	Auto       Compare = "auto"
	SideBySide Compare = "side-by-side" // every pair, and nothing else
	Recorded   Compare = "recorded"     // the recorded samples, and nothing else
)

// Compares is every way to compare.
var Compares = []Compare{Auto, SideBySide, Recorded}

// MostPairs is after how many the rule decides in any case.
var MostPairs = stats.Looks[len(stats.Looks)-1]

// DefaultDuration is how long the trials of one image may take.
const DefaultDuration = 10 * time.Minute

// How says how a check compares. The zero How is Auto, with the rule's own
// number of pairs and DefaultDuration.
type How struct {
	Compare     Compare
	Against     string        // another image than the recorded one, see baseline.Named; may be empty
	MaxPairs    int           // of trials, or of samples where there are no pairs; 0 for as many as the rule takes
	MaxDuration time.Duration // of the trials of one image
	MaxAge      time.Duration // of a baseline; 0 for any
	FailFast    bool          // no trial once an exact metric has failed
}

// recorded reads the baseline file; nil where there is none yet.
func (h How) recorded(b budget.Budget) (*budget.Measurement, error) {
	recorded, err := budget.BaselineFor(b)
	if err != nil || recorded == nil {
		return nil, err
	}
	return recorded, budget.Stale(b, *recorded, h.MaxAge, time.Now())
}

// accepted is what a candidate is held against.
type accepted struct {
	measurement *budget.Measurement // its timed values say how they are compared; nil without a baseline
	image       *image.Image        // to be measured beside the candidate; nil when it is not needed or not to be had
	from        string              // what --against named; empty for the baseline file
	drift       []string            // what was there before the candidate's change
	notes       []string            // what else a reader should know
}

// accept settles what the candidate is held against, and gets the image of it
// where a timed metric needs that.
func (h How) accept(ctx context.Context, b budget.Budget, recorded *budget.Measurement, now budget.Measurement, at *Machine) (*accepted, error) {
	var found baseline.Found
	var err error
	a := &accepted{measurement: recorded, from: h.Against}
	switch {
	case h.Against != "":
		if found, err = baseline.Named(ctx, b, h.Against, at.Sources); err != nil {
			return nil, err
		}
		named := budget.MeasureExact(b, found.Image)
		a.measurement = &named
	case recorded == nil:
		return a, nil
	case h.looksForImage(b, *recorded, now):
		if found, err = baseline.Find(ctx, b, *recorded, at.Sources); err != nil {
			return nil, err
		}
		if found.Image == nil && h.Compare != SideBySide {
			a.notes = append(a.notes, "times are compared with recorded samples, since "+found.Way)
		}
	}
	a.image = found.Image
	if found.Built != "" && recorded != nil {
		a.drift = budget.Drift(b, *recorded, budget.MeasureExact(b, found.Image), now, found.Built)
	}
	values := maps.Clone(a.measurement.Metrics)
	for _, def := range timed(b) {
		values[def.Name] = h.held(def, *a.measurement, now, found)
	}
	held := *a.measurement
	held.Metrics = values
	a.measurement = &held
	return a, nil
}

// looksForImage reports whether a timed metric needs the baseline image.
func (h How) looksForImage(b budget.Budget, recorded, now budget.Measurement) bool {
	for _, def := range timed(b) {
		if h.Compare != Recorded && h.identical(def, recorded, now) == "" {
			return true
		}
	}
	return false
}

// identical says why the ratio of a metric is 1 by construction, where it is and
// may be taken as such.
func (h How) identical(def metric.Metric, base, now budget.Measurement) string {
	if cmp.Or(h.Compare, Auto) != Auto {
		return ""
	}
	why := budget.SameImage(base, now)
	if why == "" && def.OfBytes {
		why = budget.SameLayers(base, now)
	}
	return why
}

// held is a baseline's value of a timed metric with how it is to be compared.
func (h How) held(def metric.Metric, base, now budget.Measurement, found baseline.Found) budget.Value {
	value := base.Metrics[def.Name]
	switch why := h.identical(def, base, now); {
	case why != "":
		value.Compared, value.Why = budget.Identical, why
	case found.Image != nil:
		value = budget.Value{Compared: budget.SideBySide, Why: found.Way}
	case h.Compare == SideBySide:
		value = budget.Value{Compared: budget.SideBySide, Reason: found.Way}
	default:
		value.Compared = budget.Recorded
	}
	return value
}

// timed lists b's timed metrics.
func timed(b budget.Budget) []metric.Metric {
	var all []metric.Metric
	for _, g := range b.Metrics {
		if def, ok := metric.Named(g.Metric); ok && def.Timed() {
			all = append(all, def)
		}
	}
	return all
}

// explained adds to a result what the comparison cannot know.
func (a *accepted) explained(result budget.ImageResult) budget.ImageResult {
	if a.from != "" {
		result.Baseline = a.from
	}
	result.Causes = append(result.Causes, a.drift...)
	result.Warnings = append(result.Warnings, a.notes...)
	return result
}
