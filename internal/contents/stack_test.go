package contents

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/opencontainers/go-digest"
	"github.com/stretchr/testify/require"
)

// stacked is the indexes of an image's layers, base first.
type stacked [][]byte

func (s stacked) open(layer int) (io.ReadCloser, error) {
	return io.NopCloser(bytes.NewReader(s[layer])), nil
}

// seen is the tree of the layers as a map.
func seen(t testing.TB, layers stacked) map[string]Inode {
	t.Helper()
	tree, err := Stack(len(layers), layers.open)
	require.NoError(t, err)
	defer tree.Close()
	all := map[string]Inode{}
	last := ""
	for {
		s, err := tree.Next()
		if err == io.EOF {
			return all
		}
		require.NoError(t, err)
		require.True(t, len(all) == 0 || Compare(last, s.Path) < 0, "%q comes after %q", s.Path, last)
		last = s.Path
		all[s.Path] = s.Inode
	}
}

func digestOf(t testing.TB, layers stacked) digest.Digest {
	t.Helper()
	d, err := Digest([]byte(`{"os":"linux"}`), len(layers), layers.open)
	require.NoError(t, err)
	return d
}

func TestTooManyLayers(t *testing.T) {
	empty := func(int) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader([]byte{0, 0})), nil }
	_, err := Digest([]byte("{}"), maxLayers, empty)
	require.NoError(t, err)
	_, err = Digest([]byte("{}"), maxLayers+1, empty)
	require.ErrorContains(t, err, "no more than 500")
}

// FuzzReader (B14): what can be read as an index can be stacked.
func FuzzReader(f *testing.F) {
	f.Add([]byte{0, 0})
	b := NewBuilder(scratch)
	for _, e := range entries {
		require.NoError(f, b.Add(e))
	}
	var out bytes.Buffer
	_, err := b.Write(&out)
	require.NoError(f, err)
	f.Add(out.Bytes())
	f.Fuzz(func(t *testing.T, text []byte) {
		if _, err := readAll(bytes.NewReader(text)); err != nil {
			return
		}
		layers := stacked{text, text}
		if _, err := Digest([]byte("{}"), len(layers), layers.open); err != nil {
			t.Errorf("an index that can be read cannot be stacked: %v", err)
		}
	})
}

// TestStackAgainstUnpacking holds stacks of random layers against a file system
// in a map, into which they are unpacked one after another.
func TestStackAgainstUnpacking(t *testing.T) {
	for seed := range uint64(1500) {
		random := rand.New(rand.NewPCG(seed, 1))
		view := fileSystem{}
		var layers stacked
		for range 1 + random.IntN(5) {
			l := newUnpacked(view)
			entries := l.randomEntries(random, 1+random.IntN(20))
			layers = append(layers, index(t, 1+random.IntN(8), entries...))
			view = l.over(view)
		}
		want := map[string]Inode{}
		var squashed []Entry
		for path, file := range view {
			want[path] = *file
			squashed = append(squashed, Entry{Path: path, Inode: *file})
		}
		require.Equal(t, want, seen(t, layers), "seed %d", seed)

		random.Shuffle(len(squashed), func(i, j int) { squashed[i], squashed[j] = squashed[j], squashed[i] })
		require.Equal(t, digestOf(t, stacked{index(t, 4, squashed...)}), digestOf(t, layers), "seed %d", seed)
	}
}

// fileSystem has what is at each path; hard links share it.
type fileSystem map[string]*Inode

func (fs fileSystem) remove(path string) {
	delete(fs, path)
	fs.empty(path)
}

func (fs fileSystem) empty(path string) {
	maps.DeleteFunc(fs, func(other string, _ *Inode) bool {
		return path == "" && other != "" || strings.HasPrefix(other, path+"/")
	})
}

// unpacked is one layer on its way into a folder of its own, as overlayfs wants
// it.
type unpacked struct {
	lower   fileSystem
	own     fileSystem
	touched map[string]bool // paths that were written at any time
	hidden  []string        // with all that is below
	emptied []string
}

func newUnpacked(lower fileSystem) *unpacked {
	return &unpacked{lower: lower, own: fileSystem{}, touched: map[string]bool{}}
}

