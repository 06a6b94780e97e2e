package layer

import (
	"archive/tar"
	"errors"
	"path"
	"strings"

	"github.com/image-budget/image-budget/internal/contents"
)

// Whiteouts hide files of lower layers and hold none, see "Whiteouts" in
// layer.md of the OCI image specification. Names that begin with metaPrefix
// are AUFS bookkeeping, of which only the opaque mark is still in use.
const (
	whiteoutPrefix = ".wh."
	metaPrefix     = whiteoutPrefix + whiteoutPrefix
	opaqueMark     = metaPrefix + ".opq"
)

// xattrPrefix is that of the PAX records in which engines look for extended
// attributes.
const xattrPrefix = "SCHILY.xattr."

// kinds are the types of entries that hold something. Of hard links is known
// only later what they are.
var kinds = map[byte]contents.Kind{
	tar.TypeReg: contents.File, tar.TypeGNUSparse: contents.File, tar.TypeCont: contents.File,
	tar.TypeDir: contents.Folder, tar.TypeSymlink: contents.Symlink, tar.TypeLink: contents.HardLink,
	tar.TypeChar: contents.CharDevice, tar.TypeBlock: contents.BlockDevice, tar.TypeFifo: contents.Pipe,
}

// entryOf is what the index says of an entry with its stored bytes and the hash
// of its content. It reports false for one that is no path of the layer.
func entryOf(header *tar.Header, stored int64, content [32]byte) (contents.Entry, bool, error) {
	if header.Typeflag == tar.TypeXGlobalHeader {
		return contents.Entry{}, false, nil // records for the entries that follow
	}
	name := cleanPath(header.Name)
	if mark, hidden, err := whiteout(name); hidden || err != nil {
		return mark, mark.Kind != 0, err
	}
	e := contents.Entry{Path: name, Inode: contents.Inode{
		Kind: kinds[header.Typeflag], Mode: uint32(header.Mode & 0o7777),
		UID: uint32(header.Uid), GID: uint32(header.Gid), Xattrs: xattrs(header),
	}}
	switch e.Kind {
	case 0:
		e.Kind = contents.Unknown
	case contents.File:
		e.Size, e.Content = stored, content
	case contents.Symlink:
		e.Mode = 0o777 // as Linux has them all, whatever the header says
		e.Size, e.Target = int64(len(header.Linkname)), strings.Clone(header.Linkname)
	case contents.HardLink:
		e.Target = cleanPath(header.Linkname)
	case contents.CharDevice, contents.BlockDevice:
		e.Major, e.Minor = uint32(header.Devmajor), uint32(header.Devminor)
	}
	return e, true, nil
}

// cleanPath is the one spelling of a path. It has its own memory, and does not
// keep the header's.
func cleanPath(name string) string { return path.Clean("/" + name)[1:] }

// whiteout reports whether an entry of that path hides or is hidden instead of
// holding anything, and returns the mark that it sets, if it sets one.
func whiteout(name string) (mark contents.Entry, hidden bool, err error) {
	dir, base := path.Split(name)
	switch {
	case base == opaqueMark:
		return markAt(strings.TrimSuffix(dir, "/"), contents.Opaque), true, nil
	case strings.HasPrefix(name, metaPrefix) || strings.HasPrefix(base, metaPrefix):
		return contents.Entry{}, true, nil
	case base == whiteoutPrefix:
		return contents.Entry{}, false, errors.New("a whiteout that names no file")
	case strings.HasPrefix(base, whiteoutPrefix):
		return markAt(dir+base[len(whiteoutPrefix):], contents.Whiteout), true, nil
	}
	return contents.Entry{}, false, nil
}

func markAt(path string, kind contents.Kind) contents.Entry {
	return contents.Entry{Path: path, Inode: contents.Inode{Kind: kind}}
}

func xattrs(header *tar.Header) string {
	var all map[string]string
	for key, value := range header.PAXRecords {
		if name, ok := strings.CutPrefix(key, xattrPrefix); ok {
			if all == nil {
				all = map[string]string{}
			}
			all[name] = value
		}
	}
	return contents.JoinXattrs(all)
}

// textOf is how many bytes of a header the index may keep.
func textOf(header *tar.Header) int64 {
	n := len(header.Name) + len(header.Linkname)
	for key, value := range header.PAXRecords {
		if strings.HasPrefix(key, xattrPrefix) {
			n += len(key) + len(value)
		}
	}
	return int64(n)
}
