// Package inventory says what an image is made of. Every byte of metric size
// has an owner: a package, a layer where no package has it, or nobody, since a
// later layer hides it. It reads the indexes of the layers and no layer, and
// knows nothing of engines, budgets and how an inventory is shown.
package inventory

import (
	"slices"

	"github.com/opencontainers/go-digest"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/owners"
	"github.com/image-budget/image-budget/internal/secrets"
	"github.com/image-budget/image-budget/internal/waste"
)

// Inventory is what one image is made of, in bytes as metric size counts them.
// The Unowned and Hidden of its layers and the Size of its packages add up to
// Size. What a baseline has kept of one is one too: Rest is then what it has left
// out, and it has no Files.
type Inventory struct {
	Reference    string
	ConfigDigest digest.Digest
	Platform     string
	Size         int64
	Layers       []Layer // base first
	Base         image.Base
	Packages     []Package // largest first
	Waste        []Waste   // largest first; those that are optional last
	Files        []File    // the largest, largest first
	Secrets      []secrets.Found
	Problems     []string // what could not be read, so that something may be missing
	Parts        *Part    // the whole, part by part; nil unless it was asked for

	owners *owners.Owners // nil in what a baseline has kept
}

// Layer is one layer and the instruction that made it.
type Layer struct {
	DiffID      digest.Digest
	Instruction string // empty where the history does not say
	Size        int64
	Compressed  int64 // bytes of the blob; 0 where that is not known
	Files       int64
	Unowned     int64  // of Size: what a container sees of it and no package owns
	Hidden      int64  // of Size: what later layers overwrite or delete
	Largest     []File // a few, of those that no package owns
}

// Package is a distribution of a package manager and what it takes.
type Package struct {
	Key     string // such as "python:torch" and "deb:gcc-12"
	Version string
	Bundle  string // what it brings along, such as "CUDA: cuBLAS, linear algebra"; empty for most
	Size    int64
	Files   int64
	Made    int64 // bytes, not in Size, of what came to be when Debian or Alpine set it up, such as bytecode: no package has them
	Layer   int   // the one that has most of it, from 0
}

// Waste is what the image has of one category.
type Waste struct {
	*waste.Category
	Size    int64
	Files   int64
	Largest []File // a few
}

// File is one file that a container sees.
type File struct {
	Path    string
	Size    int64
	Layer   int    // from 0
	Package string // key of its owner; empty for none
}

// Unknown stands for the Unowned and Hidden of a layer of which only its size
// was kept.
const Unknown = -1

// Rest is how much of Size has no owner here: none of it, but in a baseline that
// has no room for the smallest packages, or does not say of its layers what is in
// them.
func (i *Inventory) Rest() int64 {
	rest := i.Size
	for _, l := range i.Layers {
		rest -= max(l.Unowned, 0) + max(l.Hidden, 0)
	}
	for _, p := range i.Packages {
		rest -= p.Size
	}
	return rest
}

// Complete reports whether every layer says what in it no package has.
func (i *Inventory) Complete() bool {
	return !slices.ContainsFunc(i.Layers, func(l Layer) bool { return l.Unowned == Unknown || l.Hidden == Unknown })
}

// BaseSize is how many bytes of Size the layers of the base image have, 0 where it
// is not known which those are.
func (i *Inventory) BaseSize() int64 {
	var sum int64
	for _, l := range i.Layers[:min(i.Base.Layers, len(i.Layers))] {
		sum += l.Size
	}
	return sum
}

// PackageOf is the key of the package that has the file at path; empty for none,
// and where that is not known.
func (i *Inventory) PackageOf(path string) string {
	if i.owners == nil {
		return ""
	}
	if index, ok := i.owners.Of(path); ok {
		return i.owners.Packages()[index].Key()
	}
	return ""
}

// Needless is how many bytes are not needed at run time, by the categories that
// are waste by themselves.
func (i *Inventory) Needless() int64 {
	var sum int64
	for _, w := range i.Waste {
		if !w.Optional {
			sum += w.Size
		}
	}
	return sum
}
