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
	measurement *budget.Measurement     // its timed values say how they are compared; nil without a baseline
	images      map[string]*image.Image // by timed metric, to be measured beside the candidate; none where it is not needed or not to be had
	from        string                  // what --against named; empty for the baseline file
	named       *image.Image            // which is this image; nil for the baseline file
	sources     baseline.Sources        // what its image is built from, where a metric needs that
	drift       []string                // what was there before the candidate's change
	notes       []string                // what else a reader should know
}

// named gets the image that --against names, if there is one. It comes before
// the candidate: a name that leads nowhere is found before anything is built.
func (h How) named(ctx context.Context, b budget.Budget, at *Machine) (baseline.Found, error) {
	if h.Against == "" {
		return baseline.Found{}, nil
	}
	return baseline.Named(ctx, b, h.Against, at.Sources)
}

// accept settles what the candidate is held against, and gets the image of it
// where a timed metric needs that. The result is to be released, also after an error.
func (h How) accept(ctx context.Context, b budget.Budget, recorded *budget.Measurement, named baseline.Found, now budget.Measurement, at *Machine) (a *accepted, err error) {
	a = &accepted{measurement: recorded, images: map[string]*image.Image{}, from: h.Against, named: named.Image}
	if named.Image != nil {
		of, err := at.exact(ctx, b, named.Image)
		if err != nil {
			return a, err
		}
		if recorded != nil {
			of.Scan = recorded.Scan // only the file says what was accepted of it
		}
		a.measurement = &of
	}
	if a.measurement == nil || h.failedAlready(b, a, now) != "" {
		return a, nil // no trial will need an image of it
	}
	search := newSearch(*a.measurement, named)
	held := *a.measurement
	held.Metrics = maps.Clone(held.Metrics)
	for _, def := range timed(b) {
		if def.Builds {
			if held.Metrics[def.Name], err = h.holdBuild(ctx, b, def, a, search, at); err != nil {
				return a, err
			}
			continue
		}
		value, img, err := h.hold(ctx, b, def, now, search, at)
		if err != nil {
			return a, err
		}
		held.Metrics[def.Name], a.images[def.Name] = value, img
	}
	a.measurement, a.notes = &held, search.notes
	if again := search.again; again.Image != nil && recorded != nil {
		then, err := at.exact(ctx, b, again.Image)
		if err != nil {
			return a, err
		}
		a.drift = budget.Drift(b, *recorded, then, now, again.Built)
	}
	return a, nil
}

// hold is the baseline's value of a timed metric with how it is to be compared,
// and the image that is to be measured beside the candidate.
func (h How) hold(ctx context.Context, b budget.Budget, def metric.Metric, now budget.Measurement, s *search, at *Machine) (budget.Value, *image.Image, error) {
	value := s.of.Metrics[def.Name]
	if why := h.identical(def, s.of.For(def.Name), now); why != "" {
		value.Compared, value.Why = budget.Identical, why
		return value, nil, nil
	}
	if h.Compare == Recorded {
		return value, nil, nil
	}
	found, err := s.image(ctx, b, def.Name, at)
	switch {
	case err != nil:
		return value, nil, err
	case found.Image != nil:
		return budget.Value{Compared: budget.SideBySide, Why: found.Way}, found.Image, nil
	case h.Compare == SideBySide:
		return budget.Value{Compared: budget.SideBySide, Reason: found.Way}, nil, nil
	}
	s.lack(def.Name, found)
	return value, nil, nil
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
