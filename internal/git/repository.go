// Package git is what the gate needs of git, through the git command: which
// commit is checked out, which one a name means, whether the work tree is what
// its commit says, and a commit's files in a folder of their own.
//
// It reads the repository and adds no more to it than a linked worktree, which
// it removes again. No hook of the repository runs. It must not know of
// budgets or images.
package git

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Repository is a checkout, by its top folder.
type Repository struct{ Top string }

// Find is the repository that dir is in. Its errors are *Missing when git is
// not installed or dir is in no checkout, and *Distrusted when git will not
// work in a folder of another user.
func Find(ctx context.Context, dir string) (*Repository, error) {
	top, err := read(ctx, dir, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, fmt.Errorf("finding the repository of %q: %w", dir, outside(err))
	}
	return &Repository{Top: strings.TrimSuffix(top, "\n")}, nil
}

// Rel is path relative to Top, slash separated; "." for Top itself. Symbolic
// links are resolved on both sides, and a path that is outside is an error.
// What path names need not exist.
func (r *Repository) Rel(path string) (string, error) {
	top, err := resolved(r.Top)
	if err != nil {
		return "", fmt.Errorf("placing %q in repository %q: %w", path, r.Top, err)
	}
	full, err := resolved(path)
	if err != nil {
		return "", fmt.Errorf("placing %q in repository %q: %w", path, r.Top, err)
	}
	rel, err := filepath.Rel(top, full)
	if err != nil || !filepath.IsLocal(rel) {
		return "", fmt.Errorf("placing %q in repository %q: it is outside", path, r.Top)
	}
	return filepath.ToSlash(rel), nil
}

// Place is where a path stands in a checkout of the repository: relative to Top
// like Rel, but by the names that the path has itself, so that links on its way
// are followed there, too, as they are here.
func (r *Repository) Place(path string) (string, error) {
	top, err := resolved(r.Top)
	if err == nil {
		path, err = filepath.Abs(path)
	}
	if err != nil {
		return "", fmt.Errorf("placing %q in repository %q: %w", path, r.Top, err)
	}
	for above := path; ; above = filepath.Dir(above) {
		if here, err := resolved(above); err == nil && here == top {
			rel, err := filepath.Rel(above, path)
			return filepath.ToSlash(rel), err
		}
		if above == filepath.Dir(above) {
			return "", fmt.Errorf("placing %q in repository %q: it is outside", path, r.Top)
		}
	}
}

// resolved is the absolute path without symbolic links. Of a path that is not
// there, as much is resolved as is there.
func resolved(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	target, err := filepath.EvalSymlinks(path)
	if !errors.Is(err, fs.ErrNotExist) || path == filepath.Dir(path) {
		return target, err
	}
	if _, dangling := os.Lstat(path); dangling == nil {
		return "", err // a link to nowhere: what it would lead to cannot be told
	}
	parent, err := resolved(filepath.Dir(path))
	return filepath.Join(parent, filepath.Base(path)), err
}
