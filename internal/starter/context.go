package starter

import (
	"io/fs"
	"path"
)

// context is the folder that the Dockerfile is built in: its own, or the nearest
// one above it that has more of what it copies.
func (t *tree) context(at string, d *dockerfile) string {
	own := path.Dir(at)
	best, most := own, t.has(own, d.sources)
	for folder := own; folder != "."; {
		folder = path.Dir(folder)
		if n := t.has(folder, d.sources); n > most {
			best, most = folder, n
		}
	}
	return best
}

// has counts the sources that are in the folder.
func (t *tree) has(folder string, sources []string) (n int) {
	for _, source := range sources {
		at := path.Join(folder, path.Join("/", source))
		if _, err := fs.Stat(t.files, at); err == nil {
			n++
		} else if matches, err := fs.Glob(t.files, at); err == nil && len(matches) > 0 {
			n++
		}
	}
	return n
}