// over is the layer on top of the ones below.
func (u *unpacked) over(lower fileSystem) fileSystem {
	view := maps.Clone(lower)
	for _, path := range u.hidden {
		view.remove(path)
	}
	for _, path := range u.emptied {
		view.empty(path)
	}
	for _, mark := range slices.Concat(u.hidden, u.emptied) {
		makeFolders(view, mark)
	}
	for _, folder := range u.emptied {
		makeFolders(view, folder+"/.wh..wh..opq")
	}
	for path, e := range u.own {
		makeFolders(view, path)
		if e.Kind != Folder || view[path] != nil && view[path].Kind != Folder {
			view.remove(path)
		}
	}
	maps.Copy(view, u.own)
	return view
}

// makeFolders makes those above a path, which need no entries.
func makeFolders(view fileSystem, path string) {
	for folder := filepath.Dir(path); folder != "."; folder = filepath.Dir(folder) {
		if e := view[folder]; e != nil && e.Kind != Folder {
			view.remove(folder)
		}
	}
}

// randomEntries are those that an engine would unpack without an error.
func (u *unpacked) randomEntries(random *rand.Rand, n int) []Entry {
	components := []string{"a", "b", "a!", "b0", "\xff"}
	var entries []Entry
	for range n {
		path := components[random.IntN(len(components))]
		for range random.IntN(3) {
			path += "/" + components[random.IntN(len(components))]
		}
		e := Entry{Path: path, Inode: Inode{Mode: uint32(random.IntN(2)), UID: uint32(random.IntN(2))}}
		switch kind := random.IntN(12); {
		case kind < 4:
			e.Kind, e.Size, e.Content = File, int64(random.IntN(3)), [32]byte{byte(random.IntN(5))}
		case kind < 6:
			e.Kind = Folder
		case kind == 6:
			e.Kind, e.Target = Symlink, components[random.IntN(2)]
		case kind == 7:
			e.Kind, e.Minor = CharDevice, uint32(random.IntN(2))
		case kind == 8:
			e.Inode = Inode{Kind: Whiteout}
			u.hidden = append(u.hidden, path)
		case kind == 9:
			e.Inode = Inode{Kind: Opaque}
			u.emptied = append(u.emptied, path)
		default:
			e.Kind, e.Target = HardLink, u.randomTarget(random)
			if random.IntN(2) == 0 {
				e.Xattrs = JoinXattrs(map[string]string{fmt.Sprint(random.IntN(3)): fmt.Sprint(random.IntN(2))})
			}
		}
		if e.Kind >= File && !u.unpack(e) {
			continue
		}
		entries = append(entries, e)
	}
	return entries
}

func (u *unpacked) randomTarget(random *rand.Rand) string {
	targets := []string{"nowhere"}
	for path, e := range u.own {
		if e.Kind != Folder {
			targets = append(targets, path)
		}
	}
	for path, e := range u.lower {
		if e.Kind != Folder && e.Kind != HardLink && !u.touched[path] { // where there is something
			targets = append(targets, path)
		}
	}
	slices.Sort(targets)
	return targets[random.IntN(len(targets))]
}

// unpack reports false where the path leads through something that is no
// folder.
func (u *unpacked) unpack(e Entry) bool {
	for folder := filepath.Dir(e.Path); folder != "."; folder = filepath.Dir(folder) {
		if above := u.own[folder]; above != nil && above.Kind != Folder {
			return false
		}
	}
	file := &e.Inode
	if e.Kind == HardLink {
		if within(e.Target, e.Path) || e.Target == e.Path {
			return false // it would remove its target first
		}
		target := u.own[e.Target]
		if lower := u.lower[e.Target]; target == nil && lower != nil {
			copied := *lower
			target = &copied
		}
		if target != nil {
			target.Xattrs = overlayXattrs(target.Xattrs, e.Xattrs)
			target.UID, target.GID = e.UID, e.GID
			if target.Kind != Symlink {
				target.Mode = e.Mode
			}
			file = target
		}
	}
	if old := u.own[e.Path]; file.Kind != Folder || old != nil && old.Kind != Folder {
		u.own.remove(e.Path)
	}
	u.own[e.Path] = file
	u.touched[e.Path] = true
	return true
}
