package contents

import "crypto/sha256"

// pathKey stands for a path. It is the first half of its SHA-256: names of up
// to 1 MiB each would not fit, and nobody can make two of them collide.
type pathKey [16]byte

func keyOf(path string) pathKey {
	hash := sha256.Sum256([]byte(path))
	return pathKey(hash[:16])
}

// links finds out which file the hard links of one layer are names of. Which
// of the names comes first, and so holds the content, is up to who wrote the
// tar, and a container does not see it.
type links struct {
	at    map[pathKey]uint32 // the file that is there now, by its place in the tar
	names map[uint32]uint32  // hard links, and the file of each
	files map[uint32]*Inode  // those that have hard links: at first, what the links' headers say
	open  int                // hard links to paths of which the layer had nothing
}

func newLinks() links {
	return links{at: map[pathKey]uint32{}, names: map[uint32]uint32{}, files: map[uint32]*Inode{}}
}

func (l *links) add(e *Entry) {
	switch {
	case e.Kind < File:
		return
	case e.Kind == Folder:
		delete(l.at, keyOf(e.Path))
		return
	case e.Kind != HardLink:
		l.at[keyOf(e.Path)] = e.seq
		return
	}
	file, ok := l.at[keyOf(e.Target)]
	if !ok {
		l.open++
		l.at[keyOf(e.Path)] = e.seq // links to this one lead where it leads
		return
	}
	l.at[keyOf(e.Path)] = file
	l.names[e.seq] = file
	if l.files[file] == nil {
		l.files[file] = &Inode{}
	}
	l.files[file].setAlso(&e.Inode)
}

// learn completes a file that has hard links.
func (l *links) learn(e *Entry) {
	if file := l.files[e.seq]; file != nil {
		links := *file
		*file = e.Inode
		file.setAlso(&links)
	}
}

// resolve gives a hard link, and the file that it leads to, what all names of
// it show.
func (l *links) resolve(e *Entry) {
	if file, ok := l.names[e.seq]; ok {
		e.Inode, e.Size, e.Again = *l.files[file], 0, true
	} else if file := l.files[e.seq]; file != nil {
		e.Inode = *file
	}
}
