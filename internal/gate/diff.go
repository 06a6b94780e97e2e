package gate

import (
	"context"
	"strings"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/growth"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/metric"
)

// Diff is what changed between two images. Each is named as on the command line,
// or by a baseline file, which tells what its image held: then there are no files,
// unless the cache has the image; else the top largest changes. Nothing is run.
func Diff(ctx context.Context, old, now string, want image.Platform, top int, at *Machine) (*growth.Growth, error) {
	was, err := at.named(ctx, old, want)
	if err != nil {
		return nil, err
	}
	is, err := at.named(ctx, now, want)
	if err != nil {
		return nil, err
	}
	g, err := at.grown(ctx, was, is, top)
	if err == nil {
		g.Times = times(was.of, is.of)
	}
	return g, err
}

// times are the medians of what both have measured by trials.
func times(old, now budget.Measurement) []growth.Time {
	var all []growth.Time
	for _, def := range metric.All {
		was, is := old.Metrics[def.Name].Samples, now.Metrics[def.Name].Samples
		if len(was) > 0 && len(is) > 0 {
			all = append(all, growth.Time{Metric: def.Name, Old: budget.Median(was).Seconds(), New: budget.Median(is).Seconds()})
		}
	}
	return all
}

// named is one of two sides.
func (m *Machine) named(ctx context.Context, name string, want image.Platform) (side, error) {
	if strings.HasSuffix(name, budget.BaselineSuffix) {
		recorded, err := budget.LoadBaseline(name)
		if err != nil {
			return side{}, err
		}
		if recorded.Contents == nil {
			return side{}, &budget.FileError{
				Path: name, Problem: "does not say what its image held",
				Accepted: "run image-budget record, which writes that too",
			}
		}
		return m.remembered(ctx, *recorded)
	}
	img, err := m.read(ctx, name, want)
	if err != nil {
		return side{}, err
	}
	of, err := m.inventory(ctx, img)
	return side{of: budget.Measurement{Contents: of}, image: img}, err
}
