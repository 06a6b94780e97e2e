package git

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Checkout puts the commit's files into dir as a detached linked worktree. dir
// must not exist, the folder above it must. Remove it with RemoveWorktree.
// When it fails or the context is done, nothing is left.
//
// Submodules stay empty folders. Filters, such as those of LFS, run as git
// configures them, and a sparse checkout gives a sparse one.
func (r *Repository) Checkout(ctx context.Context, c Commit, dir string) error {
	if !commitID.MatchString(c.ID) {
		return fmt.Errorf("checking out commit %q: it is not a full commit ID", c.ID)
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("checking out commit %q into %q: %w", c.ID, dir, err)
	}
	// To make the folder, and not to look whether it is there, is what proves
	// that it is ours to remove.
	if err := os.Mkdir(dir, 0o777); err != nil {
		return fmt.Errorf("checking out commit %q: %w", c.ID, err)
	}
	err = r.addWorktree(ctx, c, dir)
	if err == nil {
		err = fill(ctx, dir)
	}
	if err == nil {
		return nil
	}
	err = fmt.Errorf("checking out commit %q into %q: %w", c.ID, dir, err)
	return errors.Join(err, r.abandon(context.WithoutCancel(ctx), dir))
}

// addWorktree makes the worktree without its files. That is done in a moment,
// so others need not wait long for the lock, and there is hardly a time in
// which a kill leaves an entry of the repository to which no .git file leads.
func (r *Repository) addWorktree(ctx context.Context, c Commit, dir string) error {
	return r.locked(ctx, func(string) error {
		_, err := run(ctx, r.Top, nil, "worktree", "add", "--quiet", "--no-checkout", "--detach", dir, c.ID)
		return err
	})
}

// fill writes the files, as `git worktree add` does it: it names the
// repository in the environment, because git asks who owns a repository that
// it has to look for, and the user's safe.directory does not list dir.
func fill(ctx context.Context, dir string) error {
	entry, err := entryOf(dir)
	if err != nil {
		return err
	}
	if entry == "" {
		return errors.New("git made no worktree in it")
	}
	_, err = run(ctx, dir, []string{"GIT_DIR=" + entry, "GIT_WORK_TREE=" + dir},
		"reset", "--hard", "--quiet", "--no-recurse-submodules")
	return err
}

// abandon removes what a checkout that failed has made of dir.
func (r *Repository) abandon(ctx context.Context, dir string) error {
	errs := []error{RemoveWorktree(ctx, dir), r.forget(ctx, dir), os.RemoveAll(dir)}
	return errors.Join(errs...)
}

// forget removes the entries of dir to which dir does not lead: git writes an
// entry first, and may have been killed there.
func (r *Repository) forget(ctx context.Context, dir string) error {
	return r.locked(ctx, func(common string) error {
		found, err := os.ReadDir(filepath.Join(common, worktrees))
		errs := []error{ignoreMissing(err)}
		for _, one := range found {
			entry := filepath.Join(common, worktrees, one.Name())
			ours, err := leadsTo(entry, dir)
			if ours {
				err = os.RemoveAll(entry)
			}
			errs = append(errs, err)
		}
		return errors.Join(errs...)
	})
}

// locked runs do while nobody else adds or removes worktrees. It gets the
// folder that they share.
func (r *Repository) locked(ctx context.Context, do func(common string) error) error {
	common, err := r.commonDir(ctx)
	if err != nil {
		return err
	}
	unlock, err := lock(ctx, common)
	if err != nil {
		return err
	}
	defer unlock()
	return do(common)
}

// commonDir is the folder that the repository's worktrees share, the .git of
// the first of them.
func (r *Repository) commonDir(ctx context.Context) (string, error) {
	common, err := read(ctx, r.Top, "rev-parse", "--git-common-dir")
	if err != nil {
		return "", err
	}
	return absolute(r.Top, strings.TrimSuffix(common, "\n")), nil
}

// RemoveWorktree removes the linked worktree at dir and what its repository
// keeps about it. It works from the folder alone, so that a later run can
// remove what a killed one left, and needs no git for it. It removes something
// only when dir/.git is a file that leads to <common>/worktrees/<name>, and
// the gitdir file there leads back to dir. Where that is not so, or dir is
// gone, it does nothing and that is no error.
func RemoveWorktree(ctx context.Context, dir string) error {
	if ctx.Err() != nil {
		return fmt.Errorf("removing worktree %q: %w", dir, context.Cause(ctx))
	}
	entry, err := entryOf(dir)
	if err == nil && entry != "" {
		err = remove(ctx, dir, entry)
	}
	if err != nil {
		return fmt.Errorf("removing worktree %q: %w", dir, err)
	}
	return nil
}

// remove leaves the .git file for the end: whenever it is killed before, the
// next one finds its way.
func remove(ctx context.Context, dir, entry string) error {
	files, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, file := range files {
		if file.Name() == dotGit {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dir, file.Name())); err != nil {
			return err
		}
	}
	unlock, err := lock(ctx, filepath.Dir(filepath.Dir(entry)))
	if err != nil {
		return err
	}
	defer unlock()
	if err := os.RemoveAll(entry); err != nil {
		return err
	}
	return os.RemoveAll(dir)
}
