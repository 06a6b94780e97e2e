package gate

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/image-budget/image-budget/internal/baseline"
	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/metric"
)

// What says what of a baseline a record writes. The zero What is all of it.
type What struct {
	Only     []string // these metrics, and nothing else of the file
	Improved bool     // the metrics that got better, and nothing else of the file

	MaxDuration time.Duration // of the trials of one image; 0 for DefaultDuration
}

// Record measures the budget's image and writes the baseline, unless a metric
// that it is to write could not be measured: a baseline is whole or it is not
// written. A result comes with an error as that of Check does.
func Record(ctx context.Context, b budget.Budget, what What, at *Machine) (budget.ImageResult, error) {
	if what.Improved {
		return recordImproved(ctx, b, what, at)
	}
	write := at.save
	if len(what.Only) > 0 {
		var err error
		if b, err = only(b, what.Only); err != nil {
			return budget.ImageResult{}, err
		}
		write = func(b budget.Budget, now budget.Measurement) error { return at.amend(b, now, gatedNames(b)) }
	}
	commit, why := baseline.Commit(ctx, b) // before the build, which may write into the work tree
	candidate, err := at.obtain(ctx, b)
	if err != nil {
		return unobtained(ctx, b, nil, err)
	}
	now, err := at.exact(ctx, b, candidate)
	if err != nil {
		return unobtained(ctx, b, nil, err)
	}
	if now.Scan, err = at.scan(ctx, b, candidate, now); err != nil {
		return unobtained(ctx, b, nil, err)
	}
	notes, err := at.measure(ctx, b, candidate, &now, recordRounds, what.MaxDuration)
	if err != nil {
		return budget.ImageResult{}, err
	}
	now.Commit, now.Reference = commit, reference(b, candidate)
	result := itself(b, now, notes)
	result.Contents = now.Contents.Parts
	if !whole(result) {
		return result, now.Scan.FaultOf()
	}
	if why != "" && now.Reference == "" && len(what.Only) == 0 {
		result.Warnings = append(result.Warnings, "the baseline does not say where its image can be had again, to be measured beside later ones where the cache has it not: "+why)
	}
	if err := write(b, now); err != nil {
		return budget.ImageResult{}, err
	}
	return result, nil
}

// reference is where the image can be had again: only a registry's digest says
// that for good.
func reference(b budget.Budget, img *image.Image) string {
	if b.Source.Pull == "" {
		return ""
	}
	return img.Reference
}

// only is b with the gates of those names, for a baseline that is there.
func only(b budget.Budget, names []string) (budget.Budget, error) {
	gates := slices.DeleteFunc(slices.Clone(b.Metrics), func(g budget.Gate) bool { return !slices.Contains(names, g.Metric) })
	for _, name := range names {
		if !slices.ContainsFunc(gates, func(g budget.Gate) bool { return g.Metric == name }) {
			return b, &budget.FileError{
				Path: b.Path, Problem: fmt.Sprintf("does not gate %q, which --only names", name),
				Accepted: "name one of " + strings.Join(gatedNames(b), ", "),
			}
		}
	}
	err := amendable(b)
	b.Metrics, b.Scan = gates, nil
	return b, err
}

// save writes all of the baseline.
func (m *Machine) save(b budget.Budget, now budget.Measurement) error {
	path := budget.BaselinePath(b.Path)
	if err := budget.Save(path, now); err != nil {
		return fmt.Errorf("writing baseline %q: %w", path, err)
	}
	m.progress(b.Name, "wrote %s: commit it", path)
	return nil
}

// recordImproved checks, and writes the metrics that are below the baseline: the
// exact ones by any amount, the timed ones where all of the ratio's interval is.
func recordImproved(ctx context.Context, b budget.Budget, what What, at *Machine) (budget.ImageResult, error) {
	if err := amendable(b); err != nil {
		return budget.ImageResult{}, err
	}
	b.Scan = nil // its lines stay as they are
	result, now, err := check(ctx, b, How{MaxDuration: what.MaxDuration}, at)
	if err != nil {
		return result, err
	}
	recorded, err := budget.BaselineFor(b)
	if err != nil {
		return budget.ImageResult{}, err
	}
	var better []string
	for _, row := range result.Metrics {
		def, _ := metric.Named(row.Name)
		switch {
		case row.Verdict != budget.Pass || !improved(row) || !below(now, *recorded, row.Name):
		case def.Timed() && budget.Foreign(*recorded, now):
			at.progress(b.Name, "%s got better, but the baseline's times are from another machine: record all of it here to accept that", row.Name)
		default:
			better = append(better, row.Name)
		}
	}
	if len(better) == 0 {
		at.progress(b.Name, "nothing got better: the baseline stays as it is")
		return result, nil
	}
	if err := at.amend(b, now, better); err != nil {
		return budget.ImageResult{}, err
	}
	return result, nil
}

// below reports whether a time is also below what the file says, which is not of
// the baseline image where it was accepted by itself. An exact metric is always
// compared with the file.
func below(now, recorded budget.Measurement, name string) bool {
	was := recorded.Metrics[name].Samples
	return len(was) == 0 || budget.Median(now.Metrics[name].Samples) < budget.Median(was)
}

func improved(row budget.Row) bool {
	if row.Interval != nil {
		return row.Interval[1] < 1
	}
	return row.Compared == budget.Exact && row.Change != nil && *row.Change < 0
}

// amend writes the named metrics into the baseline.
func (m *Machine) amend(b budget.Budget, now budget.Measurement, names []string) error {
	path := budget.BaselinePath(b.Path)
	if err := budget.Amend(path, now, names); err != nil {
		return fmt.Errorf("writing baseline %q: %w", path, err)
	}
	m.progress(b.Name, "wrote %s into %s: commit it", strings.Join(names, ", "), path)
	return nil
}

// amendable finds before anything is measured that there is no baseline of this
// image to write into.
func amendable(b budget.Budget) error {
	recorded, err := budget.BaselineFor(b)
	if err == nil && recorded == nil {
		return &budget.FileError{
			Path: budget.BaselinePath(b.Path), Problem: "is not there, so there is nothing to write a part of", Err: fs.ErrNotExist,
			Accepted: "write all of it first: image-budget record " + b.Name,
		}
	}
	return err
}

func gatedNames(b budget.Budget) []string {
	names := make([]string, len(b.Metrics))
	for i, g := range b.Metrics {
		names[i] = g.Metric
	}
	return names
}

// itself is the result of a measurement that is its own baseline: nothing but a
// ceiling can be broken.
func itself(b budget.Budget, now budget.Measurement, notes []string) budget.ImageResult {
	same := now
	same.Metrics = map[string]budget.Value{}
	for name, value := range now.Metrics {
		value.Compared = budget.Identical
		same.Metrics[name] = value
	}
	result := budget.Compare(b, &same, now)
	result.Warnings = append(result.Warnings, notes...)
	return result
}

// whole reports whether every gated metric was measured, and the image scanned
// where it is to be.
func whole(result budget.ImageResult) bool {
	if result.Scan != nil && result.Scan.Verdict == budget.Unmeasured {
		return false
	}
	return !slices.ContainsFunc(result.Metrics, func(row budget.Row) bool { return row.Verdict == budget.Unmeasured })
}
