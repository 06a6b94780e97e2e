package owners

import (
	"iter"
	"strings"
)

// maxFolders bounds the folders of one tree, with those above them, to some
// 40 MB.
const maxFolders = 1 << 18

// tree has values for some folders, by the components of their paths, so that
// the ones above a path are found in one go, however deep it is.
type tree[V any] struct {
	root  node[V]
	nodes int
}

type node[V any] struct {
	value V
	set   bool
	below map[string]*node[V]
}

// at is the node of a folder, or nil where there are too many of them.
func (t *tree[V]) at(folder string) *node[V] {
	n := &t.root
	for component := range strings.SplitSeq(folder, "/") {
		next := n.below[component]
		if next == nil {
			if t.nodes >= maxFolders {
				return nil
			}
			if n.below == nil {
				n.below = map[string]*node[V]{}
			}
			next = &node[V]{}
			n.below[strings.Clone(component)] = next
			t.nodes++
		}
		n = next
	}
	return n
}

// above has the folders above a path that have a value, from the root on, each
// with what remains of the path in it.
func (t *tree[V]) above(path string) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		n := &t.root
		for {
			component, rest, more := strings.Cut(path, "/")
			if n = n.below[component]; n == nil || !more {
				return
			}
			if n.set && !yield(rest, n.value) {
				return
			}
			path = rest
		}
	}
}

// shared is the owner of a folder that several packages have things in: none of
// them has more of a right than the others to what nobody lists.
const shared = nobody

// folders knows whose a folder is.
type folders struct{ tree[int32] }

// claim reports false where there are too many folders.
func (f *folders) claim(folder string, index int32) bool {
	n := f.at(folder)
	if n == nil {
		return false
	}
	if n.set && n.value != index {
		index = shared
	}
	n.value, n.set = index, true
	return true
}

// owner has the innermost folder around a path.
func (f *folders) owner(path string) int32 {
	owner := int32(nobody)
	for _, index := range f.above(path) {
		owner = index
	}
	return owner
}
