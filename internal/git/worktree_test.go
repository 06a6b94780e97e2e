package git

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCheckout(t *testing.T) {
	r := repository(t)
	first, err := r.Head(t.Context())
	require.NoError(t, err)
	commit(t, r, "second", map[string]string{"app/main.py": "print('second')\n", "new": ""})
	write(t, filepath.Join(r.Top, "app/main.py"), "not committed")

	dir := filepath.Join(t.TempDir(), "tree")
	require.NoError(t, r.Checkout(t.Context(), first, dir))
	require.Equal(t, "print('first')\n", content(t, filepath.Join(dir, "app/main.py")))
	require.NoFileExists(t, filepath.Join(dir, "new"))
	require.Equal(t, "not committed", content(t, filepath.Join(r.Top, "app/main.py")))
	require.Equal(t, "main", plain(t, r.Top, "branch", "--show-current"))
	require.Equal(t, "* main", plain(t, r.Top, "branch", "--list"), "no branch is made")

	linked, err := Find(t.Context(), dir)
	require.NoError(t, err)
	require.Equal(t, dir, linked.Top)
	head, err := linked.Head(t.Context())
	require.NoError(t, err)
	require.Equal(t, first, head)
	clean, why, err := linked.Clean(t.Context())
	require.NoError(t, err)
	require.True(t, clean, why)

	write(t, filepath.Join(dir, "built/x"), "left by a build")
	require.NoError(t, RemoveWorktree(t.Context(), dir))
	require.NoDirExists(t, dir)
	require.Empty(t, entries(t, r))
	require.NotContains(t, plain(t, r.Top, "worktree", "list"), dir)
	require.Equal(t, "not committed", content(t, filepath.Join(r.Top, "app/main.py")))
	require.NoError(t, RemoveWorktree(t.Context(), dir), "gone already is no error")
}

func TestCheckoutOfAWorktree(t *testing.T) {
	r := repository(t)
	head, err := r.Head(t.Context())
	require.NoError(t, err)
	one, two := filepath.Join(t.TempDir(), "tree"), filepath.Join(t.TempDir(), "tree")
	require.NoError(t, r.Checkout(t.Context(), head, one))
	require.NoError(t, (&Repository{Top: one}).Checkout(t.Context(), head, two))
	require.Len(t, entries(t, r), 2, "of the same name, and not inside each other")
	require.NoError(t, RemoveWorktree(t.Context(), one))
	require.FileExists(t, filepath.Join(two, "app/main.py"))
	require.NoError(t, RemoveWorktree(t.Context(), two))
	require.Empty(t, entries(t, r))
}

func TestCheckoutThatCannotBe(t *testing.T) {
	r := repository(t)
	head, err := r.Head(t.Context())
	require.NoError(t, err)
	there := t.TempDir()
	require.ErrorContains(t, r.Checkout(t.Context(), head, there), "exists")
	require.DirExists(t, there)

	dir := filepath.Join(t.TempDir(), "tree")
	unknown := Commit{ID: strings.Repeat("1", 40)}
	require.ErrorContains(t, r.Checkout(t.Context(), unknown, dir), unknown.ID)
	require.NoDirExists(t, dir)
	require.Error(t, r.Checkout(t.Context(), Commit{ID: "main"}, dir))
	require.Error(t, r.Checkout(t.Context(), Commit{ID: "--force"}, dir))

	plain(t, r.Top, "config", "filter.broken.smudge", "false")
	plain(t, r.Top, "config", "filter.broken.required", "true")
	plain(t, r.Top, "config", "filter.broken.clean", "cat")
	commit(t, r, "second", map[string]string{".gitattributes": "*.bin filter=broken\n", "a.bin": "a"})
	head, err = r.Head(t.Context())
	require.NoError(t, err)
	require.ErrorContains(t, r.Checkout(t.Context(), head, dir), "smudge filter broken failed")
	require.NoDirExists(t, dir)
	require.Empty(t, entries(t, r))
}

