// Package inventory says what an image is made of. Every byte of metric size
// has an owner: a package, a layer where no package has it, or nobody, since a
// later layer hides it. It reads the indexes of the layers and no layer, and
// knows nothing of engines, budgets and how an inventory is shown.
package inventory

import (
	"github.com/opencontainers/go-digest"

	"github.com/image-budget/image-budget/internal/waste"
)

// Inventory is what one image is made of, in bytes as metric size counts them.
// The Unowned and Hidden of its layers and the Size of its packages add up to
// Size.
type Inventory struct {
	Reference    string
	ConfigDigest digest.Digest
	Platform     string
	Size         int64
	Layers       []Layer   // base first
	Packages     []Package // largest first
	Waste        []Waste   // largest first; those that are optional last
	Files        []File    // the largest, largest first
	Problems     []string  // what could not be read, so that something may be missing
}

// Layer is one layer and the instruction that made it.
type Layer struct {
	DiffID      digest.Digest
	Instruction string // empty where the history does not say
	Size        int64
	Files       int64
	Unowned     int64 // of Size: what a container sees of it and no package owns
	Hidden      int64 // of Size: what later layers overwrite or delete
}

// Package is a distribution of a package manager and what it takes.
type Package struct {
	Key     string // such as "python:torch" and "deb:gcc-12"
	Version string
	Bundle  string // what it brings along, such as "CUDA: cuBLAS, linear algebra"; empty for most
	Size    int64
	Files   int64
	Layer   int // the one that has most of it, from 0
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
