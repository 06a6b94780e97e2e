package git

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// plain runs git as a user would, with nothing of this machine's configuration
// but what the test set, and returns what it says.
func plain(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", append([]string{
		"-C", dir, "-c", "user.name=Somebody", "-c", "user.email=somebody@example.com", "-c", "protocol.file.allow=always",
	}, args...)...)
	out, err := cmd.CombinedOutput()
	require.NoErrorf(t, err, "git %v: %s", args, out)
	return strings.TrimSpace(string(out))
}

// repository is one with a commit, "first", of which the tests know the files.
func repository(t *testing.T) *Repository {
	t.Helper()
	t.Setenv("GIT_CONFIG_GLOBAL", filepath.Join(t.TempDir(), "gitconfig")) // which is not there
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	top, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	plain(t, top, "init", "--quiet", "--initial-branch=main")
	r := &Repository{Top: top}
	commit(t, r, "first", map[string]string{
		"app/main.py":                "print('first')\n",
		"budgets/app.yaml":           "version: 1\n",
		"budgets/app.baseline.yaml":  "size: 1\n",
		".gitignore":                 "*.log\n",
		"budgets/old/x.baseline.yml": "size: 0\n",
	})
	return r
}

// commit writes the files and commits everything; it returns the ID.
func commit(t *testing.T, r *Repository, message string, files map[string]string) string {
	t.Helper()
	for name, text := range files {
		write(t, filepath.Join(r.Top, name), text)
	}
	plain(t, r.Top, "add", "--all")
	plain(t, r.Top, "commit", "--quiet", "--allow-empty", "--message", message)
	return plain(t, r.Top, "rev-parse", "HEAD")
}

func write(t *testing.T, path, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
}

func content(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

// entries are the names of what the repository keeps about linked worktrees.
func entries(t *testing.T, r *Repository) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(r.Top, ".git", "worktrees", "*"))
	require.NoError(t, err)
	return found
}
