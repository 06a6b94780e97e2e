package growth_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/growth"
	"github.com/image-budget/image-budget/internal/image/imagetest"
)

// moves are the files of a comparison, as "path old new", with a - where gone.
func moves(g *growth.Growth) (all []string) {
	for _, f := range g.Files {
		now := fmt.Sprint(f.New)
		if f.Gone {
			now = "-"
		}
		all = append(all, fmt.Sprintf("%s %d %s", f.Path, f.Old, now))
	}
	return all
}

func TestFiles(t *testing.T) {
	cache := open(t)
	base := []imagetest.Entry{sized("srv/a", 1000), sized("srv/b", 200)}
	for _, test := range []struct {
		name     string
		old, now []made
		want     []string
		hidden   int64
	}{
		{"the same", []made{add(t, base...)}, []made{add(t, base...)}, nil, 0},
		{"the same in other layers", []made{add(t, base...)}, []made{add(t, base[0]), add(t, base[1])}, nil, 0},
		{"other content of the same size", []made{add(t, imagetest.File("a", "one"))}, []made{add(t, imagetest.File("a", "two"))}, nil, 0},
		{"grown", []made{add(t, base...)}, []made{add(t, base[0], sized("srv/b", 500))}, []string{"srv/b 200 500"}, 0},
		{"renamed", []made{add(t, base...)}, []made{add(t, sized("srv/a2", 1000), base[1])}, []string{"srv/a 1000 -", "srv/a2 0 1000"}, 0},
		{"moved below another folder", []made{add(t, base[0])}, []made{add(t, sized("a/srv/a", 1000))}, []string{"a/srv/a 0 1000", "srv/a 1000 -"}, 0},
		{"a hard link has no bytes", []made{add(t, base...)}, []made{add(t, append(base, imagetest.Hardlink("srv/c", "srv/a"))...)}, nil, 0},
		{"a symlink has those of its target", []made{add(t, base...)}, []made{add(t, append(base, imagetest.Symlink("srv/c", "abc"))...)}, []string{"srv/c 0 3"}, 0},
		{"deleted by a later layer", []made{add(t, base...)}, []made{add(t, base...), add(t, imagetest.Whiteout("srv", "a"))}, []string{"srv/a 1000 -"}, 1000},
		{"emptied by a later layer", []made{add(t, base...)}, []made{add(t, base...), add(t, imagetest.Opaque("srv"))}, []string{"srv/a 1000 -", "srv/b 200 -"}, 1200},
		{"overwritten", []made{add(t, base...)}, []made{add(t, base...), add(t, sized("srv/b", 700))}, []string{"srv/b 200 700"}, 200},
		{"a folder where a file was", []made{add(t, base[0])}, []made{add(t, sized("srv/a/c", 30))}, []string{"srv/a 1000 -", "srv/a/c 0 30"}, 0},
		{"a folder of its own where a file was", []made{add(t, base[0])}, []made{add(t, imagetest.Dir("srv/a"))}, []string{"srv/a 1000 -"}, 0},
		{"a file where a folder was", []made{add(t, sized("srv/a/c", 30))}, []made{add(t, base[0])}, []string{"srv/a 0 1000", "srv/a/c 30 -"}, 0},
		{"the ends of the lists", []made{add(t, sized("a", 5), sized("m", 1))}, []made{add(t, sized("m", 1), sized("z", 7), sized("zz", 2))}, []string{"z 0 7", "a 5 -", "zz 0 2"}, 0},
		{"nothing before", nil, []made{add(t, base...)}, []string{"srv/a 0 1000", "srv/b 0 200"}, 0},
		{"nothing after", []made{add(t, base...)}, nil, []string{"srv/a 1000 -", "srv/b 200 -"}, 0},
		{"neither", nil, nil, nil, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			old, now := hold(t, cache, "old", test.old...), hold(t, cache, "new", test.now...)
			g := growth.Between(old.Inventory, now.Inventory)
			require.Nil(t, g.OtherFiles, "nobody has compared them")
			require.NoError(t, g.CompareFiles(old, now, 100))
			require.Equal(t, test.want, moves(g))
			require.Equal(t, test.hidden, g.Hidden)
			require.Zero(t, *g.OtherFiles)
			requireSums(t, g)

			require.NoError(t, g.CompareFiles(old, now, 1))
			require.LessOrEqual(t, len(g.Files), 1)
			requireSums(t, g)
		})
	}
}

// A file names the package that has it now, or had it when it is gone.
func TestPackagesOfFiles(t *testing.T) {
	cache := open(t)
	install := func(version string, size int) made {
		folder := site + "torch-" + version + ".dist-info/"
		return made{"RUN pip install", imagetest.Tar(t,
			imagetest.File(folder+"METADATA", "Name: torch\nVersion: "+version+"\n\n"),
			imagetest.File(folder+"RECORD", fmt.Sprintf("torch/lib%s.so,,\ntorch/core.so,,\n", version)),
			sized(site+"torch/lib"+version+".so", 10*size), sized(site+"torch/core.so", size))}
	}
	old, now := hold(t, cache, "old", install("2.4", 1000)), hold(t, cache, "new", add(t, sized("x", 10)), install("2.5", 2000))
	g := growth.Between(old.Inventory, now.Inventory)
	require.NoError(t, g.CompareFiles(old, now, 4))
	require.Equal(t, []growth.File{
		{Path: site + "torch/lib2.5.so", New: 20_000, Layer: 1, Package: "python:torch"},
		{Path: site + "torch/lib2.4.so", Old: 10_000, Package: "python:torch", Gone: true},
		{Path: site + "torch/core.so", Old: 1000, New: 2000, Layer: 1, Package: "python:torch"},
	}, g.Files[:3])
}

// A layer whose index cannot be read is a fault, whichever side it is of, and
// leaves the growth as it was.
func TestFilesThatCannotBeRead(t *testing.T) {
	cache := open(t)
	one := hold(t, cache, "one", add(t, sized("a", 5)))
	gone := errors.New("the disk is gone")
	none, half := one, one
	none.Open = func(int) (io.ReadCloser, error) { return nil, gone }
	half.Open = func(int) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("\xff\xff")), nil }
	for _, test := range []struct{ old, now growth.Held }{{none, one}, {one, none}, {half, one}, {one, half}} {
		g := growth.Between(one.Inventory, one.Inventory)
		require.ErrorContains(t, g.CompareFiles(test.old, test.now, 3), `comparing the files of "one" and "one"`)
		require.Nil(t, g.OtherFiles)
	}
	require.ErrorIs(t, growth.Between(one.Inventory, one.Inventory).CompareFiles(none, one, 3), gone)
}
