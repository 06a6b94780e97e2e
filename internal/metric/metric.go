// Package metric lists what is measured of an image, and how. A metric is a
// value in All; everything else (budget keys, help text, reports, tests)
// ranges over that list. It knows nothing of budgets, verdicts or engines.
package metric

import (
	"context"
	"time"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/inventory"
)

// All is every metric, in the order reports show them.
var All = []Metric{
	Size,
	CompressedSize,
	Layers,
	PullTime,
	ColdStart,
	RebuildTime,
	Waste,
}

// Metric is one property of an image. Exactly one of Exact and Trial is set.
type Metric struct {
	Name    string
	Unit    Unit
	Help    string   // the definition, one sentence
	Default bool     // gated when a budget has no metrics key
	Phases  []string // the parts of a timed metric, in order; they add up to its total
	Builds  bool     // a trial builds the image, and so needs what it is built from
	Runs    bool     // a trial runs the container, and so needs a health path
	OfBytes bool     // a trial's time is that of the layers' bytes, whatever is in them

	Exact func(*inventory.Inventory) int64                           // in Unit
	Trial func(context.Context, Bench, *image.Image) (Sample, error) // one timed trial
}

// Timed reports whether the metric is found by trials.
func (m Metric) Timed() bool { return m.Trial != nil }

// Unit is what a metric's values count.
type Unit string

// The units of the metrics.
const (
	Bytes   Unit = "bytes"
	Count   Unit = "count"
	Seconds Unit = "seconds"
)

// Bench runs one trial of an image on the engine under test.
type Bench interface {
	Pull(context.Context, *image.Image) (Sample, error)  // one cold pull
	Start(context.Context, *image.Image) (Sample, error) // one cold start
	// Rebuild is one build of what the image was built from, one file of it changed.
	Rebuild(context.Context, *image.Image) (Sample, error)
}

// Sample is what one trial took.
type Sample struct {
	Total  time.Duration
	Phases []time.Duration // in the order of Metric.Phases
	Notes  []string        // what a reader should know of this trial, such as a health path that flaps
	Detail string          // where the time went, in words; may be empty
}

// Named finds a metric by its name.
func Named(name string) (Metric, bool) {
	for _, m := range All {
		if m.Name == name {
			return m, true
		}
	}
	return Metric{}, false
}
