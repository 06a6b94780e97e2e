package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/metric"
)

// inventoryFormats is every way to show an inventory, in the order of help.
var inventoryFormats = []struct {
	name  string
	write func(w io.Writer, i *inventory.Inventory, top int, o Options) error
}{
	{"text", inventoryText},
	{"json", inventoryJSON},
	{"html", inventoryHTML},
}

// InventoryFormatNames lists the formats of explain, the default first.
func InventoryFormatNames() []string {
	var names []string
	for _, f := range inventoryFormats {
		names = append(names, f.name)
	}
	return names
}

// InventoryFormat finds what writes an inventory, with the top largest packages.
func InventoryFormat(name string) (func(io.Writer, *inventory.Inventory, int, Options) error, bool) {
	for _, f := range inventoryFormats {
		if f.name == name {
			return f.write, true
		}
	}
	return nil, false
}

func bytesText(n int64) string {
	v := float64(n)
	return scaleFor(string(metric.Bytes), v).format(&v)
}

// saving says in one sentence what would save most.
func saving(i *inventory.Inventory) string {
	if i.Needless() == 0 {
		return "nothing in it is known not to be needed at run time"
	}
	text := fmt.Sprintf("%s of %s is not needed at run time", bytesText(i.Needless()), bytesText(i.Size))
	for n, w := range i.Waste {
		if w.Optional || n == 4 {
			break
		}
		text += map[bool]string{true: ": ", false: ", "}[n == 0] + w.Title + " " + bytesText(w.Size)
	}
	return text
}

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
	type pkg struct {
		Package string `json:"package"`
		Version string `json:"version"`
		Bundle  string `json:"bundle"`
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
	out := struct {
		Version      int      `json:"version"`
		Reference    string   `json:"reference"`
		ConfigDigest string   `json:"config_digest"`
		Platform     string   `json:"platform"`
		Size         int64    `json:"size"`
		Needless     int64    `json:"needless"`
		Layers       []layer  `json:"layers"`
		Packages     []pkg    `json:"packages"`
		Waste        []waste  `json:"waste"`
		Files        []file   `json:"files"`
		Problems     []string `json:"problems"`
	}{
		Version: 1, Reference: i.Reference, ConfigDigest: i.ConfigDigest.String(), Platform: i.Platform, Size: i.Size, Needless: i.Needless(),
		Layers: []layer{}, Packages: []pkg{}, Waste: []waste{}, Files: files(i.Files), Problems: append([]string{}, i.Problems...),
	}
	for _, l := range i.Layers {
		out.Layers = append(out.Layers, layer{l.DiffID.String(), l.Instruction, l.Size, l.Files, l.Unowned, l.Hidden})
	}
	for _, p := range i.Packages {
		out.Packages = append(out.Packages, pkg{p.Key, p.Version, p.Bundle, p.Size, p.Files, p.Layer})
	}
	for _, c := range i.Waste {
		out.Waste = append(out.Waste, waste{c.Name, c.Title, c.Optional, c.Size, c.Files, c.Why, c.Fix, files(c.Largest)})
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(out); err != nil {
		return fmt.Errorf("encoding the inventory: %w", err)
	}
	return deliver(w, printable(b.Bytes()))
}
