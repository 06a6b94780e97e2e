package session

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// Kind is a sort of thing that a run makes and has to remove.
type Kind string

// The kinds.
const (
	Container Kind = "container" // by name
	Image     Kind = "image"     // by reference in the engine's store
	Path      Kind = "path"      // an absolute path inside the run's own temporary folder
)

// Thing is something a run made, or was about to make.
type Thing struct {
	Kind Kind
	Name string
}

// Record is what one run made and has not removed. The process that holds a
// Record holds its lock. Its methods may be called from several goroutines.
type Record struct {
	dir   string // the cache folder
	nonce string
	file  *os.File
	host  string // of the engine; empty while none was used

	mu   sync.Mutex
	left []Thing // oldest first
	torn bool    // the last write may have stopped within a line
}

// Nonce is the run's own random name, 16 lower-case hexadecimal digits. It is
// part of the name of everything the run makes.
func (r *Record) Nonce() string { return r.nonce }

// Host is the address of the engine that has the run's containers and images;
// empty when it used none.
func (r *Record) Host() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.host
}

// Left is what was recorded and not removed, oldest first. Remove it from the
// end: a container holds the image made before it.
func (r *Record) Left() []Thing {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.left)
}

// Done notes that a thing is gone.
func (r *Record) Done(kind Kind, name string) error {
	thing := Thing{Kind: kind, Name: name}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.left = slices.DeleteFunc(r.left, func(other Thing) bool { return other == thing })
	return r.write(removed, thing)
}

// RemovePath removes a recorded temporary file or folder and notes it. It
// refuses a path outside the run's own temporary folder, and follows no
// symbolic link out of it.
func (r *Record) RemovePath(path string) error {
	if err := r.ours(Thing{Path, path}); err != nil {
		return err
	}
	if err := r.removeInside(path); err != nil {
		return fmt.Errorf("removing temporary path %q: %w", path, err)
	}
	return r.Done(Path, path)
}

func (r *Record) removeInside(path string) error {
	root, err := os.OpenRoot(r.tempRoot())
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	rel, err := filepath.Rel(r.tempRoot(), path)
	if err == nil {
		err = root.RemoveAll(rel)
	}
	return errors.Join(err, root.Close())
}

// Close removes the temporary paths that are left, then the record when
// nothing else is, and gives the lock back. A record that still names
// something stays for the next run to find.
func (r *Record) Close() error {
	var errs []error
	for _, thing := range r.Left() {
		if thing.Kind == Path {
			errs = append(errs, r.RemovePath(thing.Name))
		}
	}
	if len(r.Left()) == 0 {
		errs = append(errs, ignoreMissing(os.Remove(r.tempRoot())), ignoreMissing(os.Remove(r.file.Name())))
	}
	return errors.Join(append(errs, r.file.Close())...)
}

// tempRoot is the folder that holds every temporary path of the run.
func (r *Record) tempRoot() string { return filepath.Join(r.dir, folder, r.nonce+".tmp") }

// ours refuses to record or remove what this run cannot have made.
func (r *Record) ours(thing Thing) error {
	if thing.Kind != Path {
		if !strings.Contains(thing.Name, r.nonce) {
			return fmt.Errorf("recording %s %q: its name does not contain the session's nonce %s", thing.Kind, thing.Name, r.nonce)
		}
		return nil
	}
	rel, err := filepath.Rel(r.tempRoot(), thing.Name)
	if err != nil || rel == "." || !filepath.IsLocal(rel) {
		return fmt.Errorf("recording path %q: it is not inside the session's temporary folder %q", thing.Name, r.tempRoot())
	}
	return nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
