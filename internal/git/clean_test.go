package git

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestClean(t *testing.T) {
	const baselines = "budgets/*.baseline.yaml"
	for name, tc := range map[string]struct {
		change func(t *testing.T, top string)
		except []string
		why    string // empty when it stays clean
	}{
		"nothing":              {func(t *testing.T, top string) {}, nil, ""},
		"an ignored file":      {func(t *testing.T, top string) { write(t, top+"/x.log", "") }, nil, ""},
		"a changed file":       {func(t *testing.T, top string) { write(t, top+"/app/main.py", "other") }, nil, `"app/main.py"`},
		"an untracked file":    {func(t *testing.T, top string) { write(t, top+"/new/a b", "") }, nil, `"new/a b"`},
		"a removed file":       {func(t *testing.T, top string) { require.NoError(t, os.Remove(top+"/app/main.py")) }, nil, `"app/main.py"`},
		"a staged file":        {func(t *testing.T, top string) { write(t, top+"/new", ""); plain(t, top, "add", "new") }, nil, `"new"`},
		"a renamed file":       {func(t *testing.T, top string) { plain(t, top, "mv", "app/main.py", "z.py") }, nil, `"app/main.py", "z.py"`},
		"a mode":               {func(t *testing.T, top string) { require.NoError(t, os.Chmod(top+"/app/main.py", 0o755)) }, nil, `"app/main.py"`},
		"a control character":  {func(t *testing.T, top string) { write(t, top+"/a\x1b[2J", "") }, nil, `"a\x1b[2J"`},
		"an excepted file":     {func(t *testing.T, top string) { write(t, top+"/budgets/app.baseline.yaml", "2") }, []string{baselines}, ""},
		"an excepted new file": {func(t *testing.T, top string) { write(t, top+"/fresh/a.baseline.yaml", "") }, []string{"fresh/*.baseline.yaml"}, ""},
		"one of two excepted": {func(t *testing.T, top string) {
			write(t, top+"/budgets/app.baseline.yaml", "2")
			write(t, top+"/budgets/app.yaml", "2")
		}, []string{"none", baselines}, `"budgets/app.yaml"`},
		"below an exception":      {func(t *testing.T, top string) { write(t, top+"/budgets/deep/a.baseline.yaml", "") }, []string{baselines}, `"budgets/deep/a.baseline.yaml"`},
		"an exception like magic": {func(t *testing.T, top string) { write(t, top+"/x", "") }, []string{":(top)x"}, `"x"`},
		"a thousand files": {func(t *testing.T, top string) {
			for i := range 1000 {
				write(t, fmt.Sprintf("%s/many/%0100d", top, i), "")
			}
		}, nil, fmt.Sprintf(`"many/%0100d", "many/%0100d", "many/%0100d" and others`, 0, 1, 2)},
	} {
		t.Run(name, func(t *testing.T) {
			r := repository(t)
			// A user who does not want to see untracked files still has them in the image.
			plain(t, r.Top, "config", "status.showUntrackedFiles", "no")
			plain(t, r.Top, "config", "status.branch", "true")
			tc.change(t, r.Top)
			clean, why, err := r.Clean(t.Context(), tc.except...)
			require.NoError(t, err)
			require.Equal(t, tc.why, why)
			require.Equal(t, tc.why == "", clean)
		})
	}
}

func TestCleanWritesNothing(t *testing.T) {
	r := repository(t)
	index := filepath.Join(r.Top, ".git", "index")
	before := content(t, index)
	write(t, filepath.Join(r.Top, "app/main.py"), "print('first')\n") // the same, with a new time
	clean, why, err := r.Clean(t.Context())
	require.NoError(t, err)
	require.True(t, clean, why)
	require.Equal(t, before, content(t, index))
}

func TestCleanSeesSubmodules(t *testing.T) {
	inner, r := repository(t), repository(t)
	plain(t, r.Top, "submodule", "--quiet", "add", inner.Top, "vendor/inner")
	plain(t, r.Top, "config", "--file", ".gitmodules", "submodule.vendor/inner.ignore", "all")
	commit(t, r, "second", nil)
	clean, why, err := r.Clean(t.Context())
	require.NoError(t, err)
	require.True(t, clean, why)
	write(t, filepath.Join(r.Top, "vendor/inner/new"), "")
	clean, why, err = r.Clean(t.Context())
	require.NoError(t, err)
	require.False(t, clean)
	require.Equal(t, `"vendor/inner"`, why)

	head, err := r.Head(t.Context())
	require.NoError(t, err)
	dir := filepath.Join(t.TempDir(), "tree")
	require.NoError(t, r.Checkout(t.Context(), head, dir))
	require.NoFileExists(t, filepath.Join(dir, "vendor/inner/app/main.py"))
	require.NoError(t, RemoveWorktree(t.Context(), dir))
	require.NoDirExists(t, dir)
}
