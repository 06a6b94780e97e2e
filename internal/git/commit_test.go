package git

import (
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestHead(t *testing.T) {
	r := repository(t)
	plain(t, r.Top, "config", "log.showSignature", "true")
	t.Setenv("GIT_AUTHOR_DATE", "2020-01-01T00:00:00Z")
	t.Setenv("GIT_COMMITTER_DATE", "2026-11-22T10:00:00+02:00")
	id := commit(t, r, "second", nil)
	head, err := r.Head(t.Context())
	require.NoError(t, err)
	require.Equal(t, Commit{ID: id, Time: time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)}, head)
}

func TestHeadOfNoCommit(t *testing.T) {
	r := &Repository{Top: t.TempDir()}
	plain(t, r.Top, "init", "--quiet")
	_, err := r.Head(t.Context())
	var none *NoCommit
	require.ErrorAs(t, err, &none)
	require.Contains(t, none.Hint(), "first commit")
}

func TestSHA256(t *testing.T) {
	r := &Repository{Top: t.TempDir()}
	plain(t, r.Top, "init", "--quiet", "--object-format=sha256")
	id := commit(t, r, "first", map[string]string{"a": "a"})
	require.Len(t, id, 64)
	head, err := r.Head(t.Context())
	require.NoError(t, err)
	require.Equal(t, id, head.ID)
	require.NoError(t, r.Checkout(t.Context(), head, filepath.Join(t.TempDir(), "tree")))
}

func TestResolve(t *testing.T) {
	r := repository(t)
	first := plain(t, r.Top, "rev-parse", "HEAD")
	plain(t, r.Top, "tag", "--annotate", "--message", "v1", "v1")
	plain(t, r.Top, "branch", "feature/x")
	second := commit(t, r, "second", nil)
	for revision, want := range map[string]string{
		"main": second, "HEAD": second, "HEAD~1": first, "v1": first, "feature/x": first, "refs/heads/main": second,
		first: first, first[:12]: first, "main@{0}": second,
	} {
		found, err := r.Resolve(t.Context(), revision)
		require.NoError(t, err, revision)
		require.Equal(t, want, found.ID, revision)
		require.WithinDuration(t, time.Now(), found.Time, time.Hour)
	}
}

func TestResolveNoCommit(t *testing.T) {
	r := repository(t)
	first := plain(t, r.Top, "rev-parse", "HEAD")
	second := commit(t, r, "second", nil)
	plain(t, r.Top, "branch", "upstream-only")
	clone := filepath.Join(t.TempDir(), "clone")
	plain(t, r.Top, "clone", "--quiet", "file://"+r.Top, clone)
	plain(t, clone, "tag", "blob", "HEAD:app/main.py")
	cloned := &Repository{Top: clone}

	for revision, want := range map[string]struct{ says, hint string }{
		"-x":                     {"dash", "check the name"},
		"--all":                  {"dash", "check the name"},
		"":                       {"empty", "check the name"},
		"nothing":                {"not in this repository", "check the name"},
		"two words\nand a line":  {"not in this repository", "check the name"},
		first + "0":              {"not in this repository", "check the name"},
		"HEAD~5":                 {"not in this repository", "check the name"},
		second[:39] + "g":        {"not in this repository", "check the name"},
		first + ".." + second:    {"not in this repository", "check the name"},
		"^main":                  {"does not name one commit", "check the name"},
		"blob":                   {"blob", "check the name"},
		"origin/gone~2":          {"not in this repository", "git fetch origin gone"},
		"upstream-only":          {"not in this repository", "say origin/upstream-only"},
		"upstream-only~1":        {"not in this repository", "say origin/upstream-only~1"},
		"origin/release/1.2^{}":  {"not in this repository", "git fetch origin release/1.2"},
		"refs/remotes/o/x:app.y": {"not in this repository", "check the name"},
	} {
		_, err := cloned.Resolve(t.Context(), revision)
		var none *NoCommit
		require.ErrorAs(t, err, &none, revision)
		require.Equal(t, revision, none.Revision)
		require.False(t, none.Shallow)
		require.ErrorContains(t, err, strconv.Quote(revision))
		require.ErrorContains(t, err, want.says)
		require.Contains(t, none.Hint(), want.hint, revision)
	}
}

func TestResolveInAShallowClone(t *testing.T) {
	r := repository(t)
	first := plain(t, r.Top, "rev-parse", "HEAD")
	second := commit(t, r, "second", nil)
	clone := filepath.Join(t.TempDir(), "clone")
	plain(t, r.Top, "clone", "--quiet", "--depth", "1", "file://"+r.Top, clone)
	shallow := &Repository{Top: clone}

	head, err := shallow.Resolve(t.Context(), "main")
	require.NoError(t, err)
	require.Equal(t, second, head.ID)
	for _, revision := range []string{"HEAD~1", first, "origin/other"} {
		_, err := shallow.Resolve(t.Context(), revision)
		var none *NoCommit
		require.ErrorAs(t, err, &none, revision)
		require.True(t, none.Shallow)
		require.ErrorContains(t, err, "shallow", revision)
		require.Equal(t, fetchMore, none.Hint())
	}
	require.NoError(t, shallow.Checkout(t.Context(), head, filepath.Join(t.TempDir(), "tree")))
}
