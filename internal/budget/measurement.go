package budget

import (
	"time"

	"github.com/opencontainers/go-digest"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/inventory"
)

// Measurement is every metric of one image, with all its samples. A baseline
// file holds one; a check makes one. It goes in on both sides of Compare.
type Measurement struct {
	Image          string
	Platform       image.Platform
	ConfigDigest   digest.Digest
	ManifestDigest digest.Digest // empty when no registry or layout gave one
	ContentsDigest digest.Digest // of what a container sees; empty in a baseline that has none
	Reference      string
	Commit         string
	Recorded       time.Time
	RecordedWith   Machine
	Link           Link
	Metrics        map[string]Value // by metric name
	Scan           *Scanned         // nil where nothing is to be scanned, and in a baseline that has none
	// Contents is what the image is made of: nil where that is not known, and
	// in a measurement from a file no more than the file has kept.
	Contents *inventory.Inventory
	// Lint is what the rules found in a candidate; nil where nothing was asked, as
	// in a measurement from a file.
	Lint *Linted
}

// Machine is where a measurement was taken.
type Machine struct {
	Tool   string // version of this tool
	Engine string // such as "20.10.24 overlay2"
	CPU    string
	CPUs   int
	Kernel string
}

// Value is one metric's outcome. An exact metric has Number, a timed one has
// Samples; one that could not be measured has only Reason.
type Value struct {
	Number  *int64 // in the metric's unit
	Samples []time.Duration
	Phases  []Phase // medians of the parts, in the metric's order
	Reason  string  // why there is no value
	Notes   []string
	Detail  string // where the time goes, as a run beside the samples showed; may be empty
	// Contents is the contents digest of the image that a baseline's timed value
	// is of, where that is not the baseline's own: it was accepted by itself.
	Contents digest.Digest
	// Compared says of a baseline's timed value how it is held against the
	// candidate's, Recorded when it is empty, and Why says why so and what would
	// be better, for a reader.
	Compared Compared
	Why      string
}

// Phase is the median of one part of a timed metric.
type Phase struct {
	Name   string
	Median time.Duration
}
