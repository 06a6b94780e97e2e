package baseline

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/source"
)

// What stands in the way of each way is said, and the way out of the last one
// that has one: it works on every machine.
func TestAbsence(t *testing.T) {
	none := errors.New("the baseline has no reference")
	login := &source.Fault{Err: errors.New("401 Unauthorized"), Fix: "log in with docker login ghcr.io"}
	shallow := &source.Fault{Err: errors.New("there is no commit 3f2c in this shallow clone"), Fix: "fetch more history: fetch-depth: 0"}
	for _, c := range []struct {
		missing []error
		want    string
	}{
		{[]error{none}, "the baseline image cannot be had: the baseline has no reference; to have it: record the baseline from a clean commit, or from an image in a registry"},
		{[]error{login, none}, "the baseline image cannot be had: 401 Unauthorized; the baseline has no reference; to have it: log in with docker login ghcr.io"},
		{[]error{login, shallow}, "the baseline image cannot be had: 401 Unauthorized; there is no commit 3f2c in this shallow clone; to have it: fetch more history: fetch-depth: 0"},
	} {
		require.Equal(t, c.want, absence(c.missing))
	}
}

// What a command printed last is told, on one line and cut in its middle.
func TestOneLine(t *testing.T) {
	require.Equal(t, "running make: exit status 1; its last lines: / cp: cannot stat x", oneLine("running make: exit status 1; its last lines:\ncp: cannot stat x\r\n"))
	long := oneLine("running make:\n" + strings.Repeat("é", 5000) + "\nthe end")
	require.Less(t, len([]rune(long)), 420)
	require.True(t, strings.HasPrefix(long, "running make: / é"))
	require.True(t, strings.HasSuffix(long, "é / the end"))
}

// A commit that somebody else could not build from is none, and it is said why.
func TestNoCommit(t *testing.T) {
	b := budget.Defaults()
	b.Path = filepath.Join(t.TempDir(), "app.yaml")
	b.Source.Archive = "x.tar"
	id, why := Commit(context.Background(), b)
	require.Empty(t, id)
	require.Contains(t, why, "neither a build nor a registry")
	b.Source = budget.Source{Build: &budget.Build{Context: filepath.Dir(b.Path)}}
	id, why = Commit(context.Background(), b)
	require.Empty(t, id)
	require.NotEmpty(t, why, "outside of any repository")
}
