package report

import (
	"io"

	"github.com/image-budget/image-budget/internal/growth"
)

// growthJSON has everything, version 1: nothing is cut, and what a reader would
// have to subtract is there as delta.
func growthJSON(w io.Writer, g *growth.Growth, _ int, _ Options) error {
	type layer struct {
		growth.Layer
		Delta int64 `json:"delta"`
	}
	type pkg struct {
		growth.Package
		Delta int64 `json:"delta"`
	}
	type file struct {
		growth.File
		Delta int64 `json:"delta"`
	}
	type waste struct {
		growth.Waste
		Delta int64 `json:"delta"`
	}
	out := struct {
		Version int   `json:"version"`
		Delta   int64 `json:"delta"`
		*growth.Growth
		Layers   []layer       `json:"layers"` // with their deltas, in place of those of Growth
		Packages []pkg         `json:"packages"`
		Files    []file        `json:"files"`
		Waste    []waste       `json:"waste"`
		Times    []growth.Time `json:"times"`
	}{1, g.Delta(), g, []layer{}, []pkg{}, []file{}, []waste{}, append([]growth.Time{}, g.Times...)}
	for _, l := range g.Layers {
		out.Layers = append(out.Layers, layer{l, l.Delta()})
	}
	for _, p := range g.Packages {
		out.Packages = append(out.Packages, pkg{p, p.Delta()})
	}
	for _, f := range g.Files {
		out.Files = append(out.Files, file{f, f.Delta()})
	}
	for _, c := range g.Waste {
		out.Waste = append(out.Waste, waste{c, c.Delta()})
	}
	return deliverJSON(w, out, "what changed")
}
