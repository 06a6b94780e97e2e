package contents

import (
	"errors"
	"io"
)

// lowerLinks are the hard links to paths that their own layer has not, by the
// path. No engine with overlayfs unpacks such a layer, so there are few.
type lowerLinks map[pathKey]*lowerLink

// lowerLink is what the links of one layer to one path lead to: what the
// highest layer below has there. That it is not hidden need not be checked,
// since then there would be nothing to link to.
type lowerLink struct {
	layer int        // of the links
	next  *lowerLink // of another layer, to the same path

	found Inode // of kind 0 when there is nothing
	from  int   // its layer
}

// findLowerLinks reads the indexes that have such links, and then, if there are
// any, all of them.
func findLowerLinks(layers int, open Open) (lowerLinks, error) {
	links := lowerLinks{}
	for i := range layers {
		if err := links.collect(i, open); err != nil {
			return nil, err
		}
	}
	if len(links) == 0 {
		return nil, nil
	}
	return links, links.find(layers, open)
}

func (l lowerLinks) collect(layer int, open Open) (err error) {
	file, err := open(layer)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	entries, err := NewReader(file)
	if err != nil || entries.hardLinks == 0 {
		return err
	}
	for {
		e, err := entries.Next()
		if err == io.EOF { //nolint:errorlint // streams return it bare
			return nil
		}
		if err != nil {
			return err
		}
		if e.Kind == HardLink {
			l.want(keyOf(e.Target), layer)
		}
	}
}

func (l lowerLinks) want(target pathKey, layer int) {
	if link := l[target]; link == nil || link.layer != layer {
		l[target] = &lowerLink{layer: layer, next: link}
	}
}

func (l lowerLinks) find(layers int, open Open) (err error) {
	all, err := openAll(layers, open)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeAll(all.files)) }()
	for {
		e, layer, err := all.merged.next()
		if err == io.EOF { //nolint:errorlint // streams return it bare
			return nil
		}
		if err != nil {
			return err
		}
		if e.Kind < File || e.Replaced {
			continue
		}
		for link := l[keyOf(e.Path)]; link != nil; link = link.next {
			if link.layer > layer {
				link.found, link.from = e.Inode, layer
			}
		}
	}
}

// resolve is a hard link of that layer with what it leads to, or as it is when
// it leads nowhere.
func (l lowerLinks) resolve(link Inode, layer int) Inode {
	to := l.lookUp(link.Target, layer)
	if to == nil {
		return link
	}
	file := to.found
	if file.Kind == HardLink {
		file = l.resolve(file, to.from) // of a lower layer still, so this ends
	}
	switch file.Kind {
	case 0, Folder, HardLink:
		return link
	}
	file.setAlso(&link)
	return file
}

func (l lowerLinks) lookUp(target string, layer int) *lowerLink {
	for link := l[keyOf(target)]; link != nil; link = link.next {
		if link.layer == layer {
			return link
		}
	}
	return nil
}
