package owners

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"path"
	"strings"
)

// pathKey stands for a path. It is the first half of its SHA-256: a million
// paths would not fit, and nobody can make two of them collide.
type pathKey [16]byte

func keyOf(path string) pathKey {
	hash := sha256.Sum256([]byte(path))
	return pathKey(hash[:16])
}

const (
	maxPath = 4096 // bytes, as PATH_MAX: a longer one cannot be opened by its name
	maxHops = 40   // as Linux follows symlinks in one path
)

// symlinks are those to folders.
type symlinks struct{ tree[string] }

func newSymlinks(links map[string]string) *symlinks {
	s := &symlinks{}
	for from, to := range links {
		from, to = path.Clean("/" + from)[1:], path.Clean("/" + to)[1:]
		if from == "" || len(from) > maxPath || len(to) > maxPath {
			continue
		}
		if n := s.at(from); n != nil {
			n.value, n.set = to, true
		}
	}
	return s
}

// place is where a container has what a list calls by this name: clean, without
// a leading slash, and with no symlink above it. The last component is not
// followed, since a package may own a symlink. It is empty for the root.
func (s *symlinks) place(name string) (string, error) {
	if len(name) > maxPath {
		return "", fmt.Errorf("it names a path of %d bytes", len(name))
	}
	if i := strings.IndexAny(name, "\x00\n"); i >= 0 {
		return "", fmt.Errorf("it names a path with a byte %q", name[i])
	}
	at := path.Clean(name)
	if at == ".." || strings.HasPrefix(at, "../") {
		return "", errors.New("it names a path above the root")
	}
	if at = strings.TrimLeft(at, "/"); at == "." {
		at = ""
	}
	for range maxHops {
		next, moved := s.follow(at)
		if !moved {
			return at, nil
		}
		if at = next; len(at) > maxPath {
			break
		}
	}
	return "", errors.New("it names a path with too many symlinks in it")
}

func (s *symlinks) follow(at string) (string, bool) {
	for rest, target := range s.above(at) {
		return strings.TrimPrefix(target+"/"+rest, "/"), true
	}
	return at, false
}
