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

// place is a folder of one package in one layer.
type place struct {
	layer         int
	owner, folder string
}

// folders is what is directly in each folder, in bytes. A nil one adds nothing.
type folders map[place]int64

func (f folders) add(file File) {
	if f == nil {
		return
	}
	f[place{file.Layer, file.Package, path.Dir("/" + file.Path)}] += file.Size
}

// parts is the image, part by part.
func (f folders) parts(of *Inventory) *Part {
	layers := make([]map[string]*folder, len(of.Layers)) // by owner
	for at, size := range f {
		if layers[at.layer] == nil {
			layers[at.layer] = map[string]*folder{}
		}
		layers[at.layer][at.owner] = layers[at.layer][at.owner].put(at.folder, size)
	}
	least := of.Size / smallestShare
	whole := &Part{Name: of.Reference, Size: of.Size}
	for n, l := range of.Layers {
		part := &Part{Name: l.Instruction, Size: l.Size}
		for owner, root := range layers[n] {
			part.Parts = append(part.Parts, root.part(cmp.Or(owner, PartUnowned), least))
		}
		if l.Hidden > 0 {
			part.Parts = append(part.Parts, &Part{Name: PartHidden, Size: l.Hidden})
		}
		part.settle(least)
		whole.Parts = append(whole.Parts, part)
	}
	return whole
}

// folder is what one owner has in a folder, in bytes.
type folder struct {
	own, all int64 // directly in it, and with all below
	below    map[string]*folder
}

// put adds what is directly in the folder at path, counted from f, which may be
// nil.
func (f *folder) put(path string, size int64) *folder {
	if f == nil {
		f = &folder{below: map[string]*folder{}}
	}
	at := f
	at.all += size
	for n, name := range strings.FieldsFunc(path, func(r rune) bool { return r == '/' }) {
		if n == deepest {
			break
		}
		if at.below[name] == nil {
			at.below[name] = &folder{below: map[string]*folder{}}
		}
		at = at.below[name]
		at.all += size
	}
	at.own += size
	return f
}

// part is the folder as a Part, with folders that hold nothing but one other put
// together with it.
func (f *folder) part(name string, least int64) *Part {
	p := &Part{Name: name, Size: f.all}
	for name, below := range f.below {
		for below.own == 0 && len(below.below) == 1 {
			for next, only := range below.below {
				name, below = name+"/"+next, only
			}
		}
		p.Parts = append(p.Parts, below.part(name, least))
	}
	if f.own > 0 && len(p.Parts) > 0 {
		p.Parts = append(p.Parts, &Part{Name: ownFiles, Size: f.own})
	}
	p.settle(least)
	return p
}

// settle puts the parts in order, and those that are too small together.
func (p *Part) settle(least int64) {
	slices.SortFunc(p.Parts, func(a, b *Part) int {
		return cmp.Or(cmp.Compare(b.Size, a.Size), strings.Compare(a.Name, b.Name))
	})
	for n, part := range p.Parts {
		if n >= mostParts || part.Size < least {
			rest := &Part{Name: PartSmaller}
			for _, small := range p.Parts[n:] {
				rest.Size += small.Size
			}
			p.Parts = append(p.Parts[:n:n], rest)
			break
		}
	}
	if len(p.Parts) == 1 && p.Parts[0].Name == PartSmaller {
		p.Parts = nil
	}
}
