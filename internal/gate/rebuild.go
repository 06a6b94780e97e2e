package gate

import (
	"context"

	"github.com/image-budget/image-budget/internal/baseline"
	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/metric"
	"github.com/image-budget/image-budget/internal/source"
	"github.com/image-budget/image-budget/internal/trial"
)

// holdBuild is hold for a metric that builds: what is held against is no image but
// what that is built from, of which the same image is no proof.
func (h How) holdBuild(ctx context.Context, b budget.Budget, def metric.Metric, a *accepted, s *search, at *Machine) (budget.Value, error) {
	value := s.of.Metrics[def.Name]
	if h.Compare == Recorded {
		return value, nil
	}
	var err error
	if h.Against != "" {
		a.sources, err = baseline.NamedSources(ctx, b, h.Against, at.Sources)
	} else {
		a.sources, err = baseline.FindSources(ctx, b, s.of.For(def.Name), at.Sources)
	}
	switch {
	case err != nil:
		return value, err
	case a.sources.Had():
		// The image stands for its build: nothing but that is looked at.
		a.images[def.Name] = &image.Image{Reference: b.Image, Platform: b.Platform}
		return budget.Value{Compared: budget.SideBySide, Why: a.sources.Way}, nil
	case h.Compare == SideBySide || h.Against != "":
		return budget.Value{Compared: budget.SideBySide, Reason: a.sources.Way}, nil
	}
	s.notes = append(s.notes, def.Name+" is compared with recorded samples, since "+a.sources.Way)
	return value, nil
}

// release removes what was checked out to compare with.
func (a *accepted) release(ctx context.Context, at *Machine) {
	if err := a.sources.Remove(ctx, at.Sources); err != nil {
		at.progress("cleaning up", "%v", err) // it is tried again when the machine is closed, and reported there
	}
}

// builds is how the images of b's trials are built again, where a metric needs
// that: the candidate, and beside it the accepted one. What the candidate cannot
// be built from any more leaves those metrics unmeasured.
func builds(b budget.Budget, candidate *image.Image, a *accepted, now *budget.Measurement) map[*image.Image]trial.Build {
	all := map[*image.Image]trial.Build{}
	for _, def := range timed(b) {
		if !def.Builds {
			continue
		}
		req, err := source.Request(b)
		if err != nil {
			now.Metrics[def.Name] = budget.Value{Reason: budget.Reason(err)}
			continue
		}
		all[candidate] = trial.Build{Request: req, Touch: b.Rebuild.Touch}
		if a != nil && a.images[def.Name] != nil {
			all[a.images[def.Name]] = trial.Build{Request: a.sources.Build, Touch: a.sources.Touch}
		}
	}
	return all
}

// beside adds what was lost in the baseline to what was lost now, of two values of
// a metric that builds.
func beside(def metric.Metric, values []budget.Value) {
	was, now := values[0].Detail, &values[1].Detail
	if def.Builds && was != "" && *now != "" {
		*now += "; in the baseline " + was
	}
}
