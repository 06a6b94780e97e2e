package git

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Nothing is removed where both do not lead to each other.
func TestRemoveWorktreeTouchesNothingElse(t *testing.T) {
	for name, forge := range map[string]func(t *testing.T, r *Repository, tree, dir string){
		"no .git": func(*testing.T, *Repository, string, string) {},
		"another worktree's .git file": func(t *testing.T, _ *Repository, tree, dir string) {
			write(t, dir+"/.git", content(t, tree+"/.git"))
		},
		"the repository itself": func(t *testing.T, r *Repository, _, dir string) {
			write(t, dir+"/.git", "gitdir: "+r.Top+"/.git\n")
		},
		"a folder called worktrees": func(t *testing.T, _ *Repository, _, dir string) {
			victim := filepath.Join(t.TempDir(), "worktrees", "x")
			write(t, victim+"/file", "")
			write(t, dir+"/.git", "gitdir: "+victim+"\n")
		},
		"dots": func(t *testing.T, r *Repository, _, dir string) {
			write(t, dir+"/.git", "gitdir: "+r.Top+"/.git/worktrees/tree/../../worktrees/.\n")
		},
		"a link to an entry": func(t *testing.T, r *Repository, _, dir string) {
			fake := filepath.Join(t.TempDir(), "worktrees")
			require.NoError(t, os.Mkdir(fake, 0o755))
			require.NoError(t, os.Symlink(r.Top+"/.git/worktrees/tree", fake+"/tree"))
			write(t, dir+"/.git", "gitdir: "+fake+"/tree\n")
		},
		"a .git that is a link": func(t *testing.T, _ *Repository, tree, dir string) {
			require.NoError(t, os.Symlink(tree+"/.git", dir+"/.git"))
		},
		"a .git folder": func(t *testing.T, _ *Repository, _, dir string) { plain(t, dir, "init", "--quiet") },
		"an entry that is gone": func(t *testing.T, r *Repository, _, dir string) {
			write(t, dir+"/.git", "gitdir: "+r.Top+"/.git/worktrees/gone\n")
		},
		"a path through a file": func(t *testing.T, r *Repository, _, dir string) {
			write(t, dir+"/.git", "gitdir: "+r.Top+"/.gitignore/worktrees/x\n")
		},
		"an empty .git file": func(t *testing.T, _ *Repository, _, dir string) { write(t, dir+"/.git", "") },
		"other text":         func(t *testing.T, _ *Repository, _, dir string) { write(t, dir+"/.git", "gitdir") },
	} {
		t.Run(name, func(t *testing.T) {
			r := repository(t)
			head, err := r.Head(t.Context())
			require.NoError(t, err)
			tree, dir := filepath.Join(t.TempDir(), "tree"), t.TempDir()
			require.NoError(t, r.Checkout(t.Context(), head, tree))
			write(t, filepath.Join(dir, "file"), "")
			forge(t, r, tree, dir)

			require.NoError(t, RemoveWorktree(t.Context(), dir))
			require.FileExists(t, filepath.Join(dir, "file"))
			require.Len(t, entries(t, r), 1)
			require.FileExists(t, filepath.Join(tree, "app/main.py"))
			require.Empty(t, plain(t, tree, "status", "--porcelain"))
		})
	}
}

func TestRemoveWorktreeThroughLinks(t *testing.T) {
	r := repository(t)
	head, err := r.Head(t.Context())
	require.NoError(t, err)
	parent := t.TempDir()
	link := filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.Symlink(parent, link))
	require.NoError(t, r.Checkout(t.Context(), head, filepath.Join(link, "tree")))

	toTree := filepath.Join(t.TempDir(), "to-tree")
	require.NoError(t, os.Symlink(filepath.Join(parent, "tree"), toTree))
	require.NoError(t, RemoveWorktree(t.Context(), toTree))
	require.FileExists(t, filepath.Join(parent, "tree", "app/main.py"), "a link is not the worktree")

	require.NoError(t, RemoveWorktree(t.Context(), filepath.Join(parent, "tree")))
	require.NoDirExists(t, filepath.Join(parent, "tree"))
	require.Empty(t, entries(t, r))
}

// Git 2.48 can write both paths relative to the folder that they stand in.
func TestRemoveWorktreeWithRelativePaths(t *testing.T) {
	r := repository(t)
	head, err := r.Head(t.Context())
	require.NoError(t, err)
	dir := filepath.Join(filepath.Dir(r.Top), "tree")
	require.NoError(t, r.Checkout(t.Context(), head, dir))
	entry := entries(t, r)[0]
	for file, target := range map[string]string{dir + "/.git": entry, entry + "/gitdir": dir + "/.git"} {
		rel, err := filepath.Rel(filepath.Dir(file), target)
		require.NoError(t, err)
		if filepath.Base(file) == dotGit {
			rel = "gitdir: " + rel
		}
		write(t, file, rel+"\n")
	}
	require.NoError(t, RemoveWorktree(t.Context(), dir))
	require.NoDirExists(t, dir)
	require.Empty(t, entries(t, r))
}

// A git that is killed at once has written its entry only.
func TestForgetEntryWithoutAWorktree(t *testing.T) {
	r := repository(t)
	head, err := r.Head(t.Context())
	require.NoError(t, err)
	parent := t.TempDir()
	one, two := filepath.Join(parent, "one"), filepath.Join(parent, "two")
	require.NoError(t, r.Checkout(t.Context(), head, one))
	require.NoError(t, r.Checkout(t.Context(), head, two))
	require.NoError(t, os.RemoveAll(one))
	require.NoError(t, r.abandon(t.Context(), one))
	require.Equal(t, []string{filepath.Join(r.Top, ".git", "worktrees", "two")}, entries(t, r))
	require.FileExists(t, filepath.Join(two, "app/main.py"))
}

func TestLockEndsWithTheContext(t *testing.T) {
	dir := t.TempDir()
	unlock, err := lock(t.Context(), dir)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	_, err = lock(ctx, dir)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	unlock()
	again, err := lock(t.Context(), dir)
	require.NoError(t, err)
	again()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, entries)
}
