// Package contents is the index of what a layer holds: one entry a path, in an
// order in which the whole subtree of a folder stands together. It puts the
// indexes of an image's layers on top of each other, as a container sees them,
// and hashes what is then to be seen. It knows nothing of tars, of blobs, or of
// where an index is kept.
package contents

import (
	"cmp"
	"encoding/binary"
	"maps"
	"math/bits"
	"slices"
	"strings"
)

// Kind is what an entry is.
type Kind byte

// The kinds of entries. Whiteouts hide what is below them, see "Whiteouts" in
// layer.md of the OCI image specification; they stand before what the same
// layer has at their path. The numbers are part of indexes and digests.
const (
	Opaque   Kind = iota + 1 // hides what lower layers have in the folder
	Whiteout                 // hides the path in lower layers, with all below it
	File
	Folder
	Symlink
	CharDevice
	BlockDevice
	Pipe
	HardLink // to a path of which the layer had nothing so far
	Unknown  // a type of tar entry that engines do not unpack
)

// rank orders the entries of one path in one layer.
func (k Kind) rank() int { return int(min(k, File)) }

// Entry is what a layer holds at a path.
type Entry struct {
	Path string // clean, and without a leading slash: empty for the root
	Size int64  // bytes, as metric size counts them: a hard link has none
	Inode

	Again bool // a hard link, which is another name of a file of its layer or of a lower one
	// Replaced is set where a later entry of the same layer put something else in
	// the place of a folder above. It counts in the layer's size all the same.
	Replaced bool
	seq      uint32 // its place in the tar, from 1
}

// Inode is what all names of a file show.
type Inode struct {
	Kind         Kind
	Mode         uint32   // permission bits, with those for setuid, setgid and sticky
	UID, GID     uint32   // as many bits of them as a kernel takes
	Major, Minor uint32   // of a device
	Content      [32]byte // BLAKE3 of a regular file's content, holes included
	Target       string   // of a symlink as it is written, of a HardLink as clean as Path
	Xattrs       string   // extended attributes, as JoinXattrs puts them
	Text         string   // the content of a file that was kept, since it says who owns others; empty for all else
}

// counts reports whether the entry is one of those that image.Layer counts as
// Files.
func (e *Entry) counts() bool {
	return e.Again || e.Kind == File || e.Kind == Symlink || e.Kind == HardLink
}

// Compare orders paths by their components, so that nothing stands between a
// folder and what is in it.
func Compare(a, b string) int {
	i := shared(a, b)
	switch {
	case i == len(a) || i == len(b):
		return cmp.Compare(len(a), len(b))
	case a[i] == '/':
		return -1
	case b[i] == '/':
		return 1
	}
	return cmp.Compare(a[i], b[i])
}

// shared is how many bytes a and b have in common at their start. It compares
// eight at a time: paths in one folder have most of them in common.
func shared(a, b string) int {
	n, i := min(len(a), len(b)), 0
	for ; i+8 <= n; i += 8 {
		if differ := word(a[i:]) ^ word(b[i:]); differ != 0 {
			return i + bits.TrailingZeros64(differ)/8
		}
	}
	for i < n && a[i] == b[i] {
		i++
	}
	return i
}

func word(s string) uint64 {
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// setAlso gives an inode what the header of a hard link to it says, as engines
// do: mode, owner and attributes. Nobody can change the mode of a symlink.
func (i *Inode) setAlso(link *Inode) {
	if i.Kind != Symlink {
		i.Mode = link.Mode
	}
	i.UID, i.GID = link.UID, link.GID
	i.Xattrs = overlayXattrs(i.Xattrs, link.Xattrs)
}

// compare orders entries for an index.
func (e *Entry) compare(other *Entry) int {
	if c := Compare(e.Path, other.Path); c != 0 {
		return c
	}
	return cmp.Compare(e.Kind.rank(), other.Kind.rank())
}

// JoinXattrs is the one form of a set of extended attributes: each name and
// value after its length, in the order of the names.
func JoinXattrs(all map[string]string) string {
	if len(all) == 0 {
		return ""
	}
	var out []byte
	for _, name := range slices.Sorted(maps.Keys(all)) {
		for _, s := range []string{name, all[name]} {
			out = append(binary.AppendUvarint(out, uint64(len(s))), s...)
		}
	}
	return string(out)
}

// overlayXattrs is what is there after the attributes of upper were set too.
func overlayXattrs(lower, upper string) string {
	if lower == "" || upper == "" {
		return lower + upper
	}
	all := splitXattrs(lower)
	maps.Copy(all, splitXattrs(upper))
	return JoinXattrs(all)
}

// splitXattrs undoes JoinXattrs.
func splitXattrs(joined string) map[string]string {
	all := map[string]string{}
	rest := []byte(joined)
	next := func() string {
		size, n := binary.Uvarint(rest)
		if n <= 0 || size > uint64(len(rest)-n) {
			rest = nil // not from JoinXattrs
			return ""
		}
		end := n + int(size)
		text := string(rest[n:end])
		rest = rest[end:]
		return text
	}
	for len(rest) > 0 {
		name := next()
		all[name] = next()
	}
	return all
}

// within reports whether path stands below the folder.
func within(path, folder string) bool {
	if folder == "" {
		return path != ""
	}
	return len(path) > len(folder) && path[len(folder)] == '/' && strings.HasPrefix(path, folder)
}

// scopes has the folders above the path that is being looked at, as far as
// something in them goes for all that is below.
type scopes []scope

type scope struct {
	path  string
	value int
}

// enter leaves the scopes that path is not in, and returns the value of the
// innermost one that it is in, or 0.
func (s *scopes) enter(path string) int {
	for n := len(*s); n > 0; n-- {
		if last := (*s)[n-1]; within(path, last.path) {
			return last.value
		}
		*s = (*s)[:n-1]
	}
	return 0
}

func (s *scopes) push(path string, value int) { *s = append(*s, scope{path, value}) }
