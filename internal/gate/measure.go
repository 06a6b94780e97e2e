package gate

import (
	"context"
	"errors"
	"time"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/metric"
	"github.com/image-budget/image-budget/internal/trial"
)

// measure takes every gated metric of img. What cannot be measured is in the
// measurement with its reason; an error is a fault of the budget, or the end
// of ctx.
func measure(ctx context.Context, b budget.Budget, img *image.Image, at *Machine) (m budget.Measurement, err error) {
	m = budget.Measurement{
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
	var bench *trial.Bench // opened by the first timed metric
	defer func() {
		if bench != nil {
			err = errors.Join(err, bench.Close(context.WithoutCancel(ctx)))
		}
	}()
	for _, gate := range b.Metrics {
		def, _ := metric.Named(gate.Metric)
		switch {
		case def.Exact != nil:
			n := def.Exact(img)
			m.Metrics[def.Name] = budget.Value{Number: &n}
			continue
		case def.Runs && at.NoRun:
			m.Metrics[def.Name] = budget.Value{Reason: "no container was run (--no-run)"}
			continue
		}
		if bench == nil {
			bench, err = at.bench(ctx, b)
			if err != nil {
				m.Metrics[def.Name] = budget.Value{Reason: err.Error()}
				err = ctx.Err()
				continue
			}
		}
		value, err := trial.Series(ctx, def, bench, img, at.series(b))
		if err != nil {
			return m, err
		}
		m.Metrics[def.Name] = value
	}
	m.RecordedWith = at.host(ctx)
	return m, ctx.Err()
}

// reference is where the image can be had again: only a registry's digest says
// that for good.
func reference(b budget.Budget, img *image.Image) string {
	if b.Source.Pull == "" {
		return ""
	}
	return img.Reference
}
