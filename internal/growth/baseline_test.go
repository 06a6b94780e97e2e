package growth_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/growth"
	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/waste"
)

// kept is what a baseline keeps of an inventory: the most largest packages, no
// files, and nobody to ask whose a file is.
func kept(i *inventory.Inventory, most int) *inventory.Inventory {
	out := &inventory.Inventory{Reference: i.Reference, Platform: i.Platform, Size: i.Size, Layers: slices.Clone(i.Layers), Waste: i.Waste}
	for n := range out.Layers {
		out.Layers[n].Largest = nil
	}
	for _, p := range i.Packages[:min(most, len(i.Packages))] {
		p.Layer, p.Bundle, p.Files = inventory.Unknown, "", 0
		out.Packages = append(out.Packages, p)
	}
	return out
}

// bare is a baseline of a version that kept of a layer its size and no more.
func bare(i *inventory.Inventory) *inventory.Inventory {
	for n := range i.Layers {
		i.Layers[n].Unowned, i.Layers[n].Hidden = inventory.Unknown, inventory.Unknown
	}
	i.Waste = nil
	return i
}

// app is an image with three packages, of 100, 50 and 7 bytes.
func app() *inventory.Inventory {
	return &inventory.Inventory{
		Size: 200,
		Layers: []inventory.Layer{
			{Instruction: "ADD rootfs /", DiffID: "sha256:a", Size: 150, Unowned: 20, Hidden: 3},
			{Instruction: "RUN pip install", DiffID: "sha256:b", Size: 50, Unowned: 20},
		},
		Packages: []inventory.Package{
			{Key: "python:torch", Version: "2.4.0", Size: 100}, {Key: "deb:gcc-12", Version: "12.2", Size: 50, Layer: 1}, {Key: "deb:zlib1g", Version: "1.2", Size: 7},
		},
		Waste: []inventory.Waste{{Category: waste.Toolchain, Size: 50}},
	}
}

// TestBaseline: what a baseline had no room for is nobody's; it is not new.
func TestBaseline(t *testing.T) {
	now := app()
	now.Size += 1000
	now.Layers[1].Size += 1000
	now.Packages = append(now.Packages, inventory.Package{Key: "python:triton", Version: "3", Size: 1000, Layer: 1})
	for _, test := range []struct {
		name     string
		old      *inventory.Inventory
		packages []string // that changed
		unowned  int64
		complete bool
		waste    int
	}{
		{"all of it", kept(app(), 3), []string{"python:triton"}, 0, true, 0},
		{"two packages", kept(app(), 2), []string{"python:triton"}, 0, false, 0},
		{"one package", kept(app(), 1), []string{"python:triton"}, 0, false, 0},
		{"no package", kept(app(), 0), nil, 1000, false, 0},
		{"sizes of layers alone", bare(kept(app(), 0)), nil, 1000, false, 0},
		{"packages, but not what no package has", bare(kept(app(), 2)), []string{"python:triton"}, 0, false, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := growth.Between(test.old, now)
			requireSums(t, g)
			require.Equal(t, test.packages, keys(g))
			require.Equal(t, test.unowned, g.Unowned)
			require.Equal(t, test.complete, g.Complete)
			require.Len(t, g.Waste, test.waste, "where the baseline does not say, it is not new")
			require.Empty(t, g.Files)
			require.Nil(t, g.OtherFiles)
			require.Equal(t, test.packages, keys(growth.Between(now, test.old)), "and not gone the other way round")
		})
	}
}

// A package that the baseline could have had, and had not, is new.
func TestNewBesideABaseline(t *testing.T) {
	now := app()
	now.Packages[2].Size += 60 // zlib1g, which a baseline of two packages would have had
	g := growth.Between(kept(app(), 2), now)
	require.Equal(t, []string{"deb:zlib1g"}, keys(g))
	require.Nil(t, g.Packages[0].Old)
}

// A baseline without layers says nothing but a size of 0.
func TestBaselineWithoutLayers(t *testing.T) {
	g := growth.Between(&inventory.Inventory{}, app())
	requireSums(t, g)
	require.EqualValues(t, 200, g.Delta())
	require.Len(t, g.Packages, 3)
	requireSums(t, growth.Between(app(), &inventory.Inventory{}))
	requireSums(t, growth.Between(&inventory.Inventory{}, &inventory.Inventory{}))
}

// TestWaste: the categories of both, the most bytes first, and only what changed.
func TestWaste(t *testing.T) {
	old, now := app(), app()
	old.Waste = append(old.Waste, inventory.Waste{Category: waste.Caches, Size: 5}, inventory.Waste{Category: waste.Models, Size: 9})
	now.Waste = []inventory.Waste{{Category: waste.Tests, Size: 30}, {Category: waste.Models, Size: 9}}
	g := growth.Between(old, now)
	var got []string
	for _, w := range g.Waste {
		got = append(got, w.Category)
	}
	require.Equal(t, []string{"toolchain", "tests", "caches"}, got)
	require.EqualValues(t, -50, g.Waste[0].Delta())
	require.Equal(t, waste.Toolchain.Title, g.Waste[0].Title)
}

func keys(g *growth.Growth) (all []string) {
	for _, p := range g.Packages {
		all = append(all, p.Key)
	}
	return all
}
