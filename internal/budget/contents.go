package budget

import (
	"math"

	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/waste"
)

// mostBytes bounds a size in a file, so that no sum of them wraps: a file has
// room for a few thousand.
const mostBytes = 1 << 50

// contents reads what the baseline says of its image's inventory; nil where it
// says nothing.
func contents(of *Measurement, m *mapping) *inventory.Inventory {
	if m.node == nil {
		return nil
	}
	held := &inventory.Inventory{Reference: of.Image, ConfigDigest: of.ConfigDigest, Platform: of.Platform.String()}
	for _, element := range m.get("layers").list() {
		held.Layers = append(held.Layers, layer(element.mapping()))
	}
	held.Packages = packages(m.get("packages").mapping())
	held.Waste = wasted(m.get("waste").mapping())
	for _, l := range held.Layers {
		held.Size += l.Size
	}
	return held
}

// layer reads one layer. What in it no package has is not in every file.
func layer(m *mapping) inventory.Layer {
	return inventory.Layer{
		DiffID:      m.must("diff_id", "write diff_id").digest(),
		Size:        m.must("size", "write size").integer(0, 0, mostBytes),
		Compressed:  m.get("compressed").integer(0, 0, mostBytes),
		Files:       m.must("files", "write files").integer(0, 0, math.MaxInt64),
		Unowned:     m.get("unowned").integer(inventory.Unknown, 0, mostBytes),
		Hidden:      m.get("hidden").integer(inventory.Unknown, 0, mostBytes),
		Instruction: m.get("instruction").words(""),
	}
}

func packages(m *mapping) []inventory.Package {
	var all []inventory.Package
	for i, p := range m.all() {
		keys := p.mapping()
		all = append(all, inventory.Package{
			Key:     m.node.Content[2*i].Value,
			Version: keys.must("version", "write version").words(""),
			Size:    keys.must("size", "write size").integer(0, 0, mostBytes),
			Layer:   inventory.Unknown,
		})
	}
	return all
}

func wasted(m *mapping) []inventory.Waste {
	var all []inventory.Waste
	for i, size := range m.all() {
		category, ok := waste.Named(m.node.Content[2*i].Value)
		if !ok {
			size.fault("is no category of waste", "run image-budget record, which writes whole files")
			continue
		}
		all = append(all, inventory.Waste{Category: category, Size: size.integer(0, 0, mostBytes)})
	}
	return all
}
