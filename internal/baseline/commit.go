package baseline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/git"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/source"
)

// Commit is the commit that b's image is built from, for the baseline: empty,
// with the reason, when the work tree is not what a commit says, since nobody
// else could build the same again. Baselines do not count, one of which is about
// to be written.
func Commit(ctx context.Context, b budget.Budget) (id, why string) {
	if b.Source.Build == nil {
		return "", "its source is neither a build nor a registry"
	}
	repo, err := git.Find(ctx, filepath.Dir(b.Path))
	if err != nil {
		return "", oneLine(budget.Reason(err))
	}
	if _, err := repo.Rel(b.Source.Build.Context); err != nil {
		return "", oneLine(budget.Reason(err))
	}
	folder, err := repo.Place(filepath.Dir(b.Path))
	if err != nil {
		return "", oneLine(budget.Reason(err))
	}
	if _, err := os.Lstat(filepath.Join(repo.Top, ".gitmodules")); err == nil {
		return "", "the repository has submodules, which a checkout of a commit by itself has not"
	}
	clean, changed, err := repo.Clean(ctx, filepath.ToSlash(filepath.Join(folder, budget.BaselinePath("*"))))
	if err != nil {
		return "", oneLine(budget.Reason(err))
	}
	if !clean {
		return "", "the work tree has changes (" + changed + "): commit them and record again"
	}
	head, err := repo.Head(ctx)
	if err != nil {
		return "", oneLine(budget.Reason(err))
	}
	return head.ID, ""
}

// tree is the checkout of a commit below a temporary folder of the session.
const tree = "tree"

// buildAt builds b's image as a revision of its repository has it: sources,
// Dockerfile and budget.
func buildAt(ctx context.Context, b budget.Budget, revision string, at source.Machine) (img *image.Image, commit git.Commit, err error) {
	out, err := checkOut(ctx, b, revision, at)
	defer func() { err = errors.Join(err, out.remove(ctx, at)) }()
	if err != nil {
		return nil, out.commit, err
	}
	img, err = source.Open(ctx, out.budget, at)
	return img, out.commit, err
}

// checkout is a commit in a folder of its own.
type checkout struct {
	commit git.Commit
	budget budget.Budget // as the commit has it
	folder string        // of the session; empty while there is none
}

// checkOut checks a revision of b's repository out. The result is to be removed,
// also after an error.
func checkOut(ctx context.Context, b budget.Budget, revision string, at source.Machine) (out checkout, err error) {
	repo, err := git.Find(ctx, filepath.Dir(b.Path))
	if err != nil {
		return out, err
	}
	if out.commit, err = repo.Resolve(ctx, revision); err != nil {
		return out, err
	}
	file, err := repo.Place(b.Path)
	if err != nil {
		return out, err
	}
	// A progress line that cannot be written changes no image.
	_, _ = fmt.Fprintf(at.Progress, "%s: building commit %.12s, to compare with\n", b.Name, out.commit.ID)
	if out.folder, err = at.Session.TempDir(); err != nil {
		return out, err
	}
	top := filepath.Join(out.folder, tree)
	if err := repo.Checkout(ctx, out.commit, top); err != nil {
		return out, err
	}
	out.budget, err = budgetAt(top, file, out.commit)
	out.budget.Platform = b.Platform
	return out, err
}

func (c checkout) remove(ctx context.Context, at source.Machine) error {
	if c.folder == "" {
		return nil
	}
	return errors.Join(Forget(context.WithoutCancel(ctx), c.folder), at.Session.RemovePath(c.folder))
}

// budgetAt reads the budget of a checkout, for a build that keeps no tag: that
// would take the name of the user's own image.
func budgetAt(top, file string, commit git.Commit) (budget.Budget, error) {
	then, err := budget.LoadAt(filepath.Join(top, filepath.FromSlash(file)), commit.Time)
	if err != nil {
		var fault *budget.FileError
		if errors.As(err, &fault) {
			fault.Path = fmt.Sprintf("%.12s:%s", commit.ID, file) // as git names it; the checkout is gone when this is read
			if errors.Is(err, fs.ErrNotExist) {
				fault.Accepted = "the budget is new since that commit, or had another name: leave --against out for it, or record it again"
			}
		}
		return then, err
	}
	if then.Source.Build == nil {
		return then, fmt.Errorf("the budget of commit %.12s does not build its image", commit.ID)
	}
	build := *then.Source.Build
	build.Tag = ""
	then.Source.Build = &build
	checkout := &git.Repository{Top: top}
	for _, path := range []string{build.Context, build.Dockerfile} {
		if _, err := checkout.Rel(path); err != nil {
			return then, fmt.Errorf("the budget of commit %.12s builds from outside of its repository, or names its context by an absolute path", commit.ID)
		}
	}
	return then, nil
}

// Forget removes the checkout below a temporary folder of a session, and what
// the repository keeps about it, also for a run that was killed. Where there is
// none it does nothing.
func Forget(ctx context.Context, folder string) error {
	return git.RemoveWorktree(ctx, filepath.Join(folder, tree))
}
