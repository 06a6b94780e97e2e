package gate

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/metric"
	"github.com/image-budget/image-budget/internal/trial"
)

// sampling is the trials of one image's timed metrics.
type sampling struct {
	budget budget.Budget
	builds map[*image.Image]trial.Build // see there
	now    *budget.Measurement          // gets what cannot be sampled, and where it was measured
	limit  time.Duration                // of all trials together; 0 for DefaultDuration
	notes  *[]string                    // gets what there is to say of other gates
	sample func(on *trial.Bench, def metric.Metric, until time.Time) error
}

// run calls sample for each timed metric that may be run, on one bench, while no
// other gate on this machine runs trials. Each metric gets its share of the time
// that is left.
func (m *Machine) run(ctx context.Context, s sampling) (err error) {
	runnable := m.runnable(s)
	defer func() { s.now.RecordedWith = m.host() }()
	if len(runnable) == 0 {
		return ctx.Err()
	}
	on, err := m.engine.get(ctx)
	if err != nil {
		s.unmeasured(runnable, err)
		return ctx.Err()
	}
	s.now.RecordedWith = m.host() // the engine is known from here on
	turn, waited, err := trial.TakeTurn(ctx, m.turns, func(so time.Duration) {
		m.progress(s.budget.Name, "waiting for another gate's trials on this machine, for %s so far", so.Round(time.Second))
	})
	var unusable *trial.TurnError
	if errors.As(err, &unusable) {
		s.unmeasured(runnable, err)
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, turn.End()) }()
	if waited >= time.Second {
		*s.notes = append(*s.notes, fmt.Sprintf("the trials waited %s for those of another gate on this machine", waited.Round(100*time.Millisecond)))
	}
	bench := m.bench(on, s)
	defer m.closeBench(ctx, s.budget, bench)
	limit := s.limit
	if limit == 0 {
		limit = DefaultDuration
	}
	end := time.Now().Add(limit)
	for i, def := range runnable {
		until := time.Now().Add(time.Until(end) / time.Duration(len(runnable)-i))
		if err := s.sample(bench, def, until); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (s sampling) unmeasured(metrics []metric.Metric, why error) {
	for _, def := range metrics {
		s.now.Metrics[def.Name] = budget.Value{Reason: budget.Reason(why)}
	}
}

// runnable lists the timed metrics that may be run, and for which it is not
// settled already that they cannot be.
func (m *Machine) runnable(s sampling) []metric.Metric {
	var all []metric.Metric
	for _, def := range timed(s.budget) {
		switch {
		case s.now.Metrics[def.Name].Reason != "":
		case def.Runs && m.NoRun:
			s.now.Metrics[def.Name] = budget.Value{Reason: "no container was run (--no-run)"}
		default:
			all = append(all, def)
		}
	}
	return all
}

func (m *Machine) bench(on engine.Engine, s sampling) *trial.Bench {
	starts, b := false, s.budget
	for _, def := range timed(b) {
		starts = starts || def.Runs && !m.NoRun
	}
	return trial.New(trial.Options{
		Engine: on, Blobs: m.store, Session: m.session, Progress: m.Sources.Progress,
		Link: b.Link, Health: b.Health, Run: b.Run, Starts: starts, Builds: s.builds,
	})
}

// closeBench leaves what was measured standing. What could not be removed is
// tried again when the machine is closed, and reported there.
func (m *Machine) closeBench(ctx context.Context, b budget.Budget, bench *trial.Bench) {
	if err := bench.Close(ctx); err != nil {
		m.progress(b.Name, "cleaning up: %v", err)
	}
}

// machineTurns is the file by which gates on one machine take turns, whoever
// runs them and wherever their caches are.
func machineTurns() string {
	folder := "/tmp"
	if stat, err := os.Stat(folder); err != nil || !stat.IsDir() {
		folder = os.TempDir()
	}
	return filepath.Join(folder, "image-budget-trials.lock")
}
