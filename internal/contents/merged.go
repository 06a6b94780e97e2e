package contents

import (
	"cmp"
	"container/heap"
	"io"
)

// stream is entries in the order of an index; io.EOF ends it.
type stream interface {
	Next() (Entry, error)
}

// merged is several streams as one. Entries of one path and rank come in the
// order of their streams.
type merged struct{ heads heads }

// head is the next entry of one stream.
type head struct {
	Entry
	source int
	from   stream
}

func newMerged(sources []stream) (*merged, error) {
	m := &merged{}
	for i, from := range sources {
		first, err := from.Next()
		if err == io.EOF { //nolint:errorlint // streams return it bare
			continue
		}
		if err != nil {
			return nil, err
		}
		m.heads = append(m.heads, &head{first, i, from})
	}
	heap.Init(&m.heads)
	return m, nil
}

// next is the next entry and the number of its stream.
func (m *merged) next() (Entry, int, error) {
	if len(m.heads) == 0 {
		return Entry{}, 0, io.EOF
	}
	top := m.heads[0]
	e := top.Entry
	following, err := top.from.Next()
	switch {
	case err == io.EOF: //nolint:errorlint // streams return it bare
		heap.Pop(&m.heads)
	case err != nil:
		return Entry{}, 0, err
	default:
		top.Entry = following
		heap.Fix(&m.heads, 0)
	}
	return e, top.source, nil
}

type heads []*head

func (h heads) Len() int      { return len(h) }
func (h heads) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h heads) Less(i, j int) bool {
	return cmp.Or(h[i].compare(&h[j].Entry), cmp.Compare(h[i].source, h[j].source)) < 0
}
func (h *heads) Push(x any) { *h = append(*h, x.(*head)) }
func (h *heads) Pop() any {
	last := (*h)[len(*h)-1]
	(*h)[len(*h)-1] = nil
	*h = (*h)[:len(*h)-1]
	return last
}
