package gate

import (
	"context"
	"time"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/layer"
	"github.com/image-budget/image-budget/internal/metric"
	"github.com/image-budget/image-budget/internal/trial"
)

// How often a timed metric is sampled where no comparison says when it is
// enough: for figures alone, and for a baseline, which later samples are to be
// told from where its image is not to be had. Warm-ups come before and are
// thrown away.
const (
	measureRounds = 5
	recordRounds  = 10
	warmUps       = 1
)

// largestFiles is how many of an image's files a report may name.
const largestFiles = 20

// exact is the measurement of an image as far as no trial is needed for it.
func (m *Machine) exact(ctx context.Context, b budget.Budget, img *image.Image) (budget.Measurement, error) {
	of, err := m.inventory(ctx, img)
	if err != nil {
		return budget.Measurement{}, err
	}
	return budget.MeasureExact(b, img, of), nil
}

// look is what is to be told of a candidate before it is tried: exact metrics, what
// is wrong with how it is built, and what is known to be wrong with what it holds.
func (m *Machine) look(ctx context.Context, b budget.Budget, candidate *image.Image) (now budget.Measurement, err error) {
	if now, err = m.exact(ctx, b, candidate); err != nil {
		return now, err
	}
	now.Lint = lintCandidate(ctx, b, candidate, now.Contents)
	now.Scan, err = m.scan(ctx, b, candidate, now)
	return now, err
}

// inventory is what an image is made of.
func (m *Machine) inventory(ctx context.Context, img *image.Image) (*inventory.Inventory, error) {
	return inventory.Take(img, layer.Contents(ctx, m.store, img), inventory.Options{Files: largestFiles, Parts: true})
}

// measure takes every gated timed metric of img by itself. What cannot be measured
// is in now with its reason; an error is a fault of the budget, or the end of ctx.
// It returns what there is to say of other gates.
func (m *Machine) measure(ctx context.Context, b budget.Budget, img *image.Image, now *budget.Measurement, rounds int, limit time.Duration) ([]string, error) {
	var notes []string
	err := m.run(ctx, sampling{budget: b, now: now, builds: builds(b, img, nil, now), limit: limit, notes: &notes, sample: func(on *trial.Bench, def metric.Metric, until time.Time) error {
		plan := trial.Plan{Name: b.Name, Rounds: rounds, Discard: warmUps, Progress: m.Sources.Progress, Until: until}
		arm := trial.Arm{Image: img}
		values, err := trial.Series(ctx, def, on, plan, arm)
		if err != nil {
			return err
		}
		if def.Runs {
			m.timeImports(ctx, on, b.Name, values, arm)
		}
		now.Metrics[def.Name] = values[0]
		return nil
	}})
	return append(notes, m.untimedImports(*now)...), err
}
