package starter

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
)

const service = "FROM debian\nEXPOSE 8000\nCMD serve\n"

// TestTwice: a second run changes nothing, also where a budget got another name.
func TestTwice(t *testing.T) {
	r, folder := repository(t, map[string]string{"Dockerfile": service, "api/Dockerfile": service})
	wrote, kept, hints := written(t, r)
	require.Equal(t, []string{"budgets/shop.yaml", "budgets/api.yaml", ".github/workflows/image-budget.yml", ".gitlab-ci.yml", "Makefile"}, wrote)
	require.Empty(t, kept)
	require.Empty(t, hints)
	require.NoError(t, os.Rename(filepath.Join(folder, "budgets/api.yaml"), filepath.Join(folder, "budgets/mine.yaml")))

	before := contents(t, folder)
	wrote, kept, hints = written(t, r)
	require.Empty(t, wrote)
	require.Equal(t, []string{"budgets/shop.yaml", "budgets/mine.yaml", ".github/workflows/image-budget.yml", ".gitlab-ci.yml", "Makefile"}, kept)
	require.Empty(t, hints)
	require.Equal(t, before, contents(t, folder))

	require.NoError(t, os.WriteFile(filepath.Join(folder, "api/Dockerfile.gpu"), []byte(service), 0o644))
	wrote, _, _ = written(t, r)
	require.Equal(t, []string{"budgets/api-gpu.yaml"}, wrote)
}

// TestNothingIsOverwritten: what is in a file's place stays, and what is then to be
// done is said until it is done.
func TestNothingIsOverwritten(t *testing.T) {
	r, folder := repository(t, map[string]string{
		"Dockerfile": service, "budgets/shop.yaml": "version: 1\nimage: other\npull: debian\n", "makefile": "all:\n", ".gitlab-ci.yml": "test: {script: [make]}\n",
		".github/workflows/image-budget.yml": "mine",
	})
	theirs := contents(t, folder)
	wrote, kept, hints := written(t, r)
	require.Equal(t, []string{"budgets/shop-2.yaml", ".gitlab/image-budget.gitlab-ci.yml", "image-budget.mk"}, wrote)
	require.Equal(t, []string{".github/workflows/image-budget.yml", ".gitlab-ci.yml", "makefile"}, kept)
	require.Equal(t, []string{".gitlab-ci.yml: add to it: include: [{local: .gitlab/image-budget.gitlab-ci.yml}]", "makefile: add to it: include image-budget.mk"}, hints)
	now := contents(t, folder)
	for name, text := range theirs {
		require.Equal(t, text, now[name], name)
	}

	require.NoError(t, os.WriteFile(filepath.Join(folder, "makefile"), []byte("include image-budget.mk\n"), 0o644))
	wrote, _, hints = written(t, r)
	require.Empty(t, wrote)
	require.Len(t, hints, 1)
}

// TestWriteLosesTheRace: a file that came since it was looked for stays.
func TestWriteLosesTheRace(t *testing.T) {
	r, folder := repository(t, map[string]string{"Makefile": "theirs"})
	_, err := r.Write([]File{{Path: "Makefile", Text: "ours"}})
	require.Error(t, err)
	require.Equal(t, map[string]string{"Makefile": "theirs"}, contents(t, folder))
}

// TestLinks: nothing is written where a symbolic link leads, nor read there.
func TestLinks(t *testing.T) {
	outside := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(outside, "Dockerfile"), []byte(service), 0o644))
	for _, link := range []string{"budgets", ".github", ".github/workflows", ".gitlab-ci.yml", "Makefile", "budgets/shop.yaml"} {
		t.Run(link, func(t *testing.T) {
			r, folder := repository(t, map[string]string{"Dockerfile": service})
			require.NoError(t, os.MkdirAll(filepath.Join(folder, filepath.Dir(link)), 0o755))
			require.NoError(t, os.Symlink(outside, filepath.Join(folder, link)))
			p, err := r.Find()
			require.NoError(t, err)
			require.Len(t, p.Images, 1, "the link was followed")
			_, err = r.Files(p, "")
			if link == "budgets/shop.yaml" { // its place is taken, and another name is free
				require.NoError(t, err)
				require.Equal(t, "shop-2", p.Images[0].Name)
				return
			}
			var fault *Fault
			require.ErrorAs(t, err, &fault)
			require.ErrorContains(t, err, "symbolic link")
			left, err := os.ReadDir(outside)
			require.NoError(t, err)
			require.Len(t, left, 1)
		})
	}
}

