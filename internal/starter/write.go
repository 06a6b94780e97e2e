package starter

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
)

// has reports whether there is a file at the path. A symbolic link in it is a *Fault:
// who follows one may write elsewhere.
func (r *Repository) has(at string) (bool, error) {
	parts := strings.Split(at, "/")
	for i := range parts {
		one := path.Join(parts[:i+1]...)
		entry, err := r.root.Lstat(one)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return false, nil
		case err != nil:
			return false, fmt.Errorf("looking for %q: %w", one, err)
		case entry.Mode()&fs.ModeSymlink != 0:
			return false, &Fault{Problem: fmt.Sprintf("%q is a symbolic link, which init does not follow", one), Fix: "put a regular file or folder in its place"}
		case i < len(parts)-1 && !entry.IsDir():
			return false, &Fault{Problem: fmt.Sprintf("%q is no folder, and %q is to be written there", one, at), Fix: "remove it, or name another folder with --dir"}
		}
	}
	return true, nil
}

// Write writes the files that are not kept, each whole or not at all, and none over
// another. It returns the paths of those that it wrote.
func (r *Repository) Write(files []File) (written []string, err error) {
	for _, f := range files {
		if f.Kept {
			continue
		}
		if err := r.write(f); err != nil {
			return written, fmt.Errorf("writing %q: %w", f.Path, err)
		}
		written = append(written, f.Path)
	}
	return written, nil
}

func (r *Repository) write(f File) error {
	folder := path.Dir(f.Path)
	if _, err := r.has(f.Path); err != nil {
		return err
	}
	if err := r.root.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	temporary := path.Join(folder, ".image-budget-"+rand.Text()+".tmp")
	if err := r.create(temporary, f.Text); err != nil {
		return err
	}
	err := r.root.Link(temporary, f.Path) // unlike a rename it fails where there is a file
	if err != nil && !errors.Is(err, fs.ErrExist) {
		err = r.create(f.Path, f.Text) // a filesystem without hard links
	}
	return errors.Join(err, r.root.Remove(temporary))
}

// create makes a new file; where that fails there is none.
func (r *Repository) create(at, text string) error {
	f, err := r.root.OpenFile(at, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, r.root.Remove(at))
	}
	return nil
}
