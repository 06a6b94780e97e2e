package report

import (
	"io"

	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/secrets"
)

// inventoryJSON has everything, version 1: packages and waste are not cut.
func inventoryJSON(w io.Writer, i *inventory.Inventory, _ int, _ Options) error {
	type file struct {
		Path    string `json:"path"`
		Size    int64  `json:"size"`
		Layer   int    `json:"layer"`
		Package string `json:"package"`
	}
	files := func(all []inventory.File) []file {
		out := []file{}
		for _, f := range all {
			out = append(out, file(f))
		}
		return out
	}
	type layer struct {
		DiffID      string `json:"diff_id"`
		Instruction string `json:"instruction"`
		Size        int64  `json:"size"`
		Files       int64  `json:"files"`
		Unowned     int64  `json:"unowned"`
		Hidden      int64  `json:"hidden"`
	}
	type base struct {
		Name   string `json:"name"`
		By     string `json:"by"`
		Layers int    `json:"layers"`
		Size   int64  `json:"size"`
	}
	type pkg struct {
		Package string `json:"package"`
		Version string `json:"version"`
		Bundle  string `json:"bundle"`
		Made    int64  `json:"made"`
		Size    int64  `json:"size"`
		Files   int64  `json:"files"`
		Layer   int    `json:"layer"`
	}
	type waste struct {
		Category string `json:"category"`
		Title    string `json:"title"`
		Optional bool   `json:"optional"`
		Size     int64  `json:"size"`
		Files    int64  `json:"files"`
		Why      string `json:"why"`
		Fix      string `json:"fix"`
		Largest  []file `json:"largest"`
	}
	type secret struct {
		Where string `json:"where"`
		Name  string `json:"name"`
		Kind  string `json:"kind"`
		Layer *int   `json:"layer"` // null for what is in none
		Gone  bool   `json:"gone"`
	}
	out := struct {
		Version      int      `json:"version"`
		Reference    string   `json:"reference"`
		ConfigDigest string   `json:"config_digest"`
		Platform     string   `json:"platform"`
		Size         int64    `json:"size"`
		Needless     int64    `json:"needless"`
		Base         base     `json:"base"`
		Layers       []layer  `json:"layers"`
		Packages     []pkg    `json:"packages"`
		Waste        []waste  `json:"waste"`
		Files        []file   `json:"files"`
		Secrets      []secret `json:"secrets"`
		Problems     []string `json:"problems"`
	}{
		Version: 1, Reference: i.Reference, ConfigDigest: i.ConfigDigest.String(), Platform: i.Platform, Size: i.Size, Needless: i.Needless(),
		Base:   base{i.Base.Name, i.Base.By, i.Base.Layers, i.BaseSize()},
		Layers: []layer{}, Packages: []pkg{}, Waste: []waste{}, Files: files(i.Files), Secrets: []secret{}, Problems: append([]string{}, i.Problems...),
	}
	for _, l := range i.Layers {
		out.Layers = append(out.Layers, layer{l.DiffID.String(), l.Instruction, l.Size, l.Files, l.Unowned, l.Hidden})
	}
	for _, p := range i.Packages {
		out.Packages = append(out.Packages, pkg{p.Key, p.Version, p.Bundle, p.Made, p.Size, p.Files, p.Layer})
	}
	for _, c := range i.Waste {
		out.Waste = append(out.Waste, waste{c.Name, c.Title, c.Optional, c.Size, c.Files, c.Why, c.Fix, files(c.Largest)})
	}
	for _, s := range i.Secrets {
		one := secret{s.Where, s.Name, s.Kind, &s.Layer, s.Gone}
		if s.Layer == secrets.None {
			one.Layer = nil
		}
		out.Secrets = append(out.Secrets, one)
	}
	return deliverJSON(w, out, "the inventory")
}
