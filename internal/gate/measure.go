package gate

import (
	"context"
	"time"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/metric"
	"github.com/image-budget/image-budget/internal/trial"
)

// trials and warmUps are how often a timed metric is sampled, and how many
// samples before that are thrown away.
const (
	trials  = 5
	warmUps = 1
)

// measure takes every gated metric of img. What cannot be measured is in the
// measurement with its reason; an error is a fault of the budget, or the end
// of ctx.
func measure(ctx context.Context, b budget.Budget, img *image.Image, at *Machine) (budget.Measurement, error) {
	m := budget.Measurement{
		Image:          b.Image,
		Platform:       img.Platform,
		ConfigDigest:   img.ConfigDigest,
		ManifestDigest: img.ManifestDigest,
		Reference:      reference(b, img),
		Recorded:       time.Now().UTC().Truncate(time.Second),
		Link:           b.Link,
		Metrics:        map[string]budget.Value{},
		Layers:         summaries(img),
	}
	var timed []metric.Metric
	for _, gate := range b.Metrics {
		def, _ := metric.Named(gate.Metric)
		switch {
		case def.Exact != nil:
			n := def.Exact(img)
			m.Metrics[def.Name] = budget.Value{Number: &n}
		case def.Runs && at.NoRun:
			m.Metrics[def.Name] = budget.Value{Reason: "no container was run (--no-run)"}
		default:
			timed = append(timed, def)
		}
	}
	if err := measureTimed(ctx, timed, b, img, at, m.Metrics); err != nil {
		return m, err
	}
	m.RecordedWith = at.host()
	return m, ctx.Err()
}

// measureTimed runs the trials of each metric on one bench, and puts what came
// of them into values.
func measureTimed(ctx context.Context, timed []metric.Metric, b budget.Budget, img *image.Image, at *Machine, values map[string]budget.Value) error {
	if len(timed) == 0 {
		return nil
	}
	on, err := at.engine.get(ctx)
	if err != nil {
		for _, def := range timed {
			values[def.Name] = budget.Value{Reason: budget.Reason(err)}
		}
		return ctx.Err()
	}
	bench := trial.New(trial.Options{
		Engine: on, Blobs: at.store, Session: at.session,
		Link: b.Link, Health: b.Health, Run: b.Run, Progress: at.Sources.Progress,
	})
	defer func() {
		// What was measured stands. What is left is tried again when the machine
		// is closed, and reported there.
		if closing := bench.Close(ctx); closing != nil {
			at.progress(b.Name, "cleaning up: %v", closing)
		}
	}()
	plan := trial.Plan{Name: b.Name, Rounds: trials, Discard: warmUps, Progress: at.Sources.Progress}
	for _, def := range timed {
		taken, err := trial.Series(ctx, def, bench, plan, trial.Arm{Image: img})
		if err != nil {
			return err
		}
		values[def.Name] = taken[0]
	}
	return nil
}

// reference is where the image can be had again: only a registry's digest says
// that for good.
func reference(b budget.Budget, img *image.Image) string {
	if b.Source.Pull == "" {
		return ""
	}
	return img.Reference
}
