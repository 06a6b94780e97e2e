// Package growth says what changed from one image to another: its layers, its
// packages, its files, its waste. It is pure but for reading the indexes of the
// layers, and knows nothing of limits, verdicts and how a change is shown.
package growth

import (
	"github.com/image-budget/image-budget/internal/inventory"
)

// Growth is what changed from one image to another, in bytes as metric size counts
// them. The deltas of Layers add up to Delta, and so do those of Packages with
// Unowned and Hidden, and those of Files with OtherFiles and Hidden.
type Growth struct {
	Old      Side      `json:"old"`
	New      Side      `json:"new"`
	Layers   []Layer   `json:"layers"`   // all, in the order of the new image; one that is gone where it was
	Packages []Package `json:"packages"` // those that changed, the most bytes first
	Unowned  int64     `json:"unowned"`  // more of what no package has, and where not Complete of all that is not known
	Hidden   int64     `json:"hidden"`   // more of what later layers overwrite or delete
	Complete bool      `json:"complete"` // both sides say all: neither is a baseline that had no room for it
	Files    []File    `json:"files"`    // the largest changes, the most bytes first; none where a side has no files
	// OtherFiles is how much more there is of the files that are not among Files;
	// nil where a side has no files.
	OtherFiles *int64  `json:"other_files"`
	Waste      []Waste `json:"waste"`           // of the categories that changed, the most bytes first; none where a side does not say
	Times      []Time  `json:"times,omitempty"` // of the timed metrics that both sides have recorded
}

// Time is a timed metric as two baselines have it: medians, in seconds.
type Time struct {
	Metric string  `json:"metric"`
	Old    float64 `json:"old"`
	New    float64 `json:"new"`
}

// Side is one of the two images.
type Side struct {
	Reference    string `json:"reference"`
	Since        string `json:"since"` // of a baseline: when it was recorded and of which commit, such as "2026-11-22 (commit 3f2c1a2b9d4e)"
	ConfigDigest string `json:"config_digest"`
	Platform     string `json:"platform"`
	Size         int64  `json:"size"`
	Compressed   int64  `json:"compressed"` // bytes of the blobs; 0 where that of one is not known
	Layers       int    `json:"layers"`
}

// Layer is a layer of one of the images or of both. What is in both may have
// changed: it is the same instruction's.
type Layer struct {
	Instruction string     `json:"instruction"`
	Was         string     `json:"was"` // the old one's instruction, where that was another
	Old         *LayerSide `json:"old"` // nil where it is new
	New         *LayerSide `json:"new"` // nil where it is gone
}

// LayerSide is a layer in one image.
type LayerSide struct {
	Index      int   `json:"index"` // from the base, which is 0
	Size       int64 `json:"size"`
	Compressed int64 `json:"compressed"` // 0 where it is not known
	Unowned    int64 `json:"unowned"`    // inventory.Unknown where it is not known
	Hidden     int64 `json:"hidden"`     // likewise
	Same       bool  `json:"same"`       // the diff ID is the other side's
}

// Package is a package of one of the images or of both.
type Package struct {
	Key    string       `json:"package"`
	Bundle string       `json:"bundle"`
	Old    *PackageSide `json:"old"` // nil where it is new
	New    *PackageSide `json:"new"` // nil where it is gone
}

// PackageSide is a package in one image.
type PackageSide struct {
	Version string `json:"version"`
	Size    int64  `json:"size"`
	Layer   int    `json:"layer"` // the one that has most of it; inventory.Unknown where it is not known
}

// File is a path at which the images have files of different sizes.
type File struct {
	Path    string `json:"path"`
	Old     int64  `json:"old"` // bytes; 0 where there is none
	New     int64  `json:"new"`
	Layer   int    `json:"layer"`   // of the new image, or of the old one where it is gone
	Package string `json:"package"` // key of its owner; empty for none
	Gone    bool   `json:"gone"`
}

// Waste is a category of waste in both images.
type Waste struct {
	Category string `json:"category"`
	Title    string `json:"title"`
	Optional bool   `json:"optional"` // it depends on the service whether it is waste
	Old      int64  `json:"old"`
	New      int64  `json:"new"`
}

// Delta is how much larger the new image is.
func (g *Growth) Delta() int64 { return g.New.Size - g.Old.Size }

// Delta is how much larger the layer has become.
func (l Layer) Delta() int64 { return l.delta(func(s *LayerSide) int64 { return s.Size }) }

// CompressedDelta is how much larger its blob has become.
func (l Layer) CompressedDelta() int64 {
	return l.delta(func(s *LayerSide) int64 { return s.Compressed })
}

func (l Layer) delta(of func(*LayerSide) int64) (delta int64) {
	if l.New != nil {
		delta += of(l.New)
	}
	if l.Old != nil {
		delta -= of(l.Old)
	}
	return delta
}

// Delta is how much larger the package has become.
func (p Package) Delta() (delta int64) {
	if p.New != nil {
		delta += p.New.Size
	}
	if p.Old != nil {
		delta -= p.Old.Size
	}
	return delta
}

// Delta is how much larger the file has become.
func (f File) Delta() int64 { return f.New - f.Old }

// Delta is how much more of it there is.
func (w Waste) Delta() int64 { return w.New - w.Old }

// Between is what changed from old to now, but for files.
func Between(old, now *inventory.Inventory) *Growth {
	g := &Growth{Old: side(old), New: side(now), Complete: whole(old) && whole(now)}
	g.Layers = layers(old.Layers, now.Layers)
	g.Packages = packages(old, now)
	g.Waste = wastes(old, now)
	if old.Complete() && now.Complete() {
		g.Hidden = hidden(now) - hidden(old)
	}
	g.Unowned = g.Delta() - g.Hidden
	for _, p := range g.Packages {
		g.Unowned -= p.Delta()
	}
	return g
}

func side(i *inventory.Inventory) Side {
	s := Side{
		Reference: i.Reference, ConfigDigest: i.ConfigDigest.String(), Platform: i.Platform,
		Size: i.Size, Layers: len(i.Layers),
	}
	for _, l := range i.Layers {
		if l.Compressed == 0 { // no blob is empty
			s.Compressed = 0
			break
		}
		s.Compressed += l.Compressed
	}
	return s
}

func whole(i *inventory.Inventory) bool { return i.Complete() && i.Rest() == 0 }

func hidden(i *inventory.Inventory) (sum int64) {
	for _, l := range i.Layers {
		sum += l.Hidden
	}
	return sum
}
