package growth

import (
	"cmp"
	"slices"

	"github.com/image-budget/image-budget/internal/inventory"
)

// Cause is a layer that grew, and what in it did: Grown and Other add up to its
// delta, where the baseline says what was in the layer.
type Cause struct {
	Layer
	Grown []Grown // the most bytes first, those of them that lead
	Other Other   // what other packages in the layer grew by
}

// Grown is a package or, with no Package, what of a layer has another reason.
type Grown struct {
	Package *Package
	Reason  Reason // without a Package
	Files   []File // the largest of them, where Reason is NoPackage
	Delta   int64
}

// Reason is why something grew that is no package.
type Reason string

// The reasons.
const (
	NoPackage   Reason = "files of no package"
	Overwritten Reason = "overwritten or deleted by later layers"
	Moved       Reason = "what other layers had before, or still have beneath it"
	Untold      Reason = "what the baseline does not tell apart"
	Shrunk      Reason = "less by what shrank or went" // the only one below 0
)

// Other is how many more grew, and by how much.
type Other struct {
	Count int
	Delta int64
}

// What leads of all that grew: what makes leading of it, but no more than
// mostLeading, and one more where that is the last.
const (
	leading     = 0.95
	mostLeading = 10
)

// Causes are the layers that grew, the most bytes first. Their deltas, less those
// of the layers that shrank, add up to Delta. of is the new image.
func (g *Growth) Causes(of *inventory.Inventory) []Cause {
	var all []Cause
	for _, l := range g.Layers {
		if l.Delta() > 0 {
			all = append(all, g.cause(l, of))
		}
	}
	slices.SortStableFunc(all, func(a, b Cause) int { return cmp.Compare(b.Delta(), a.Delta()) })
	return all
}

// Shrunk is the sum of the layers that became smaller or went away, as a number
// below 0 where there are any.
func (g *Growth) Shrunk() (sum int64) {
	for _, l := range g.Layers {
		sum += min(l.Delta(), 0)
	}
	return sum
}

// cause says what grew in a layer.
func (g *Growth) cause(l Layer, of *inventory.Inventory) Cause {
	c := Cause{Layer: l}
	if l.New == nil {
		return c
	}
	var grown []Grown
	for _, p := range g.Packages {
		if p.New != nil && p.New.Layer == l.New.Index && p.Delta() > 0 {
			grown = append(grown, Grown{Package: &p, Delta: p.Delta()})
		}
	}
	if more, ok := more(l, func(s *LayerSide) int64 { return s.Unowned }); ok && more > 0 {
		grown = append(grown, Grown{Reason: NoPackage, Files: g.largest(l, of), Delta: more})
	}
	if more, ok := more(l, func(s *LayerSide) int64 { return s.Hidden }); ok && more > 0 {
		grown = append(grown, Grown{Reason: Overwritten, Delta: more})
	}
	grown = g.settle(grown, l.Delta())
	slices.SortStableFunc(grown, func(a, b Grown) int { return cmp.Compare(b.Delta, a.Delta) })
	c.Grown, c.Other = lead(grown)
	return c
}

// settle adds what is missing to make up a layer's delta: a package that is where
// another layer had it has not grown, and its layer has.
func (g *Growth) settle(grown []Grown, delta int64) []Grown {
	for _, one := range grown {
		delta -= one.Delta
	}
	switch {
	case delta > 0 && !g.Complete:
		grown = append(grown, Grown{Reason: Untold, Delta: delta})
	case delta > 0:
		grown = append(grown, Grown{Reason: Moved, Delta: delta})
	case delta < 0:
		grown = append(grown, Grown{Reason: Shrunk, Delta: delta})
	}
	return grown
}

// more is how much more there is of something in a layer, where that is known.
func more(l Layer, of func(*LayerSide) int64) (int64, bool) {
	now := of(l.New)
	if l.Old == nil {
		return now, now != inventory.Unknown
	}
	was := of(l.Old)
	return now - was, was != inventory.Unknown && now != inventory.Unknown
}

// largest names the files of no package that a layer grew by: those that changed,
// where that is known, or else what is in a layer that is new.
func (g *Growth) largest(l Layer, of *inventory.Inventory) (files []File) {
	const most = 3
	for _, f := range g.Files {
		if !f.Gone && f.Layer == l.New.Index && f.Package == "" && f.Delta() > 0 && len(files) < most {
			files = append(files, f)
		}
	}
	if g.OtherFiles != nil || l.Old != nil {
		return files
	}
	for _, f := range of.Layers[l.New.Index].Largest {
		files = append(files, File{Path: f.Path, New: f.Size, Layer: f.Layer})
	}
	return files
}

// lead splits what grew into what leads and the others, which are packages: every
// other reason has a name.
func lead(grown []Grown) (first []Grown, rest Other) {
	var all, sum int64
	packages, named := 0, 0
	for _, one := range grown {
		all += max(one.Delta, 0)
		if one.Package != nil {
			packages++
		} else {
			sum += max(one.Delta, 0)
		}
	}
	for _, one := range grown {
		enough := named >= mostLeading || float64(sum) >= leading*float64(all)
		if one.Package != nil && enough && (packages-named > 1 || rest.Count > 0) {
			rest.Count++
			rest.Delta += one.Delta
			continue
		}
		if one.Package != nil {
			named++
			sum += one.Delta
		}
		first = append(first, one)
	}
	return first, rest
}
