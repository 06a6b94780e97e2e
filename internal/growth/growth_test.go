package growth_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/growth"
	"github.com/image-budget/image-budget/internal/inventory"
)

// TestEveryViewAddsUp: whatever the two images are, the deltas of their layers, of
// their packages and of their files each add up to the byte.
func TestEveryViewAddsUp(t *testing.T) {
	cache := open(t)
	for seed := range uint64(60) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 1))
			layers := random(t, r, r.IntN(6))
			old := hold(t, cache, "old", layers...)
			now := hold(t, cache, "new", changed(t, r, layers)...)
			g := growth.Between(old.Inventory, now.Inventory)
			require.True(t, g.Complete)
			requireSums(t, g)
			require.Equal(t, unowned(now.Inventory)-unowned(old.Inventory), g.Unowned)
			requireCauses(t, g, now.Inventory)

			require.NoError(t, g.CompareFiles(old, now, r.IntN(4)))
			requireSums(t, g)
			require.NoError(t, g.CompareFiles(old, now, math.MaxInt))
			requireSums(t, g)
			require.Zero(t, *g.OtherFiles, "all of them are named")
			requireCauses(t, g, now.Inventory)

			requireOpposite(t, g, growth.Between(now.Inventory, old.Inventory))
			for _, size := range []int{0, 1, 2} { // as baselines of less and less detail have it
				requireSums(t, growth.Between(kept(old.Inventory, size), now.Inventory))
				requireSums(t, growth.Between(kept(old.Inventory, size), kept(now.Inventory, 2)))
				requireSums(t, growth.Between(bare(kept(old.Inventory, size)), now.Inventory))
				requireCauses(t, growth.Between(bare(kept(old.Inventory, size)), now.Inventory), now.Inventory)
			}
		})
	}
}

func requireSums(t *testing.T, g *growth.Growth) {
	t.Helper()
	require.Equal(t, g.New.Size-g.Old.Size, g.Delta())
	var layers, was, is int64
	for _, l := range g.Layers {
		layers += l.Delta()
		if l.Old != nil {
			was += l.Old.Size
		}
		if l.New != nil {
			is += l.New.Size
		}
	}
	require.Equal(t, g.Delta(), layers, "layers")
	require.Equal(t, [2]int64{g.Old.Size, g.New.Size}, [2]int64{was, is}, "each layer once")

	packages := g.Unowned + g.Hidden
	for _, p := range g.Packages {
		packages += p.Delta()
	}
	require.Equal(t, g.Delta(), packages, "packages")

	if g.OtherFiles != nil {
		files := *g.OtherFiles + g.Hidden
		for _, f := range g.Files {
			files += f.Delta()
		}
		require.Equal(t, g.Delta(), files, "files")
	}
}

// requireOpposite: the way back is the same with the signs turned round.
func requireOpposite(t *testing.T, there, back *growth.Growth) {
	t.Helper()
	require.Equal(t, -there.Delta(), back.Delta())
	require.Equal(t, -there.Unowned, back.Unowned)
	require.Equal(t, -there.Hidden, back.Hidden)
	require.Len(t, back.Packages, len(there.Packages))
	for n, p := range there.Packages {
		require.Equal(t, p.Key, back.Packages[n].Key)
		require.Equal(t, p.Old, back.Packages[n].New)
		require.Equal(t, p.New, back.Packages[n].Old)
	}
}

func unowned(i *inventory.Inventory) (sum int64) {
	for _, l := range i.Layers {
		sum += l.Unowned
	}
	return sum
}

func TestNothingChanged(t *testing.T) {
	cache := open(t)
	layers := random(t, rand.New(rand.NewPCG(7, 7)), 5)
	one, two := hold(t, cache, "one", layers...), hold(t, cache, "two", layers...)
	g := growth.Between(one.Inventory, two.Inventory)
	require.NoError(t, g.CompareFiles(one, two, 10))
	require.Zero(t, g.Delta())
	require.Zero(t, g.Unowned)
	require.Zero(t, g.Hidden)
	require.Empty(t, g.Packages)
	require.Empty(t, g.Waste)
	require.Empty(t, g.Files)
	require.NotNil(t, g.Files, "a list in JSON, not null")
	require.Zero(t, *g.OtherFiles)
	require.Empty(t, g.Causes(two.Inventory))
	require.Len(t, g.Layers, 5)
	for n, l := range g.Layers {
		require.True(t, l.Old.Same && l.New.Same)
		require.Equal(t, [2]int{n, n}, [2]int{l.Old.Index, l.New.Index})
	}
}

func TestSides(t *testing.T) {
	i := &inventory.Inventory{Reference: "app:1", Platform: "linux/amd64", Size: 30, Layers: []inventory.Layer{{Size: 10, Compressed: 4}, {Size: 20, Compressed: 5}}}
	half := *i
	half.Layers = []inventory.Layer{{Size: 10, Compressed: 4}, {Size: 20}}
	g := growth.Between(i, &half)
	require.Equal(t, growth.Side{Reference: "app:1", Platform: "linux/amd64", Size: 30, Compressed: 9, Layers: 2}, g.Old)
	require.Zero(t, g.New.Compressed, "one of its layers does not say, so the sum is not known")
}
