package contents

import (
	"fmt"
	"io"
)

// Totals is what a layer's entries come to.
type Totals struct {
	Size  int64 // bytes, as metric size counts them
	Files int64 // regular files, hard links and symlinks
}

// Write writes the index of what was added and returns its totals, in which a
// path that was added twice counts once.
func (b *Builder) Write(w io.Writer) (Totals, error) {
	t, err := b.write(w)
	if err != nil {
		return t, fmt.Errorf("writing the index of a layer: %w", err)
	}
	return t, nil
}

func (b *Builder) write(w io.Writer) (Totals, error) {
	b.links.at = nil // only for what is added
	last := b.sorted()
	if len(b.links.said) > 0 {
		if err := b.learnLinks(*last); err != nil {
			return Totals{}, err
		}
	}
	entries, err := b.all(last)
	if err != nil {
		return Totals{}, err
	}
	to, err := newEncoder(w, b.links.open)
	if err != nil {
		return Totals{}, err
	}
	out := final{to: to, links: &b.links}
	for {
		e, _, err := entries.next()
		if err == io.EOF { //nolint:errorlint // streams return it bare
			break
		}
		if err == nil {
			err = out.add(e)
		}
		if err != nil {
			return Totals{}, err
		}
	}
	if err := out.flush(); err != nil {
		return Totals{}, err
	}
	return out.totals, to.close()
}

// learnLinks looks for the files that hard links lead to, also those that a
// later entry has taken the path of.
func (b *Builder) learnLinks(last batch) error {
	entries, err := b.all(&last)
	if err != nil {
		return err
	}
	for {
		e, _, err := entries.next()
		if err == io.EOF { //nolint:errorlint // streams return it bare
			return nil
		}
		if err != nil {
			return err
		}
		b.links.learn(&e)
	}
}

// final writes the last entry of each path.
type final struct {
	to     *encoder
	links  *links
	totals Totals

	held   Entry // may still have a later one of its path
	holds  bool  // there is one held
	placed int   // the last entry of this path that is no folder
	above  int   // the same of the folders above
	scopes scopes
}

func (f *final) add(e Entry) error {
	samePath := f.holds && e.Path == f.held.Path
	if f.holds && (!samePath || e.Kind.rank() != f.held.Kind.rank()) {
		if err := f.flush(); err != nil {
			return err
		}
	}
	if !samePath {
		if f.placed > f.above {
			f.scopes.push(f.held.Path, f.placed)
		}
		f.above, f.placed = f.scopes.enter(e.Path), 0
	}
	if e.Kind >= File && e.Kind != Folder {
		f.placed = int(e.seq) // engines remove a folder that is in its way, and all in it
	}
	f.held, f.holds = e, true
	return nil
}

// flush writes the entry that is held.
func (f *final) flush() error {
	if !f.holds {
		return nil
	}
	e := f.held
	f.links.resolve(&e)
	e.Replaced = e.Kind >= File && int(e.seq) < f.above
	f.totals.Size += e.Size
	if e.counts() {
		f.totals.Files++
	}
	return f.to.put(&e)
}
