package trial

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/metric"
)

// failures is how many failed trials, in all, leave a metric unmeasured.
const failures = 3

// Arm is an image that is sampled, and what progress lines call it beside
// another one.
type Arm struct {
	Name  string
	Image *image.Image
}

// Plan says how a metric is sampled, in rounds: one trial of every arm.
type Plan struct {
	Name     string    // of the image in progress lines
	Rounds   int       // that count, at most
	Discard  int       // warm-up rounds before them
	Until    time.Time // no round begins later; zero for whenever
	Progress io.Writer // gets one line a round, and one a failed trial
	// Settled is asked after each round that counts whether that was enough, and
	// for a word on how it stands; samples[i] are those of arm i. Nil: never.
	Settled func(samples [][]time.Duration) (enough bool, stands string)
}

// Series takes a timed metric's samples of one image, or of several side by
// side: the arms of a round follow each other, and the next round goes through
// them backwards, so that what drifts falls on all alike (for two arms: ABBA).
// It returns one value an arm.
//
// A failed trial is not a time: its round is run again. After three failures,
// or at once when the first trial fails and another would end the same way, the
// values have only a reason. The error is a *PortUnknown, for the budget's
// author to mend, or that of ctx.
func Series(ctx context.Context, m metric.Metric, bench metric.Bench, plan Plan, arms ...Arm) ([]budget.Value, error) {
	s := &series{metric: m, bench: bench, plan: plan, arms: arms, samples: make([][]metric.Sample, len(arms))}
	for s.done < plan.Discard+plan.Rounds && !s.enough && !s.late() {
		round, err := s.round(ctx)
		var port *PortUnknown
		switch {
		case ctx.Err() != nil:
			return nil, errors.Join(ctx.Err(), err)
		case errors.As(err, &port):
			return nil, err
		case err != nil:
			s.failed++
			plan.progress("%s: failed: %s", m.Name, brief(err))
			if s.failed == failures || (s.tried == 1 && final(err)) {
				return s.nothing(budget.Reason(err)), nil
			}
			continue
		}
		s.take(round)
	}
	if s.done <= plan.Discard {
		return s.nothing("no time was left for it\nhint: raise --max-duration"), nil
	}
	return s.values(), nil
}

// series is a Series under way.
type series struct {
	metric  metric.Metric
	bench   metric.Bench
	plan    Plan
	arms    []Arm
	samples [][]metric.Sample // by arm
	tried   int               // trials
	done    int               // rounds, with those that are discarded
	failed  int               // trials
	enough  bool
	stopped bool // for want of time
}

// late reports that no further round may begin.
func (s *series) late() bool {
	s.stopped = !s.plan.Until.IsZero() && !time.Now().Before(s.plan.Until)
	return s.stopped
}

// round tries every arm once, each second round backwards.
func (s *series) round(ctx context.Context) ([]metric.Sample, error) {
	samples := make([]metric.Sample, len(s.arms))
	for i := range s.arms {
		if s.done%2 == 1 {
			i = len(s.arms) - 1 - i
		}
		s.tried++
		var err error
		if samples[i], err = s.metric.Trial(ctx, s.bench, s.arms[i].Image); err != nil {
			if len(s.arms) > 1 {
				err = fmt.Errorf("the %s image: %w", s.arms[i].Name, err)
			}
			return nil, err
		}
	}
	return samples, nil
}

// take counts a round in and says how it went.
func (s *series) take(round []metric.Sample) {
	s.done++
	counts := s.done > s.plan.Discard
	var said []string
	for i, sample := range round {
		text := sample.Total.Round(time.Millisecond).String()
		if len(s.arms) > 1 {
			text = s.arms[i].Name + " " + text
		}
		said = append(said, text)
		if counts {
			sample.Total = sample.Total.Round(time.Microsecond) // finer is noise, in a file that people read
			s.samples[i] = append(s.samples[i], sample)
		}
	}
	line := fmt.Sprintf("%s: %s", s.metric.Name, strings.Join(said, ", "))
	if !counts {
		s.plan.progress("%s (warm-up)", line)
		return
	}
	line += fmt.Sprintf(" (%d of %d)", s.done-s.plan.Discard, s.plan.Rounds)
	if s.plan.Settled != nil {
		var stands string
		if s.enough, stands = s.plan.Settled(s.totals()); stands != "" {
			line += ": " + stands
		}
	}
	s.plan.progress("%s", line)
}

func (s *series) totals() [][]time.Duration {
	all := make([][]time.Duration, len(s.arms))
	for i, samples := range s.samples {
		for _, sample := range samples {
			all[i] = append(all[i], sample.Total)
		}
	}
	return all
}

func (s *series) nothing(reason string) []budget.Value {
	return slices.Repeat([]budget.Value{{Reason: reason}}, len(s.arms))
}

// values are the samples with the medians of their phases and each of their
// notes once.
func (s *series) values() []budget.Value {
	all := make([]budget.Value, len(s.arms))
	for i, samples := range s.samples {
		all[i] = value(s.metric, samples)
		if s.stopped {
			all[i].Notes = append(all[i].Notes, fmt.Sprintf("stopped for want of time after %d of %d rounds (--max-duration)", len(samples), s.plan.Rounds))
		}
	}
	return all
}

// final reports that another try would end the same way, unless one has ended
// otherwise already.
func final(err error) bool {
	var start *StartFault
	var hit *CacheHit
	var zstd *ZstdUnsupported
	return errors.As(err, &start) || errors.As(err, &hit) || errors.As(err, &zstd) || finalBuild(err)
}

func finalBuild(err error) bool {
	var fault *engine.BuildFault
	var late *engine.BuildTimeout
	var unsupported *engine.Unsupported
	var nothing *NothingLost
	return errors.As(err, &fault) || errors.As(err, &late) || errors.As(err, &unsupported) || errors.As(err, &nothing)
}

func value(m metric.Metric, samples []metric.Sample) budget.Value {
	var v budget.Value
	for _, sample := range samples {
		v.Samples = append(v.Samples, sample.Total)
		for _, note := range sample.Notes {
			if !slices.Contains(v.Notes, note) {
				v.Notes = append(v.Notes, note)
			}
		}
	}
	v.Detail = typical(samples).Detail
	for i, name := range m.Phases {
		var parts []time.Duration
		for _, sample := range samples {
			parts = append(parts, sample.Phases[i])
		}
		v.Phases = append(v.Phases, budget.Phase{Name: name, Median: budget.Median(parts)})
	}
	return v
}

// typical is the sample that took the median, or the next below it.
func typical(samples []metric.Sample) metric.Sample {
	byTime := slices.SortedStableFunc(slices.Values(samples), func(a, b metric.Sample) int { return cmp.Compare(a.Total, b.Total) })
	return byTime[(len(byTime)-1)/2]
}

// brief is an error on one line: the reason has what a container wrote.
func brief(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return cut(strings.TrimSuffix(line, logIntro), 500)
}

func (p Plan) progress(format string, args ...any) {
	if p.Progress == nil {
		return
	}
	// A progress line that cannot be written changes no measurement.
	_, _ = fmt.Fprintf(p.Progress, "%s: %s\n", p.Name, fmt.Sprintf(format, args...))
}
