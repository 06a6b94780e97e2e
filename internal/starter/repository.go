package starter

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/image-budget/image-budget/internal/budget"
)

// Repository is the folder that gets its first budgets. Nothing outside of it is
// read or written.
type Repository struct {
	folder string // absolute
	dir    string // of the budgets, in it
	root   *os.Root
}

// Fault is something about the repository that its owner can mend.
type Fault struct {
	Problem, Fix string
	Err          error
}

func (f *Fault) Error() string {
	if f.Err != nil {
		return f.Problem + ": " + f.Err.Error()
	}
	return f.Problem
}
func (f *Fault) Unwrap() error { return f.Err }

// Hint says what to do about it.
func (f *Fault) Hint() string { return f.Fix }

// UserFault marks the error as one of the user's own files and arguments.
func (f *Fault) UserFault() {}

var (
	plainFolder = regexp.MustCompile(`^[A-Za-z0-9_.][A-Za-z0-9_./-]*$`)
	released    = regexp.MustCompile(`^v?[0-9]+\.[0-9]+\.[0-9]+$`)
)

// Open opens the repository at folder, whose budgets are to be in dir.
func Open(folder, dir string) (*Repository, error) {
	if !filepath.IsLocal(dir) || path.Clean(dir) == "." || !plainFolder.MatchString(dir) {
		return nil, &Fault{
			Problem: fmt.Sprintf("--dir is %q, which is no plain folder in the repository", dir),
			Fix:     "write a name such as budgets or ci/budgets: CI files and the make target name it",
		}
	}
	absolute, err := filepath.Abs(folder)
	if err != nil {
		return nil, fmt.Errorf("finding %q: %w", folder, err)
	}
	root, err := os.OpenRoot(absolute)
	if err != nil {
		var at *fs.PathError
		if errors.As(err, &at) { // it would name the path again
			err = at.Err
		}
		return nil, &Fault{Problem: fmt.Sprintf("opening %q", folder), Fix: "name the folder of a repository", Err: err}
	}
	return &Repository{folder: absolute, dir: path.Clean(dir), root: root}, nil
}

// Close ends the use of the repository.
func (r *Repository) Close() error { return r.root.Close() }

// Find is Find of this repository, with what of it has a budget already. That it has
// no Dockerfile is a *Fault.
func (r *Repository) Find() (Project, error) {
	p := Find(r.root.FS(), filepath.Base(r.folder))
	if len(p.Images) == 0 {
		problem := fmt.Sprintf("finding Dockerfiles in %q: there is none", r.folder)
		return p, &Fault{
			Problem: strings.Join(append(p.Notes, problem), "\n"),
			Fix:     "name the folder that has one; for an image that is built elsewhere write a budget with pull: in place of build:",
		}
	}
	var images []Image
	existing := r.existing()
	for _, img := range p.Images {
		img.Kept = existing[r.path(img.Dockerfile)]
		if img.Kept == "" {
			img.Name = r.free(img.Name, p.Images)
			if _, err := r.Budget(img); err != nil {
				p.Notes = append(p.Notes, fmt.Sprintf("left out %s: %v", printable(img.Dockerfile), err))
				continue
			}
		}
		images = append(images, img)
	}
	p.Images = images
	return p, nil
}

// free is name, or name with a number that no file has, nor another image.
func (r *Repository) free(name string, images []Image) string {
	one := name
	for i := 2; ; i++ {
		// What else is wrong with the folder is found when the files are settled.
		if _, err := r.root.Lstat(budgetPath(r.dir, one)); err != nil && (one == name || !slices.ContainsFunc(images, func(img Image) bool { return img.Name == one })) {
			return one
		}
		one = fmt.Sprintf("%s-%d", name, i)
	}
}

// Budget is img's budget as init writes it, read back.
func (r *Repository) Budget(img Image) (budget.Budget, error) {
	text, err := budgetText(img, r.dir)
	if err != nil {
		return budget.Budget{}, err
	}
	b, err := budget.Parse(filepath.Join(r.folder, filepath.FromSlash(budgetPath(r.dir, img.Name))), []byte(text))
	if err != nil {
		return b, err
	}
	if b.Source.Build.Context != r.path(img.Context) || b.Source.Build.Dockerfile != r.path(img.Dockerfile) {
		return b, fmt.Errorf("YAML has no form for the path %q", img.Dockerfile)
	}
	return b, nil
}

func (r *Repository) path(at string) string { return filepath.Join(r.folder, filepath.FromSlash(at)) }

// existing maps the Dockerfiles of the budgets that are there to their files.
func (r *Repository) existing() map[string]string {
	all := map[string]string{}
	for _, name := range budget.Names(r.path(r.dir)) {
		at := budgetPath(r.dir, name)
		if b, err := budget.Load(r.path(at)); err == nil && b.Source.Build != nil {
			all[b.Source.Build.Dockerfile] = at
		}
	}
	return all
}

// isTop reports whether CI reads its files here: at the top of a git repository, or
// where there is none yet.
func (r *Repository) isTop() bool {
	for folder := r.folder; ; folder = filepath.Dir(folder) {
		if _, err := os.Lstat(filepath.Join(folder, ".git")); err == nil {
			return folder == r.folder
		}
		if folder == filepath.Dir(folder) {
			return true
		}
	}
}
