package growth

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/image-budget/image-budget/internal/contents"
	"github.com/image-budget/image-budget/internal/inventory"
)

// Held is an image whose layers' indexes are at hand.
type Held struct {
	*inventory.Inventory
	Open contents.Open
}

// CompareFiles adds the most largest changes of files. It goes through what a
// container sees of both images at once, and its memory does not grow with them.
func (g *Growth) CompareFiles(old, now Held, most int) error {
	c := &comparing{old: old, now: now, most: most, files: []File{}}
	if err := c.compare(); err != nil {
		return fmt.Errorf("comparing the files of %q and %q: %w", old.Reference, now.Reference, err)
	}
	rest := g.Delta() - (hidden(now.Inventory) - hidden(old.Inventory))
	for _, f := range c.files {
		rest -= f.Delta()
	}
	g.Files, g.OtherFiles = c.files, &rest
	return nil
}

// comparing is a comparison of files under way.
type comparing struct {
	old, now Held
	most     int
	files    []File
}

func (c *comparing) compare() (err error) {
	was, err := list(c.old)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, was.Close()) }()
	is, err := list(c.now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, is.Close()) }()
	for {
		order, ok := first(was, is)
		if !ok {
			return errors.Join(was.err, is.err)
		}
		var before, after *contents.Seen
		if order <= 0 {
			seen := was.seen
			before = &seen
			was.advance()
		}
		if order >= 0 {
			seen := is.seen
			after = &seen
			is.advance()
		}
		c.add(before, after)
	}
}

// add takes what one path has in the two images; nil is nothing, and so is a
// folder.
func (c *comparing) add(before, after *contents.Seen) {
	before, after = file(before), file(after)
	f := File{Gone: after == nil}
	if before != nil {
		f.Path, f.Layer, f.Old = before.Path, before.Layer, before.Size
	}
	if after != nil {
		f.Path, f.Layer, f.New = after.Path, after.Layer, after.Size
	}
	if f.Delta() == 0 {
		return
	}
	at, _ := slices.BinarySearchFunc(c.files, f, func(a, b File) int {
		return cmp.Or(cmp.Compare(abs(b.Delta()), abs(a.Delta())), strings.Compare(a.Path, b.Path))
	})
	if at >= c.most {
		return
	}
	owner := c.now.Inventory
	if f.Gone {
		owner = c.old.Inventory
	}
	f.Package = owner.PackageOf(f.Path)
	c.files = slices.Insert(c.files, at, f)
	c.files = c.files[:min(len(c.files), c.most)]
}

// file is what was seen where it is no folder.
func file(seen *contents.Seen) *contents.Seen {
	if seen != nil && seen.Kind == contents.Folder {
		return nil
	}
	return seen
}

// listing is what a container sees of one image, one entry at a time.
type listing struct {
	*contents.Tree
	seen contents.Seen
	done bool
	err  error // why it is done before its end
}

func list(of Held) (*listing, error) {
	tree, err := contents.Stack(len(of.Layers), of.Open)
	if err != nil {
		return nil, err
	}
	l := &listing{Tree: tree}
	l.advance()
	return l, nil
}

func (l *listing) advance() {
	var err error
	if l.seen, err = l.Next(); err != nil {
		l.done = true
		if err != io.EOF { //nolint:errorlint // streams return it bare
			l.err = err
		}
	}
}

// first says whose entry comes next: below 0 the first's, above 0 the second's, 0
// both. It reports false at the end of both, and once one of them cannot be read.
func first(a, b *listing) (order int, ok bool) {
	switch {
	case a.err != nil || b.err != nil || a.done && b.done:
		return 0, false
	case a.done:
		return 1, true
	case b.done:
		return -1, true
	}
	return contents.Compare(a.seen.Path, b.seen.Path), true
}
