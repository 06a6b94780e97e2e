// Package gate is the main path: it obtains an image, measures it, compares it
// with its baseline and hands out the result. It prints nothing but progress,
// and knows no report format and no exit status.
package gate

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/source"
)

// Check measures the budget's image and holds it against its baseline. An
// image that cannot be had is a result with nothing measured; an error is a
// fault of the budget or baseline file, or the end of ctx.
func Check(ctx context.Context, b budget.Budget, at *Machine) (budget.ImageResult, error) {
	baseline, err := budget.BaselineFor(b)
	if err != nil {
		return budget.ImageResult{}, err
	}
	candidate, err := source.Open(ctx, b, at.Sources)
	if err != nil {
		return unobtained(ctx, b, baseline, err)
	}
	now, err := measure(ctx, b, candidate, at)
	if err != nil {
		return budget.ImageResult{}, err
	}
	return budget.Compare(b, baseline, now), nil
}

// Record measures the budget's image and writes the baseline, unless a gated
// metric could not be measured: a baseline is whole or it is not written.
func Record(ctx context.Context, b budget.Budget, at *Machine) (budget.ImageResult, error) {
	candidate, err := source.Open(ctx, b, at.Sources)
	if err != nil {
		return unobtained(ctx, b, nil, err)
	}
	now, err := measure(ctx, b, candidate, at)
	if err != nil {
		return budget.ImageResult{}, err
	}
	result := budget.Compare(b, &now, now)
	if !whole(result) {
		return result, nil
	}
	path := budget.BaselinePath(b.Path)
	if err := budget.Save(path, now); err != nil {
		return budget.ImageResult{}, fmt.Errorf("writing baseline %q: %w", path, err)
	}
	at.progress(b.Name, "wrote %s", path)
	return result, nil
}

// whole reports whether every gated metric was measured.
func whole(result budget.ImageResult) bool {
	return !slices.ContainsFunc(result.Metrics, func(row budget.Row) bool { return row.Verdict == budget.Unmeasured })
}

// Measure takes every metric that b lists of the image that ref names on the
// command line. b is a stand-in: nothing is compared.
func Measure(ctx context.Context, ref string, b budget.Budget, at *Machine) (budget.ImageResult, error) {
	candidate, err := source.Named(ctx, ref, b.Platform, at.Sources)
	if err != nil {
		return unobtained(ctx, b, nil, err)
	}
	now, err := measure(ctx, b, candidate, at)
	if err != nil {
		return budget.ImageResult{}, err
	}
	return budget.Describe(b, now), nil
}

// unobtained turns the failure to get an image into a result that says so on
// every metric, so that one image out of reach does not hide the others.
func unobtained(ctx context.Context, b budget.Budget, baseline *budget.Measurement, err error) (budget.ImageResult, error) {
	var input *source.InputError
	if errors.As(err, &input) || ctx.Err() != nil {
		return budget.ImageResult{}, err
	}
	return budget.Compare(b, baseline, unmeasured(b, err)), nil
}

// Unjudged is the result for a budget that a fault of its files kept from being
// judged: nothing of it is measured, and so nothing passed.
func Unjudged(b budget.Budget, fault error) budget.ImageResult {
	return budget.Compare(b, nil, unmeasured(b, fault))
}

func unmeasured(b budget.Budget, why error) budget.Measurement {
	m := budget.Measurement{Image: b.Image, Platform: b.Platform, Metrics: map[string]budget.Value{}}
	for _, g := range b.Metrics {
		m.Metrics[g.Metric] = budget.Value{Reason: budget.Reason(why)}
	}
	return m
}

func summaries(img *image.Image) []budget.LayerSummary {
	layers := make([]budget.LayerSummary, len(img.Layers))
	for i, l := range img.Layers {
		layers[i] = budget.LayerSummary{DiffID: l.DiffID, Size: l.Content, Files: l.Files, Instruction: l.Instruction}
	}
	return layers
}
