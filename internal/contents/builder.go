package contents

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// A batch is what is sorted in memory. Real layers are one batch; of larger
// ones each batch goes into a file, and Write merges those.
const (
	batchEntries = 1 << 17
	batchText    = 32 << 20 // bytes of paths, targets, attributes and kept files
)

// Builder makes the index of one layer. Its memory does not grow with the
// layer, but for some 20 bytes a path and what hard links need.
type Builder struct {
	scratch func() (*os.File, error)
	batch   []*Entry
	room    []Entry // for the next ones of the batch
	text    int     // bytes of strings in batch
	most    int     // entries of a batch
	runs    []*os.File
	count   uint32
	links   links
}

// NewBuilder returns a Builder that asks scratch for files with no name of
// their own when there is more than fits in memory. Close it in any case.
func NewBuilder(scratch func() (*os.File, error)) *Builder {
	return &Builder{scratch: scratch, most: batchEntries, links: newLinks()}
}

// Add takes an entry. They come in the order of the tar, because of several
// entries with one path the last one counts, and a hard link leads to what was
// at its target then.
func (b *Builder) Add(e Entry) error {
	b.count++
	e.seq = b.count
	b.links.add(&e)
	if len(b.room) == 0 {
		b.room = make([]Entry, min(max(len(b.batch), 16), 1024))
	}
	b.room[0] = e
	b.batch, b.room = append(b.batch, &b.room[0]), b.room[1:]
	b.text += len(e.Path) + len(e.Target) + len(e.Xattrs) + len(e.Text)
	if len(b.batch) < b.most && b.text < batchText {
		return nil
	}
	return b.spill()
}

// spill moves the batch into a file.
func (b *Builder) spill() error {
	file, err := b.scratch()
	if err != nil {
		return fmt.Errorf("sorting what the layer holds: %w", err)
	}
	b.runs = append(b.runs, file)
	out, err := newEncoder(file, 0)
	if err == nil {
		err = copyAll(b.sorted(), out)
	}
	if err != nil {
		return fmt.Errorf("sorting what the layer holds: %w", err)
	}
	clear(b.batch) // lets go of the entries
	b.batch, b.text = b.batch[:0], 0
	return nil
}

func copyAll(from stream, to *encoder) error {
	for {
		e, err := from.Next()
		if err == io.EOF { //nolint:errorlint // streams return it bare
			return to.close()
		}
		if err == nil {
			err = to.put(&e)
		}
		if err != nil {
			return err
		}
	}
}

// sorted is the batch in the order of an index, entries of one path in the
// order of the tar. Tars that were written from a file system are in that
// order mostly, which the sort takes advantage of.
func (b *Builder) sorted() *batch {
	type named struct { // with the path at hand, since that is all a comparison needs
		path string
		*Entry
	}
	order := make([]named, len(b.batch))
	for i, e := range b.batch {
		order[i] = named{e.Path, e}
	}
	slices.SortFunc(order, func(x, y named) int {
		if c := Compare(x.path, y.path); c != 0 {
			return c
		}
		return cmp.Or(x.compare(y.Entry), cmp.Compare(x.seq, y.seq))
	})
	for i := range order {
		b.batch[i] = order[i].Entry
	}
	return &batch{rest: b.batch}
}

// batch is a stream of entries in memory.
type batch struct{ rest []*Entry }

func (b *batch) Next() (Entry, error) {
	if len(b.rest) == 0 {
		return Entry{}, io.EOF
	}
	e := b.rest[0]
	b.rest = b.rest[1:]
	return *e, nil
}

// all is every entry in the order of an index, from the start.
func (b *Builder) all(last *batch) (*merged, error) {
	var sources []stream
	for _, run := range b.runs {
		if _, err := run.Seek(0, io.SeekStart); err != nil {
			return nil, err
		}
		r, err := NewReader(run)
		if err != nil {
			return nil, err
		}
		sources = append(sources, r)
	}
	return newMerged(append(sources, last))
}

// Close lets go of the Builder's files.
func (b *Builder) Close() error {
	var err error
	for _, run := range b.runs {
		err = errors.Join(err, run.Close())
	}
	b.runs = nil
	return err
}
