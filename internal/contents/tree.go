package contents

import (
	"errors"
	"fmt"
	"io"
)

// maxLayers is how many layers are put on top of each other: overlayfs, which
// every engine uses, takes no more, and each one is an open file.
const maxLayers = 500

// Open opens the index of a layer, counted from the base, which is 0.
type Open func(layer int) (io.ReadCloser, error)

// Seen is an entry that a container sees, and the layer that it is from. A
// hard link to a lower layer that leads nowhere keeps its kind.
type Seen struct {
	Entry
	Layer int
}

// Tree is what a container sees of an image: its layers on top of each other,
// as overlayfs has them. It is a stream; its memory does not grow with the
// image.
type Tree struct {
	entries *merged
	links   lowerLinks
	files   []io.Closer

	next   Entry // the first one after the path that was looked at last
	layer  int   // of next
	err    error // instead of next
	floors scopes
	held   Seen // where it is a file, it may turn out to be a folder
	holds  bool // there is one held
}

// Stack puts the layers of an image on top of each other. Close the Tree in
// any case.
func Stack(layers int, open Open) (*Tree, error) {
	if layers > maxLayers {
		return nil, fmt.Errorf("the image has %d layers, and no more than %d can be put on top of each other", layers, maxLayers)
	}
	links, err := findLowerLinks(layers, open)
	if err != nil {
		return nil, err
	}
	all, err := openAll(layers, open)
	if err != nil {
		return nil, err
	}
	t := &Tree{entries: all.merged, files: all.files, links: links}
	t.advance()
	return t, nil
}

func (t *Tree) advance() { t.next, t.layer, t.err = t.entries.next() }

// Next is the next entry in the order of Compare, and io.EOF after the last.
func (t *Tree) Next() (Seen, error) {
	for {
		seen, err := t.path()
		if err != nil && err != io.EOF { //nolint:errorlint // streams return it bare
			return Seen{}, err
		}
		before, one := t.held, t.holds
		t.held, t.holds = seen, err == nil
		if one {
			return before, nil
		}
		if err != nil {
			return Seen{}, err
		}
	}
}

// path looks at the entries of one path after another, until there is one of
// which a container sees something.
func (t *Tree) path() (Seen, error) {
	for {
		if t.err != nil {
			return Seen{}, t.err
		}
		seen, visible := t.look()
		if visible {
			if seen.Kind == HardLink {
				seen.Inode = t.links.resolve(seen.Inode, seen.Layer)
				seen.Again = seen.Kind != HardLink
			}
			return seen, nil
		}
	}
}

// look takes all entries of one path: first the marks, then what is there, each
// from the base upwards. A floor is the lowest layer of which anything is seen.
func (t *Tree) look() (top Seen, visible bool) {
	path := t.next.Path
	above := t.floors.enter(path)
	here, below := above, above
	folder := 0 // the highest layer with a folder here that needed no entry
	for ; t.err == nil && t.next.Path == path; t.advance() {
		t.imply()
		switch {
		case t.next.Kind == Whiteout:
			here = max(here, t.layer)
		case t.next.Kind == Opaque:
			below = max(below, t.layer)
			folder = max(folder, t.layer)
		case t.next.Replaced || t.layer < here:
		default:
			top, visible = Seen{t.next, t.layer}, true
			if t.next.Kind != Folder {
				below = max(below, t.layer)
			}
		}
	}
	if below = max(below, here); below > above {
		t.floors.push(path, below)
	}
	if top.Kind != Folder && top.Layer < folder {
		return Seen{}, false
	}
	return top, visible
}

// imply drops a file that is held where an upper layer has anything below it,
// seen or not: there, it is a folder that needed no entry.
func (t *Tree) imply() {
	if t.holds && t.held.Kind != Folder && t.layer > t.held.Layer && !t.next.Replaced && within(t.next.Path, t.held.Path) {
		t.holds = false
	}
}

// Close lets go of the indexes.
func (t *Tree) Close() error { return closeAll(t.files) }

// opened is the indexes of an image.
type opened struct {
	merged *merged
	files  []io.Closer
}

func openAll(layers int, open Open) (*opened, error) {
	o := &opened{}
	var sources []stream
	for i := range layers {
		file, err := open(i)
		if err != nil {
			return nil, errors.Join(err, closeAll(o.files))
		}
		o.files = append(o.files, file)
		r, err := NewReader(file)
		if err != nil {
			return nil, errors.Join(err, closeAll(o.files))
		}
		sources = append(sources, r)
	}
	var err error
	if o.merged, err = newMerged(sources); err != nil {
		return nil, errors.Join(err, closeAll(o.files))
	}
	return o, nil
}

func closeAll(files []io.Closer) error {
	var err error
	for _, file := range files {
		err = errors.Join(err, file.Close())
	}
	return err
}
