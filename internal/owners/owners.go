// Package owners tells which package owns a file of an image, from what package
// managers leave in the image itself. It is given the contents of those files
// and does no I/O; it knows nothing of tars, of layers, or of how many bytes a
// file has.
package owners

import (
	"maps"
	"path"
	"slices"
	"strings"
)

// Package is a distribution of a package manager. Two copies of one
// distribution in an image are two packages, which differ in their Source.
type Package struct {
	Kind    string // the Name of one of Kinds
	Name    string // as its manager spells it canonically
	Version string // empty where it is not known
	Bundle  string // what it is, in words, where that is an accelerator's library or what carries one: "CUDA: cuBLAS, linear algebra"
	Source  string // the file that says what it owns, or at least that it is there

	Editable bool // a Python distribution of which only the metadata is installed, and the code is elsewhere
	Vendored bool // a Python distribution inside another one, which owns what both list
}

// Key is what a package is called across images: "python:torch", "deb:gcc-12".
func (p Package) Key() string { return p.Kind + ":" + p.Name }

// Kept reports whether the content of a file at that path, which is clean and
// without a leading slash, says who owns files, so that a pass over a layer is
// to keep it for Read.
func Kept(path string) bool {
	folder, base := split(path)
	return slices.ContainsFunc(Kinds, func(k Kind) bool { return k.keeps(folder, base) })
}

// Owners knows which package owns a path. It has some 40 bytes a path that a
// list names, and never more than maxListed of them.
type Owners struct {
	packages []Package
	listed   map[pathKey]int32 // paths that a list names
	stems    map[pathKey]int32 // "a/b" for files called "a/b.so" and "a/b.1.py"
	folders  folders           // what is below them, and in no list
	problems problems
}

// Read finds the owners by the files for which Kept is true, of those that a
// container sees, by path. links are the image's symlinks to folders, with their
// targets as clean paths from the root: Debian lists /lib/x where the tar has
// usr/lib/x. What is damaged is left out, and Problems says so.
func Read(texts map[string][]byte, links map[string]string) *Owners {
	o := &Owners{listed: map[pathKey]int32{}, stems: map[pathKey]int32{}}
	paths := slices.Sorted(maps.Keys(texts))
	seen := newSymlinks(links)
	for _, kind := range Kinds {
		in := &reading{Owners: o, kind: kind.Name, texts: texts, links: seen}
		for _, p := range paths {
			if folder, base := split(p); kind.keeps(folder, base) {
				in.paths = append(in.paths, p)
			}
		}
		kind.read(in)
	}
	return o
}

// Packages are those that are installed, whether or not they own anything.
func (o *Owners) Packages() []Package { return o.packages }

// Of is the owner of what is at a path, as an index into Packages: the package
// whose list names it. Where none does, bytecode is of the package that has the
// source, and what is in a package's own folder is of that package.
func (o *Owners) Of(path string) (index int, ok bool) {
	found := o.listedBy(path)
	if found == nobody {
		found = o.derived(path)
	}
	return int(found), found != nobody
}

// Listed reports whether a list names the path itself: Debian's lists do not
// name the bytecode that Debian's packages write when they are installed, nor
// dpkg's own files, although Of knows whose they are.
func (o *Owners) Listed(path string) bool { return o.listedBy(path) != nobody }

// Made reports whether what is at path, whose owner by Of is the package of that
// index, came to be after its manager had installed it: the manager's lists are
// complete, and none names it.
func (o *Owners) Made(index int, path string) bool {
	kind := slices.IndexFunc(Kinds, func(k Kind) bool { return k.Name == o.packages[index].Kind })
	return Kinds[kind].complete && !o.Listed(path)
}

// nobody stands in the place of a package.
const nobody = -1

func (o *Owners) listedBy(path string) int32 { return at(o.listed, path) }

func at(owned map[pathKey]int32, path string) int32 {
	if index, ok := owned[keyOf(path)]; ok {
		return index
	}
	return nobody
}

func (o *Owners) derived(path string) int32 {
	if source, ok := compiledFrom(path); ok {
		if owner := o.listedBy(source); owner != nobody {
			return owner
		}
	}
	folder, base := split(path)
	for _, dot := range []int{strings.LastIndexByte(base, '.'), strings.IndexByte(base, '.')} {
		if dot <= 0 {
			continue
		}
		if owner := at(o.stems, join(folder, base[:dot])); owner != nobody {
			return owner
		}
	}
	return o.folders.owner(path)
}

// split is the folder that holds what is at a clean path, and its name there.
func split(path string) (folder, base string) {
	i := strings.LastIndexByte(path, '/')
	return path[:max(i, 0)], path[i+1:]
}

func join(folder, name string) string { return strings.TrimPrefix(path.Join("/", folder, name), "/") }
