package contents

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

// entries has something of every kind, in the order of a tar.
var entries = []Entry{
	{Path: "b!", Size: 5, Inode: Inode{Kind: File, Mode: 0o644, Content: [32]byte{1}, Xattrs: JoinXattrs(map[string]string{"user.a": "1", "security.capability": "\x00\xff"})}},
	{Path: "b/sub/file", Size: 7, Inode: Inode{Kind: File, Mode: 0o4755, UID: 1 << 31, GID: 1<<32 - 1, Content: [32]byte{2}, Text: "kept\x00\n"}},
	{Path: "b", Inode: Inode{Kind: Folder, Mode: 0o1777}},
	{Path: "b", Inode: Inode{Kind: Opaque}},
	{Path: "b/gone", Inode: Inode{Kind: Whiteout}},
	{Path: "b/link", Size: 2, Inode: Inode{Kind: Symlink, Mode: 0o777, Target: ".."}},
	{Path: "", Inode: Inode{Kind: Folder, Mode: 0o755}},
	{Path: "dev", Inode: Inode{Kind: CharDevice, Major: 1, Minor: 3}},
	{Path: "pipe", Inode: Inode{Kind: Pipe}},
	{Path: "b/again", Inode: Inode{Kind: HardLink, Mode: 0o644, Target: "b!"}},
	{Path: "lower", Inode: Inode{Kind: HardLink, Target: "not/here"}},
	{Path: strings.Repeat("long/", 5000) + "\xff", Inode: Inode{Kind: File, Content: [32]byte{3}}},
}

// scratch is a file that is gone once it is closed.
func scratch() (*os.File, error) {
	f, err := os.CreateTemp("", "run-")
	if err != nil {
		return nil, err
	}
	return f, os.Remove(f.Name())
}

// index builds the index of a layer, in batches of at most so many entries.
func index(t testing.TB, most int, entries ...Entry) []byte {
	t.Helper()
	b := NewBuilder(scratch)
	b.most = most
	defer b.Close()
	for _, e := range entries {
		require.NoError(t, b.Add(e))
	}
	var out bytes.Buffer
	_, err := b.Write(&out)
	require.NoError(t, err)
	return out.Bytes()
}

func readAll(r io.Reader) ([]Entry, error) {
	in, err := NewReader(r)
	if err != nil {
		return nil, err
	}
	var all []Entry
	for {
		e, err := in.Next()
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		all = append(all, e)
	}
}

func TestIndexIsInOrderWhateverTheBatches(t *testing.T) {
	one := index(t, 1000, entries...)
	for most := 1; most < 5; most++ {
		require.Equal(t, one, index(t, most, entries...), "batches of %d", most)
	}
	got, err := readAll(iotest.OneByteReader(bytes.NewReader(one)))
	require.NoError(t, err)
	var paths []string
	for _, e := range got {
		paths = append(paths, e.Path)
	}
	require.Equal(t, []string{"", "b", "b", "b/again", "b/gone", "b/link", "b/sub/file", "b!", "dev"}, paths[:9])
	for _, want := range entries {
		i := slices.IndexFunc(got, func(e Entry) bool { return e.Path == want.Path && e.Kind.rank() == want.Kind.rank() })
		require.GreaterOrEqual(t, i, 0, want.Path)
		if want.Path == "b/again" {
			want.Inode, want.Again = entries[0].Inode, true
		}
		got[i].seq = 0
		require.Equal(t, want, got[i])
	}
}

func TestTotals(t *testing.T) {
	b := NewBuilder(nil)
	for _, e := range append(slices.Clone(entries), Entry{Path: "b!", Size: 100, Inode: Inode{Kind: File}}) {
		require.NoError(t, b.Add(e))
	}
	got, err := b.Write(io.Discard)
	require.NoError(t, err)
	require.Equal(t, Totals{Size: 100 + 7 + 2, Files: 6}, got)
}

// What is cut short, goes on or was changed is an error, and no panic.
func TestDamagedIndex(t *testing.T) {
	whole := index(t, 1000, entries[:6]...)
	for n := range whole {
		_, err := readAll(bytes.NewReader(whole[:n]))
		require.ErrorIs(t, err, io.ErrUnexpectedEOF, "%d bytes", n)
	}
	_, err := readAll(bytes.NewReader(append(bytes.Clone(whole), 0)))
	require.ErrorContains(t, err, "goes on")
	boom := errors.New("boom")
	_, err = readAll(io.MultiReader(bytes.NewReader([]byte{0, 0xf}), iotest.ErrReader(boom)))
	require.ErrorIs(t, err, boom, "who keeps the index knows better")
}

func TestCompare(t *testing.T) {
	sorted := []string{"", "a", "a/a", "a/b/c", "a/b/c/d", "a\x00", "a!", "a.b", "a0", "b", "long/path/of/which/much/is/shared/1", "long/path/of/which/much/is/shared/2", "\xff"}
	for i := range sorted {
		for j := range sorted {
			require.Equal(t, cmp.Compare(i, j), Compare(sorted[i], sorted[j]), "%q %q", sorted[i], sorted[j])
		}
	}
}
