package gate

import (
	"context"
	"time"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/metric"
	"github.com/image-budget/image-budget/internal/stats"
	"github.com/image-budget/image-budget/internal/trial"
)

// trials sample every timed metric of the candidate, beside the accepted image
// where they are to be compared side by side, and puts the values into both
// measurements.
func (h How) trials(ctx context.Context, b budget.Budget, candidate *image.Image, a *accepted, now *budget.Measurement, at *Machine) error {
	defer func() { a.notes = append(a.notes, at.untimedImports(*now)...) }()
	if failed := h.failedAlready(b, a, *now); failed != "" {
		for _, def := range timed(b) {
			now.Metrics[def.Name] = budget.Value{Reason: "not run, since " + failed + " has failed already (--fail-fast)"}
		}
		now.RecordedWith = at.host()
		return nil
	}
	for _, def := range timed(b) { // before the turn is taken: nothing is run for these
		if base := a.base(def.Name); base.Compared == budget.SideBySide && a.images[def.Name] == nil {
			now.Metrics[def.Name] = budget.Value{Reason: "it cannot be compared side by side: " + base.Reason}
		}
	}
	run := sampling{budget: b, now: now, builds: builds(b, candidate, a, now), limit: h.MaxDuration, notes: &a.notes}
	run.sample = func(bench *trial.Bench, def metric.Metric, until time.Time) error {
		plan, arms := h.plan(b, def, candidate, a, *now, at)
		if plan.Rounds > 1 {
			plan.Until = until
		}
		values, err := trial.Series(ctx, def, bench, plan, arms...)
		if err != nil {
			return err
		}
		if def.Runs {
			at.timeImports(ctx, bench, b.Name, values, arms...)
		}
		if len(arms) > 1 {
			beside(def, values)
		}
		now.Metrics[def.Name] = values[len(values)-1]
		if len(arms) > 1 {
			was := values[0]
			was.Compared, was.Why = budget.SideBySide, a.measurement.Metrics[def.Name].Why
			a.measurement.Metrics[def.Name] = was
		}
		return nil
	}
	return at.run(ctx, run)
}

// base is the baseline's value of a metric.
func (a *accepted) base(name string) budget.Value {
	if a.measurement == nil {
		return budget.Value{}
	}
	return a.measurement.Metrics[name]
}

// plan says how one timed metric is sampled.
func (h How) plan(b budget.Budget, def metric.Metric, candidate *image.Image, a *accepted, now budget.Measurement, at *Machine) (trial.Plan, []trial.Arm) {
	plan := trial.Plan{Name: b.Name, Rounds: measureRounds, Discard: warmUps, Progress: at.Sources.Progress}
	arms := []trial.Arm{{Name: "candidate", Image: candidate}}
	base := a.base(def.Name)
	switch {
	case base.Compared == budget.Identical:
		plan.Rounds, plan.Discard = 1, 0 // for the figure, the ceiling, and to see that it works
		return plan, arms
	case base.Compared == budget.SideBySide:
		arms = append([]trial.Arm{{Name: "baseline", Image: a.images[def.Name]}}, arms...)
	case len(base.Samples) < stats.Looks[0]:
		return plan, arms // without a baseline, or with one of so few samples, nothing can be decided
	}
	plan.Rounds = MostPairs
	if h.MaxPairs > 0 {
		plan.Rounds = min(plan.Rounds, h.MaxPairs)
	}
	foreign := budget.Foreign(*a.measurement, now)
	plan.Settled = func(samples [][]time.Duration) (bool, string) {
		was := base
		if len(samples) > 1 {
			was.Samples = samples[0]
		}
		return budget.Settled(b, def.Name, was, budget.Value{Samples: samples[len(samples)-1]}, foreign)
	}
	return plan, arms
}

// failedAlready is the exact metric whose verdict makes trials needless where
// that was asked for.
func (h How) failedAlready(b budget.Budget, a *accepted, now budget.Measurement) string {
	if !h.FailFast {
		return ""
	}
	for _, row := range budget.Compare(b, a.measurement, now).Metrics {
		if row.Verdict == budget.Regression || row.Verdict == budget.OverMax {
			return row.Name
		}
	}
	return ""
}
