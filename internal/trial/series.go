package trial

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/metric"
)

// failures is how many failed trials, in all, leave a metric unmeasured.
const failures = 3

// Plan says how a metric is sampled.
type Plan struct {
	Name     string    // of the image in progress lines
	Trials   int       // samples that count
	Discard  int       // warm-up trials before them
	Progress io.Writer // gets one line a trial
}

// Series takes a timed metric's samples. A failed trial is not a time and is
// run again; after three, or at once when it is the first and another would end
// the same way, the value has only a reason. The error is a *PortUnknown, for the budget's author
// to mend, or that of ctx.
func Series(ctx context.Context, m metric.Metric, bench metric.Bench, img *image.Image, plan Plan) (budget.Value, error) {
	var samples []metric.Sample
	failed := 0
	for done := 0; done < plan.Discard+plan.Trials; {
		sample, err := m.Trial(ctx, bench, img)
		var port *PortUnknown
		switch {
		case ctx.Err() != nil:
			return budget.Value{}, errors.Join(ctx.Err(), err)
		case errors.As(err, &port):
			return budget.Value{}, err
		case err != nil:
			failed++
			plan.progress("%s: failed: %s", m.Name, brief(err))
			if failed == failures || (done == 0 && final(err)) {
				return budget.Value{Reason: budget.Reason(err)}, nil
			}
			continue
		case done < plan.Discard:
			plan.progress("%s: %s (warm-up)", m.Name, sample.Total.Round(time.Millisecond))
		default:
			plan.progress("%s: %s (%d of %d)", m.Name, sample.Total.Round(time.Millisecond), done-plan.Discard+1, plan.Trials)
			sample.Total = sample.Total.Round(time.Microsecond) // finer is noise, in a file that people read
			samples = append(samples, sample)
		}
		done++
	}
	return value(m, samples), nil
}

// final reports that another try would end the same way, unless one has ended
// otherwise already.
func final(err error) bool {
	var start *StartFault
	var hit *CacheHit
	var zstd *ZstdUnsupported
	return errors.As(err, &start) || errors.As(err, &hit) || errors.As(err, &zstd)
}

// value is samples with the medians of their phases and each of their notes once.
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
	for i, name := range m.Phases {
		var parts []time.Duration
		for _, sample := range samples {
			parts = append(parts, sample.Phases[i])
		}
		v.Phases = append(v.Phases, budget.Phase{Name: name, Median: budget.Median(parts)})
	}
	return v
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
