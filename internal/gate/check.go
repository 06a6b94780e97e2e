// Package gate is the main path: it obtains an image, measures it, compares it
// with its baseline and hands out the result. It prints nothing but progress,
// and knows no report format and no exit status.
package gate

import (
	"context"
	"errors"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/source"
)

// Check measures the budget's image and holds it against its baseline. An
// image that cannot be had is a result with nothing measured; an error is a
// fault of the budget or baseline file or of the command line, or the end of
// ctx, and comes with the zero result. Only with a fault of the scan's report,
// which keeps nothing else from being judged, there is a result as well.
func Check(ctx context.Context, b budget.Budget, how How, at *Machine) (budget.ImageResult, error) {
	result, _, err := check(ctx, b, how, at)
	return result, err
}

// check also returns what the candidate measured.
func check(ctx context.Context, b budget.Budget, how How, at *Machine) (result budget.ImageResult, now budget.Measurement, err error) {
	recorded, err := how.recorded(b) // what the image measured when it was accepted
	if err != nil {
		return result, now, err
	}
	named, err := how.named(ctx, b, at) // another image to hold it against, if one is named
	if err != nil {
		result, err = unobtained(ctx, b, recorded, err)
		return result, now, err
	}
	candidate, err := at.obtain(ctx, b) // an image on disk, whatever it came from
	if err != nil {
		result, err = unobtained(ctx, b, recorded, err)
		return result, now, err
	}
	now, err = at.look(ctx, b, candidate) // what the image alone tells
	if err != nil {
		result, err = unobtained(ctx, b, recorded, err)
		return result, now, err
	}
	accepted, err := how.accept(ctx, b, recorded, named, now, at) // what it is held against, and its image if it is needed
	defer accepted.release(ctx, at)
	if err != nil {
		result, err = unobtained(ctx, b, recorded, err)
		return result, now, err
	}
	if err := how.trials(ctx, b, candidate, accepted, &now, at); err != nil { // trials, until the rule decides
		return result, now, err
	}
	result = accepted.explained(budget.Compare(b, accepted.measurement, now))
	if err := at.explain(ctx, accepted, candidate, now, &result); err != nil { // why
		result.Warnings = append(result.Warnings, "what grew cannot be told: "+budget.Reason(err))
	}
	return result, now, errors.Join(ctx.Err(), now.Scan.FaultOf())
}

// Measure takes every metric that b lists of the image that ref names on the
// command line. b is a stand-in: nothing is compared.
func Measure(ctx context.Context, ref string, b budget.Budget, at *Machine) (budget.ImageResult, error) {
	candidate, err := source.Named(ctx, ref, b.Platform, at.Sources)
	if err != nil {
		return unobtained(ctx, b, nil, err)
	}
	now, err := at.exact(ctx, b, candidate)
	if err != nil {
		return unobtained(ctx, b, nil, err)
	}
	notes, err := at.measure(ctx, b, candidate, &now, measureRounds, 0)
	if err != nil {
		return budget.ImageResult{}, err
	}
	result := budget.Describe(b, now)
	result.Contents = now.Contents.Parts
	result.Warnings = append(result.Warnings, notes...)
	return result, nil
}

// obtain gets the budget's image, and keeps it in the cache in case it becomes
// a baseline.
func (m *Machine) obtain(ctx context.Context, b budget.Budget) (*image.Image, error) {
	img, err := source.Open(ctx, b, m.Sources)
	if err != nil {
		return nil, err
	}
	return img, source.Keep(m.store, img)
}

// unobtained turns the failure to get an image into a result that says so on
// every metric, so that one image out of reach does not hide the others.
func unobtained(ctx context.Context, b budget.Budget, baseline *budget.Measurement, err error) (budget.ImageResult, error) {
	var users interface{ UserFault() }
	if errors.As(err, &users) || ctx.Err() != nil {
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
	if b.Scan != nil {
		m.Scan = &budget.Scanned{Reason: budget.Reason(why)}
	}
	return m
}
