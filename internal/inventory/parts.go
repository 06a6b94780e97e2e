package inventory

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

// Part is a piece of an image and what it is made of, for a map of the whole: the
// image, its layers, the packages of a layer, their folders. The sizes of the
// Parts add up to Size, unless there are none.
type Part struct {
	Name  string  `json:"name"`
	Size  int64   `json:"size"`
	Parts []*Part `json:"parts,omitempty"` // largest first; what is too small for each is in one of them
}

// How far a map goes into detail. Whatever is smaller is put together, so that a
// map of a million files is no larger than one of a thousand.
const (
	mostParts     = 48   // of one part
	smallestShare = 2000 // of the image; nothing smaller has a place of its own
	deepest       = 12   // folders below each other; what is deeper is in the last
)

// Names of parts that are no package and no folder.
const (
	PartUnowned = "no package"
	PartHidden  = "overwritten or deleted later"
	PartSmaller = "smaller ones"
	ownFiles    = "files here"
)

// folders puts a map together while files go by in the order of contents.Compare,
// in which a folder is complete once the path has left it. What is too small for a
// place of its own is forgotten then, so that memory is bounded by smallestShare and
// not by how many folders there are. A nil one adds nothing.
type folders struct {
	least int64    // bytes; what has fewer has no place of its own
	path  []string // the folder that is open
	open  []level  // the root, and each folder on path
}

// level is one open folder, as far as each owner has files of a layer in it.
type level map[owned]*folder

type owned struct {
	layer int
	owner string
}

// folder is what one owner has in a folder, in bytes.
type folder struct {
	name       string
	own, all   int64 // directly in it, and with all below
	small, few int64 // bytes and number of those below that have no place of their own
	below      []*folder
}

// newFolders is for an image of so many bytes.
func newFolders(size int64) *folders {
	return &folders{least: size / smallestShare, open: []level{{}}}
}

func (f *folders) add(file File) {
	if f == nil {
		return
	}
	f.enter(path.Dir("/" + file.Path))
	here := f.open[len(f.open)-1].folder(owned{file.Layer, file.Package})
	here.own += file.Size
	here.all += file.Size
}

// enter leaves the folders that the one at dir is not in, and opens those it is in.
func (f *folders) enter(dir string) {
	depth := 0
	for name := range strings.SplitSeq(strings.Trim(dir, "/"), "/") {
		if name == "" || depth == deepest {
			break
		}
		if depth < len(f.path) && f.path[depth] != name {
			f.leave(depth)
		}
		if depth == len(f.path) {
			f.path, f.open = append(f.path, name), append(f.open, level{})
		}
		depth++
	}
	f.leave(depth)
}

// leave closes the folders below the one at depth.
func (f *folders) leave(depth int) {
	for len(f.path) > depth {
		last := len(f.path)
		for who, left := range f.open[last] {
			left.name = f.path[last-1]
			f.open[last-1].folder(who).close(left, f.least)
		}
		f.path, f.open = f.path[:last-1], f.open[:last]
	}
}

func (l level) folder(who owned) *folder {
	if l[who] == nil {
		l[who] = &folder{}
	}
	return l[who]
}

// close takes in a folder below that is complete.
func (f *folder) close(below *folder, least int64) {
	f.all += below.all
	if below.all < least {
		f.small += below.all
		f.few++
		return
	}
	f.below = append(f.below, below)
}

// parts is the image, part by part.
func (f *folders) parts(of *Inventory) *Part {
	f.leave(0)
	whole := &Part{Name: of.Reference, Size: of.Size}
	small := make([]int64, len(of.Layers))
	for n, l := range of.Layers {
		whole.Parts = append(whole.Parts, &Part{Name: l.Instruction, Size: l.Size})
		if l.Hidden > 0 {
			whole.Parts[n].Parts = []*Part{{Name: PartHidden, Size: l.Hidden}}
		}
	}
	for who, root := range f.open[0] {
		if root.all < f.least {
			small[who.layer] += root.all
			continue
		}
		layer := whole.Parts[who.layer]
		layer.Parts = append(layer.Parts, root.part(cmp.Or(who.owner, PartUnowned), f.least))
	}
	for n, part := range whole.Parts {
		part.settle(small[n], f.least)
	}
	return whole
}

// part is the folder as a Part, with folders that hold nothing but one other put
// together with it.
func (f *folder) part(name string, least int64) *Part {
	p := &Part{Name: name, Size: f.all}
	for _, below := range f.below {
		name := below.name
		for below.own == 0 && below.few == 0 && len(below.below) == 1 {
			below = below.below[0]
			name += "/" + below.name
		}
		p.Parts = append(p.Parts, below.part(name, least))
	}
	if f.own > 0 && len(p.Parts)+int(f.few) > 0 {
		p.Parts = append(p.Parts, &Part{Name: ownFiles, Size: f.own})
	}
	p.settle(f.small, least)
	return p
}

// settle puts the parts in order, and those that are too small together with what
// has no place already.
func (p *Part) settle(small, least int64) {
	slices.SortFunc(p.Parts, func(a, b *Part) int {
		return cmp.Or(cmp.Compare(b.Size, a.Size), strings.Compare(a.Name, b.Name))
	})
	kept := len(p.Parts)
	for n, part := range p.Parts {
		if n >= mostParts || part.Size < least {
			kept = min(kept, n)
			small += part.Size
		}
	}
	if small == 0 && kept == len(p.Parts) {
		return
	}
	p.Parts = append(p.Parts[:kept:kept], &Part{Name: PartSmaller, Size: small})
	if kept == 0 {
		p.Parts = nil
	}
}
