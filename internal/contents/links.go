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
	at     map[pathKey]uint32 // the file that is there now, by its place in the tar
	number map[uint32]uint32  // of files with hard links, by the place of each of their names
	said   []said             // by the number
	files  []Inode            // the same files, once they are known
	open   int                // hard links to paths of which the layer had nothing
}

// said is what the headers of the hard links to a file say of it.
type said struct {
	file           uint32 // its place in the tar
	mode, uid, gid uint32 // of the last one
	xattrs         string // of all
}

func newLinks() links {
	return links{at: map[pathKey]uint32{}, number: map[uint32]uint32{}}
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
	number, known := l.number[file]
	if !known {
		number = uint32(len(l.said))
		l.number[file] = number
		l.said = append(l.said, said{file: file})
	}
	l.number[e.seq] = number
	s := &l.said[number]
	s.mode, s.uid, s.gid, s.xattrs = e.Mode, e.UID, e.GID, overlayXattrs(s.xattrs, e.Xattrs)
}

// learn takes note of a file that has hard links.
func (l *links) learn(e *Entry) {
	number, ok := l.number[e.seq]
	if !ok || l.said[number].file != e.seq {
		return
	}
	if l.files == nil {
		l.files = make([]Inode, len(l.said))
	}
	s, file := l.said[number], e.Inode
	file.setAlso(&Inode{Mode: s.mode, UID: s.uid, GID: s.gid, Xattrs: s.xattrs})
	l.files[number] = file
}

// resolve gives a hard link, and the file that it leads to, what all names of
// it show.
func (l *links) resolve(e *Entry) {
	number, ok := l.number[e.seq]
	if !ok {
		return
	}
	e.Inode = l.files[number]
	if l.said[number].file != e.seq {
		e.Size, e.Again = 0, true
	}
}
