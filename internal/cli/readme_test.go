package cli

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEngineReadme runs every command of the README, in a copy of the
// repository and in its order: a reader can paste all of them.
func TestEngineReadme(t *testing.T) {
	needEngine(t)
	dir := t.TempDir()
	copyRepository(t, dir)
	binary, err := exec.LookPath("image-budget")
	require.NoError(t, err)
	require.NoError(t, os.Mkdir(filepath.Join(dir, "bin"), 0o755))
	require.NoError(t, os.Symlink(binary, filepath.Join(dir, "bin", "image-budget")))
	before, cache := held(t), t.TempDir()

	commands := shellLines(t, "../../README.md")
	require.Greater(t, len(commands), 5)
	for _, command := range commands {
		t.Run(command, func(t *testing.T) {
			run := exec.Command("sh", "-c", dry(command))
			run.Dir = dir
			run.Env = append(os.Environ(), "XDG_CACHE_HOME="+cache)
			out, err := run.CombinedOutput()
			require.NoErrorf(t, err, "%s", out)
		})
	}
	require.Equal(t, before, held(t))
}

// dry has make say what it would do, and not do it: CI runs make test and make
// check-image by themselves, before and after make readme, which runs this.
func dry(command string) string { return strings.Replace(command, "make ", "make --dry-run ", 1) }

// shellLines are the commands in the sh blocks of a Markdown file.
func shellLines(t *testing.T, path string) []string {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	var commands []string
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		lines := bufio.NewScanner(strings.NewReader(block[1]))
		for lines.Scan() {
			if line := strings.TrimSpace(lines.Text()); line != "" && !strings.HasPrefix(line, "#") {
				commands = append(commands, line)
			}
		}
	}
	return commands
}

// copyRepository copies the files that git tracks, as they stand, into a
// repository with one commit.
func copyRepository(t *testing.T, to string) {
	list := exec.Command("git", "ls-files", "-z")
	list.Dir = "../.."
	names, err := list.Output()
	require.NoError(t, err)
	for name := range strings.SplitSeq(strings.Trim(string(names), "\x00"), "\x00") {
		from := filepath.Join("../..", name)
		stat, err := os.Stat(from)
		if os.IsNotExist(err) { // removed, and not committed yet
			continue
		}
		require.NoError(t, err)
		text, err := os.ReadFile(from)
		require.NoError(t, err)
		require.NoError(t, os.MkdirAll(filepath.Join(to, filepath.Dir(name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(to, name), text, stat.Mode()))
	}
	git(t, to, "init", "--quiet")
	git(t, to, "add", "--all")
	git(t, to, "commit", "--quiet", "--message", "copy")
}
