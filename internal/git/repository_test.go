package git

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFind(t *testing.T) {
	r := repository(t)
	for _, dir := range []string{r.Top, filepath.Join(r.Top, "budgets")} {
		found, err := Find(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, r.Top, found.Top)
	}
}

func TestFindNoRepository(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("GIT_CEILING_DIRECTORIES", filepath.Dir(dir))
	_, err := Find(t.Context(), dir)
	var missing *Missing
	require.ErrorAs(t, err, &missing)
	require.ErrorContains(t, err, "not a git repository")
	require.Contains(t, missing.Hint(), "git checkout")

	plain(t, dir, "init", "--quiet", "--bare")
	_, err = Find(t.Context(), dir)
	require.ErrorAs(t, err, &missing, "a bare repository has no work tree")

	_, err = Find(t.Context(), filepath.Join(dir, "gone"))
	require.ErrorContains(t, err, "gone")
}

func TestNoGit(t *testing.T) {
	r := repository(t)
	t.Setenv("PATH", t.TempDir())
	var missing *Missing
	_, err := Find(t.Context(), r.Top)
	require.ErrorAs(t, err, &missing)
	require.Contains(t, missing.Hint(), "install git")
	_, err = r.Head(t.Context())
	require.ErrorAs(t, err, &missing)
	_, err = r.Resolve(t.Context(), "main")
	require.ErrorAs(t, err, &missing)
}

// In CI the checkout often belongs to another user than the container's.
func TestFolderOfAnotherUser(t *testing.T) {
	r := repository(t)
	id := plain(t, r.Top, "rev-parse", "HEAD")
	t.Setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1") // git's own switch for its tests of this
	_, err := Find(t.Context(), filepath.Join(r.Top, "app"))
	var distrusted *Distrusted
	require.ErrorAs(t, err, &distrusted)
	require.ErrorContains(t, err, "ownership in repository")
	require.Equal(t, "git config --global --add safe.directory "+r.Top, distrusted.Hint())

	t.Setenv("GIT_CONFIG_COUNT", "1")
	t.Setenv("GIT_CONFIG_KEY_0", "safe.directory")
	t.Setenv("GIT_CONFIG_VALUE_0", r.Top)
	_, err = Find(t.Context(), r.Top)
	require.NoError(t, err)
	dir := filepath.Join(t.TempDir(), "tree")
	require.NoError(t, r.Checkout(t.Context(), Commit{ID: id}, dir), "whoever trusts the repository trusts its worktree")
	require.FileExists(t, filepath.Join(dir, "app/main.py"))
}

// A gate that a hook runs inherits where the hook's git works.
func TestEnvironmentOfAHook(t *testing.T) {
	other, r := repository(t), repository(t)
	second := commit(t, r, "second", nil)
	t.Setenv("GIT_DIR", filepath.Join(other.Top, ".git"))
	t.Setenv("GIT_WORK_TREE", other.Top)
	t.Setenv("GIT_INDEX_FILE", filepath.Join(other.Top, ".git", "index"))
	t.Setenv("GIT_PREFIX", "app/")
	t.Setenv("GIT_LITERAL_PATHSPECS", "1")

	found, err := Find(t.Context(), filepath.Join(r.Top, "app"))
	require.NoError(t, err)
	require.Equal(t, r.Top, found.Top)
	head, err := found.Head(t.Context())
	require.NoError(t, err)
	require.Equal(t, second, head.ID)
	clean, why, err := found.Clean(t.Context(), "budgets/*.yaml")
	require.NoError(t, err)
	require.True(t, clean, why)
	dir := filepath.Join(t.TempDir(), "tree")
	require.NoError(t, found.Checkout(t.Context(), head, dir))
	require.FileExists(t, filepath.Join(dir, "app/main.py"))
	require.Len(t, entries(t, r), 1)
	require.Empty(t, entries(t, other))
}

func TestContextDone(t *testing.T) {
	r := repository(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := r.Head(ctx)
	require.ErrorIs(t, err, context.Canceled)
	var none *NoCommit
	_, err = r.Resolve(ctx, "gone")
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorAs(t, err, &none)
	_, _, err = r.Clean(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, RemoveWorktree(ctx, r.Top), context.Canceled)
}

func TestRel(t *testing.T) {
	r := repository(t)
	elsewhere := t.TempDir()
	link := filepath.Join(elsewhere, "link")
	require.NoError(t, os.Symlink(r.Top, link))
	require.NoError(t, os.Symlink(elsewhere, filepath.Join(r.Top, "out")))
	require.NoError(t, os.Symlink("app", filepath.Join(r.Top, "same")))
	require.NoError(t, os.Symlink("nowhere", filepath.Join(r.Top, "dangling")))

	for path, want := range map[string]string{
		r.Top:                                      ".",
		filepath.Join(r.Top, "app", "main.py"):     "app/main.py",
		filepath.Join(link, "app", "main.py"):      "app/main.py",
		filepath.Join(r.Top, "same", "main.py"):    "app/main.py",
		filepath.Join(r.Top, "app", "..", "app"):   "app",
		filepath.Join(link, "budgets", "new.yaml"): "budgets/new.yaml",
		filepath.Join(r.Top, "..dots"):             "..dots",
	} {
		rel, err := r.Rel(path)
		require.NoError(t, err, path)
		require.Equal(t, want, rel, path)
	}
	for _, path := range []string{
		elsewhere, filepath.Dir(r.Top), filepath.Join(r.Top, "out"), filepath.Join(r.Top, "out", "new"),
		filepath.Join(r.Top, "dangling"), r.Top + "-beside",
	} {
		_, err := r.Rel(path)
		require.Error(t, err, path)
	}

	rel, err := (&Repository{Top: link}).Rel(filepath.Join(r.Top, "app"))
	require.NoError(t, err)
	require.Equal(t, "app", rel)

	t.Chdir(filepath.Join(r.Top, "app"))
	rel, err = r.Rel("main.py")
	require.NoError(t, err)
	require.Equal(t, "app/main.py", rel)
}