// A clone without the old files fetches those that the commit has.
func TestCheckoutInAPartialClone(t *testing.T) {
	r := repository(t)
	first := plain(t, r.Top, "rev-parse", "HEAD")
	commit(t, r, "second", map[string]string{"app/main.py": "print('second')\n"})
	plain(t, r.Top, "config", "uploadpack.allowFilter", "true")
	clone := filepath.Join(t.TempDir(), "clone")
	plain(t, r.Top, "clone", "--quiet", "--filter=blob:none", "file://"+r.Top, clone)

	dir := filepath.Join(t.TempDir(), "tree")
	require.NoError(t, (&Repository{Top: clone}).Checkout(t.Context(), Commit{ID: first}, dir))
	require.Equal(t, "print('first')\n", content(t, filepath.Join(dir, "app/main.py")))
}

// What runs on a developer's machine after a checkout must not run here.
func TestNoHookRuns(t *testing.T) {
	r := repository(t)
	head, err := r.Head(t.Context())
	require.NoError(t, err)
	canary := filepath.Join(t.TempDir(), "canary")
	script := "#!/bin/sh\necho $0 >>" + canary + "\n"
	for _, hook := range []string{"post-checkout", "post-index-change", "reference-transaction", "monitor"} {
		path := filepath.Join(r.Top, ".git", "hooks", hook)
		write(t, path, script)
		require.NoError(t, os.Chmod(path, 0o755))
		plain(t, r.Top, "config", "hook.listed-"+hook+".event", hook)
		plain(t, r.Top, "config", "hook.listed-"+hook+".command", filepath.Join(r.Top, ".git", "hooks", hook))
	}
	plain(t, r.Top, "config", "core.hooksPath", filepath.Join(r.Top, ".git", "hooks"))
	plain(t, r.Top, "config", "core.fsmonitor", filepath.Join(r.Top, ".git", "hooks", "monitor"))
	plain(t, r.Top, "worktree", "add", "--quiet", "--detach", filepath.Join(t.TempDir(), "tree"))
	plain(t, r.Top, "status")
	for _, hook := range []string{"post-checkout", "post-index-change", "reference-transaction", "monitor"} {
		require.Contains(t, content(t, canary), hook, "the canary is one")
	}
	require.NoError(t, os.Remove(canary))

	write(t, filepath.Join(r.Top, "app/main.py"), "other")
	_, _, err = r.Clean(t.Context())
	require.NoError(t, err)
	_, err = r.Resolve(t.Context(), "main")
	require.NoError(t, err)
	dir := filepath.Join(t.TempDir(), "tree")
	require.NoError(t, r.Checkout(t.Context(), head, dir))
	_, _, err = (&Repository{Top: dir}).Clean(t.Context())
	require.NoError(t, err)
	require.NoError(t, RemoveWorktree(t.Context(), dir))
	require.NoFileExists(t, canary)
}

func TestManyCheckoutsAtOnce(t *testing.T) {
	r := repository(t)
	head, err := r.Head(t.Context())
	require.NoError(t, err)
	dir := t.TempDir()
	var all sync.WaitGroup
	errs := make(chan error, 30)
	for i := range 5 {
		all.Go(func() {
			for round := range 3 {
				tree := filepath.Join(dir, fmt.Sprint(i, "-", round), "tree")
				errs <- os.Mkdir(filepath.Dir(tree), 0o755)
				err := r.Checkout(t.Context(), head, tree)
				if err == nil {
					_, err = os.Stat(filepath.Join(tree, "app/main.py"))
				}
				errs <- err
				if round < 2 { // others are being added meanwhile
					errs <- RemoveWorktree(t.Context(), tree)
				}
			}
		})
	}
	go func() { all.Wait(); close(errs) }()
	for err := range errs {
		assert.NoError(t, err) // and on, until nobody writes into the folders any more
	}
	require.Len(t, entries(t, r), 5)
}
