package owners

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAgainstThisMachinesDpkg holds what is read from the database of this
// machine against what dpkg-query says of it.
func TestAgainstThisMachinesDpkg(t *testing.T) {
	if _, err := exec.LookPath("dpkg-query"); err != nil {
		t.Skip("there is no dpkg-query on this machine")
	}
	o := Read(dpkgTexts(t), topLinks(t))

	installed := map[string]bool{} // as dpkg spells them
	for line := range strings.Lines(dpkgQuery(t, "-W", "-f", "${db:Status-Status} ${Package}\n")) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "installed "); ok {
			installed[name] = true
		}
	}
	for _, p := range o.Packages() {
		name, _, _ := strings.Cut(p.Name, ":")
		require.True(t, installed[name], "%s is not installed", p.Name)
	}
	require.GreaterOrEqual(t, len(o.Packages()), len(installed))

	files, right := 0, 0
	ask := []string{"-L"}
	for _, p := range o.Packages() {
		ask = append(ask, p.Name)
	}
	answers := strings.Split(dpkgQuery(t, ask...), "\n\n")
	require.Len(t, answers, len(o.Packages()))
	for i, p := range o.Packages() {
		for path := range strings.SplitSeq(answers[i], "\n") {
			if !strings.HasPrefix(path, "/") { // of a diversion
				continue
			}
			if found, err := os.Lstat(path); err != nil || !found.Mode().IsRegular() {
				continue
			}
			folder, err := filepath.EvalSymlinks(filepath.Dir(path))
			require.NoError(t, err)
			files++
			if owner(o, filepath.Join(folder, filepath.Base(path))[1:]) == p.Key() {
				right++
			}
		}
	}
	t.Logf("%d packages own %d of the %d files that dpkg-query lists for them", len(o.Packages()), right, files)
	require.Greater(t, files, 0)
	require.GreaterOrEqual(t, right*1000, files*999)
	require.Empty(t, o.Problems())
}

func dpkgQuery(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("dpkg-query", args...).Output()
	require.NoError(t, err)
	return string(out)
}

func dpkgTexts(t *testing.T) map[string][]byte {
	t.Helper()
	texts := map[string][]byte{}
	require.NoError(t, filepath.WalkDir("/"+dpkg, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || !Kept(path[1:]) {
			return err
		}
		texts[path[1:]], err = os.ReadFile(path)
		return err
	}))
	return texts
}

// topLinks are the symlinks in the root.
func topLinks(t *testing.T) map[string]string {
	t.Helper()
	links := map[string]string{}
	entries, err := os.ReadDir("/")
	require.NoError(t, err)
	for _, e := range entries {
		if target, err := filepath.EvalSymlinks("/" + e.Name()); err == nil && e.Type() == fs.ModeSymlink {
			links[e.Name()] = target[1:]
		}
	}
	return links
}