// TestHostileNames: names that YAML, make, shells and CI read as something else end
// up quoted, or are left out and said to be.
func TestHostileNames(t *testing.T) {
	for _, name := range []string{
		"$(touch x)", "${{ github.token }}", "a\nmetrics: {}", `"quoted" 'twice'`, "-rf", "--dir", "`id`", "#comment", "a: b", "{x}", "[x]", "&a", "*a", "!!str", "null", "~", "%x",
		"é", "\u2028", "a\tb", "\x1b[31m", "<<", "a # b", "|", "@x", "true", strings.Repeat("long", 50), "bad\xff", "{{.Image}}", "x..y", " lead", "trail ",
	} {
		t.Run(fmt.Sprintf("%q", name), func(t *testing.T) {
			r, folder := repository(t, map[string]string{name + "/Dockerfile": service, name + "/app.py": "from flask import Flask\n@app.get('/health')\n"})
			p, err := r.Find()
			if !utf8.ValidString(name) {
				require.ErrorContains(t, err, "left out")
				return
			}
			require.NoError(t, err)
			require.Empty(t, p.Notes)
			require.Len(t, p.Images, 1)
			written(t, r)
			budgets, err := budget.Find(filepath.Join(folder, "budgets"), nil)
			require.NoError(t, err)
			require.Len(t, budgets, 1)
			require.Equal(t, filepath.Join(folder, name), budgets[0].Source.Build.Context)
			require.Equal(t, filepath.Join(folder, name, "Dockerfile"), budgets[0].Source.Build.Dockerfile)
			require.Len(t, budgets[0].Metrics, 5)
			require.Regexp(t, `^[a-z0-9-]+$`, budgets[0].Name)
			for file, text := range contents(t, folder) {
				if strings.HasPrefix(file, ".git") || file == "Makefile" {
					require.NotContains(t, text, name+"/", file)
				}
			}
		})
	}
}

// TestHostileText: what a Dockerfile and sources say reaches the budget in no other
// place than its own.
func TestHostileText(t *testing.T) {
	r, folder := repository(t, map[string]string{
		"Dockerfile": "FROM debian\nEXPOSE 8000 99999 -1 $X\nHEALTHCHECK CMD curl http://localhost:70000/health%0a#x\n",
		"app.py":     "from flask import Flask\n@app.get('/health\\nmetrics: {}')\n@app.get('/${{ x }}/health')\n",
	})
	written(t, r)
	budgets, err := budget.Find(filepath.Join(folder, "budgets"), nil)
	require.NoError(t, err)
	require.Equal(t, 8000, budgets[0].Health.Port)
	require.Equal(t, "/health%0a", budgets[0].Health.Path)
}

// TestFolders: --dir is named in shells and CI files, so it is plain.
func TestFolders(t *testing.T) {
	folder := t.TempDir()
	for _, dir := range []string{"", ".", "..", "../out", "/tmp", "a b", "-x", "$(x)", "${{ x }}", "a\nb", "a/../.."} {
		_, err := Open(folder, dir)
		var fault *Fault
		require.ErrorAs(t, err, &fault, dir)
		require.NotEmpty(t, fault.Hint())
	}
	_, err := Open(filepath.Join(folder, "none"), "budgets")
	require.ErrorIs(t, err, fs.ErrNotExist)
	r := open(t, folder, "ci/budgets")
	_, err = r.Find()
	var fault *Fault
	require.ErrorAs(t, err, &fault)
	require.ErrorContains(t, err, "there is none")
}

// TestBelowTheTop: CI reads its files at the top of a repository.
func TestBelowTheTop(t *testing.T) {
	_, folder := repository(t, map[string]string{".git/HEAD": "x", "api/Dockerfile": service})
	r := open(t, filepath.Join(folder, "api"), "budgets")
	wrote, _, _ := written(t, r)
	require.Equal(t, []string{"budgets/api.yaml", "Makefile"}, wrote)
	p, err := r.Find()
	require.NoError(t, err)
	require.Contains(t, strings.Join(r.Warnings(p), "\n"), "not the top")
}

// TestBudgetsInTheContext: a baseline that is copied into its image makes that
// another one each time it is recorded.
func TestBudgetsInTheContext(t *testing.T) {
	for ignore, warned := range map[string]bool{"": true, ".git\n": true, "budgets\n": false, "*\n!app\n": false, "**/*.yaml\n": false} {
		r, _ := repository(t, map[string]string{"Dockerfile": "FROM debian\nEXPOSE 80\nCOPY . .\n", ".dockerignore": ignore})
		p, err := r.Find()
		require.NoError(t, err)
		require.Equal(t, warned, strings.Contains(strings.Join(r.Warnings(p), "\n"), "copies its whole context"), ignore)
	}
}

// contents is every regular file below a folder.
func contents(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	require.NoError(t, filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		name, relErr := filepath.Rel(folder, path)
		all[name] = string(text)
		return errors.Join(err, relErr)
	}))
	return all
}
