package growth_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/growth"
	"github.com/image-budget/image-budget/internal/image/imagetest"
	"github.com/image-budget/image-budget/internal/inventory"
)

// requireCauses: the layers that grew less those that shrank are the growth, and
// what grew in each is named or counted and adds up to it, nineteen twentieths of it
// by name unless that takes more than ten packages; one alone is not counted but
// named.
func requireCauses(t *testing.T, g *growth.Growth, of *inventory.Inventory) {
	t.Helper()
	causes := g.Causes(of)
	sum, last := g.Shrunk(), int64(1)<<62
	for _, c := range causes {
		require.Positive(t, c.Delta())
		require.LessOrEqual(t, c.Delta(), last, "the most bytes first")
		last = c.Delta()
		sum += c.Delta()
		requireGrown(t, g, c)
	}
	require.Equal(t, g.Delta(), sum)
}

func requireGrown(t *testing.T, g *growth.Growth, c growth.Cause) {
	t.Helper()
	named, positive, packages, last := int64(0), int64(0), 0, int64(1)<<62
	for _, one := range c.Grown {
		require.Equal(t, one.Reason != growth.Shrunk, one.Delta > 0)
		require.LessOrEqual(t, one.Delta, last)
		require.NotEqual(t, one.Package == nil, one.Reason == "", "a package or a reason")
		last = one.Delta
		named += one.Delta
		positive += max(one.Delta, 0)
		if one.Package != nil {
			packages++
		}
	}
	require.Equal(t, c.Delta(), named+c.Other.Delta, "the parts add up to the layer")
	require.LessOrEqual(t, packages, 11)
	require.NotEqual(t, 1, c.Other.Count)
	require.True(t, packages == 10 || positive*20 >= (positive+c.Other.Delta)*19, "%d of %d named", positive, positive+c.Other.Delta)
	require.Equal(t, c.Other.Count == 0, c.Other.Delta == 0)
	if g.Complete {
		require.False(t, slices.ContainsFunc(c.Grown, func(one growth.Grown) bool { return one.Reason == growth.Untold }))
	}
}

// many is an image whose only layer has that many packages, each half as large as
// the one before it or, if even, as large.
func many(count int, even bool) *inventory.Inventory {
	i := &inventory.Inventory{Layers: []inventory.Layer{{DiffID: "sha256:b", Instruction: "RUN pip install"}}}
	size := int64(1) << 40
	for n := range count {
		i.Packages = append(i.Packages, inventory.Package{Key: fmt.Sprintf("python:p%02d", n), Size: size})
		i.Size += size
		if !even {
			size /= 2
		}
	}
	i.Layers[0].Size = i.Size
	return i
}

func TestWhatLeads(t *testing.T) {
	for _, test := range []struct {
		count        int
		even         bool
		named, other int
	}{
		{0, true, 0, 0}, {1, true, 1, 0}, {10, true, 10, 0}, {11, true, 11, 0}, {12, true, 10, 2}, {40, true, 10, 30},
		{4, false, 4, 0}, {5, false, 5, 0}, {6, false, 4, 2}, {20, false, 5, 15},
	} {
		now := many(test.count, test.even)
		g := growth.Between(&inventory.Inventory{}, now)
		requireCauses(t, g, now)
		if test.count == 0 {
			require.Empty(t, g.Causes(now))
			continue
		}
		c := g.Causes(now)[0]
		require.Len(t, c.Grown, test.named)
		require.Equal(t, test.other, c.Other.Count)
	}
}

// TestCausesOfABuild: a layer that is new, with a package, files of none, and what
// a later layer deletes.
func TestCausesOfABuild(t *testing.T) {
	cache := open(t)
	base := add(t, sized("srv/base", 5000))
	install := made{"RUN install", imagetest.Tar(t,
		imagetest.File(site+"torch-2.5.1.dist-info/METADATA", "Name: torch\nVersion: 2.5.1\n\n"),
		imagetest.File(site+"torch-2.5.1.dist-info/RECORD", "torch/lib.so,,\n"),
		sized(site+"torch/lib.so", 300_000), sized("opt/big", 90_000), sized("opt/small", 50_000), sized("opt/tiny", 1), sized("tmp/cache", 70_000))}
	clean := made{"RUN clean", imagetest.Tar(t, imagetest.Whiteout("tmp", "cache"))}
	old, now := hold(t, cache, "old", base), hold(t, cache, "new", base, install, clean)

	g := growth.Between(old.Inventory, now.Inventory)
	check := func() {
		causes := g.Causes(now.Inventory)
		require.Len(t, causes, 1)
		c := causes[0]
		require.Equal(t, "RUN install", c.Instruction)
		require.Len(t, c.Grown, 3)
		require.Equal(t, "python:torch", c.Grown[0].Package.Key)
		require.Equal(t, growth.NoPackage, c.Grown[1].Reason)
		require.Equal(t, growth.Overwritten, c.Grown[2].Reason)
		require.EqualValues(t, 70_000, c.Grown[2].Delta)
		var names []string
		for _, f := range c.Grown[1].Files {
			names = append(names, f.Path)
		}
		require.GreaterOrEqual(t, len(names), 2)
		require.Equal(t, []string{"opt/big", "opt/small"}, names[:2])
	}
	check() // by what the layer keeps of its files
	require.NoError(t, g.CompareFiles(old, now, 10))
	check() // by the files that changed
	requireCauses(t, g, now.Inventory)
	require.Zero(t, g.Shrunk())

	back := growth.Between(now.Inventory, old.Inventory)
	require.Empty(t, back.Causes(old.Inventory), "nothing grew")
	require.Equal(t, back.Delta(), back.Shrunk())
}

// In a layer that was there before, only what changed is named, and so no file
// where they were not compared.
func TestCauseOfALayerThatChanged(t *testing.T) {
	cache := open(t)
	old := hold(t, cache, "old", add(t, sized("srv/stays", 90_000), sized("srv/grows", 1000)))
	now := hold(t, cache, "new", add(t, sized("srv/stays", 90_000), sized("srv/grows", 5000)))
	g := growth.Between(old.Inventory, now.Inventory)
	require.Empty(t, g.Causes(now.Inventory)[0].Grown[0].Files)
	require.NoError(t, g.CompareFiles(old, now, 10))
	files := g.Causes(now.Inventory)[0].Grown[0].Files
	require.Len(t, files, 1)
	require.Equal(t, "srv/grows", files[0].Path)
}
