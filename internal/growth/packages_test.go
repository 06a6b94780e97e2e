package growth_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/growth"
	"github.com/image-budget/image-budget/internal/inventory"
)

func installed(all ...inventory.Package) *inventory.Inventory {
	i := &inventory.Inventory{Layers: []inventory.Layer{{}}}
	for _, p := range all {
		i.Packages = append(i.Packages, p)
		i.Size += p.Size
		i.Layers[0].Size += p.Size
	}
	return i
}

func TestPackages(t *testing.T) {
	old := installed(
		inventory.Package{Key: "deb:same", Version: "1", Size: 10},
		inventory.Package{Key: "deb:grown", Version: "1", Size: 10},
		inventory.Package{Key: "deb:relabelled", Version: "1", Size: 10},
		inventory.Package{Key: "deb:gone", Version: "1", Size: 300, Bundle: "what it was"},
		inventory.Package{Key: "deb:empty", Version: "1"},
		inventory.Package{Key: "npm:twice", Version: "1", Size: 5},
		inventory.Package{Key: "npm:twice", Version: "2", Size: 6},
		inventory.Package{Key: "npm:once", Version: "1", Size: 5},
		inventory.Package{Key: "npm:once", Version: "1", Size: 5},
	)
	now := installed(
		inventory.Package{Key: "deb:same", Version: "1", Size: 10, Layer: 1},
		inventory.Package{Key: "deb:grown", Version: "1", Size: 60},
		inventory.Package{Key: "deb:relabelled", Version: "2", Size: 10},
		inventory.Package{Key: "deb:new", Version: "1", Size: 200, Bundle: "what it is"},
		inventory.Package{Key: "deb:nothing", Version: "1"},
		inventory.Package{Key: "npm:twice", Version: "2", Size: 6},
		inventory.Package{Key: "npm:once", Version: "1", Size: 10},
	)
	g := growth.Between(old, now)
	requireSums(t, g)
	require.Equal(t, []string{"deb:gone", "deb:new", "deb:grown", "npm:twice", "deb:empty", "deb:nothing", "deb:relabelled"}, keys(g),
		"the most bytes first, then by name; several of one name and version are one")
	require.Equal(t, growth.Package{Key: "deb:gone", Bundle: "what it was", Old: &growth.PackageSide{Version: "1", Size: 300}}, g.Packages[0])
	require.Equal(t, growth.Package{Key: "deb:new", Bundle: "what it is", New: &growth.PackageSide{Version: "1", Size: 200}}, g.Packages[1])
	require.Equal(t, growth.Package{Key: "npm:twice", Old: &growth.PackageSide{Version: "1, 2", Size: 11}, New: &growth.PackageSide{Version: "2", Size: 6}}, g.Packages[3])
}
