package source

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
)

// built is a context with some files, and the build in it.
func built(t *testing.T, files map[string]string) *budget.Build {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	return &budget.Build{Context: dir, Dockerfile: filepath.Join(dir, "Dockerfile")}
}

func requireInput(t *testing.T, err error, says string) {
	t.Helper()
	if says == "" {
		require.NoError(t, err)
		return
	}
	require.ErrorContains(t, err, says)
	var fault *InputError
	require.ErrorAs(t, err, &fault)
	require.NotEmpty(t, fault.Hint())
}

func TestCheckTouch(t *testing.T) {
	for _, c := range []struct {
		name, touch, ignore, own string
		says                     string
	}{
		{"a source file", "app/main.py", "", "", ""},
		{"one that is not left out", "app/main.py", "*.md\n**/test*\n", "", ""},
		{"no such file", "app/mian.py", "", "", "not a regular file of the context"},
		{"a folder", "app", "", "", "not a regular file of the context"},
		{"a link", "link.py", "", "", "not a regular file of the context"},
		{"behind a link", "linked/main.py", "", "", "behind a symbolic link"},
		{"the Dockerfile", "Dockerfile", "", "", "is the Dockerfile"},
		{"left out", "app/main.py", "# no code\n**/*.py\n", "", "left out of the build by"},
		{"left out with its folder", "app/main.py", "app\n", "", "left out of the build by"},
		{"taken in again", "app/main.py", "*\n!app\n", "", ""},
		{"left out by the Dockerfile's own", "app/main.py", "", "app/*\n", "Dockerfile.dockerignore"},
		{"the Dockerfile's own says alone what is left out", "app/main.py", "app\n", "docs\n", ""},
		{"a pattern that is none", "app/main.py", "[\n", "", "syntax error in pattern"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := map[string]string{"Dockerfile": "FROM scratch\n", "app/main.py": "print()\n"}
			if c.ignore != "" {
				files[".dockerignore"] = c.ignore
			}
			if c.own != "" {
				files["Dockerfile.dockerignore"] = c.own
			}
			build := built(t, files)
			require.NoError(t, os.Symlink("app/main.py", filepath.Join(build.Context, "link.py")))
			require.NoError(t, os.Symlink("app", filepath.Join(build.Context, "linked")))
			requireInput(t, checkTouch(build, c.touch), c.says)
		})
	}
}

// D17: who may change a Dockerfile may not choose the program that reads it.
func TestCheckSyntax(t *testing.T) {
	const allowed = "docker.io/acme/frontend@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	for _, c := range []struct {
		name, dockerfile, arg string
		given                 bool
		says                  string
	}{
		{"none", "FROM scratch\n", "", false, ""},
		{"Docker's own", "# syntax=docker/dockerfile:1\nFROM scratch\n", "", true, ""},
		{"Docker's own by its whole name", "#syntax = docker.io/docker/dockerfile:1.7-labs\nFROM scratch\n", "", true, ""},
		{"another", "# syntax=evil/frontend\nFROM scratch\n", "", true, `Dockerfile:1: the frontend "evil/frontend" is not allowed`},
		{"another after a directive", "# escape=`\n# SYNTAX=evil/frontend:1 --flag\nFROM scratch\n", "", true, "Dockerfile:2: "},
		{"another behind a byte order mark", "\xef\xbb\xbf# syntax=evil/frontend\nFROM scratch\n", "", true, "evil/frontend"},
		{"another behind an interpreter", "#!/usr/bin/env x\n# syntax=evil/frontend\nFROM scratch\n", "", true, "evil/frontend"},
		{"another in the style of C", "// syntax=evil/frontend\nFROM scratch\n", "", true, "evil/frontend"},
		{"one that looks like Docker's own", "# syntax=evil.example/docker/dockerfile:1\nFROM scratch\n", "", true, "is not allowed"},
		{"one that begins like Docker's own", "# syntax=docker/dockerfile-upstream:master\nFROM scratch\n", "", true, "is not allowed"},
		{"allowed by its digest", "# syntax=" + allowed + "\nFROM scratch\n", "", true, ""},
		{"a comment", "FROM scratch\n# syntax=evil/frontend\n", "", false, ""},
		{"by an argument", "FROM scratch\n", "evil/frontend", true, "the build argument BUILDKIT_SYNTAX"},
	} {
		t.Run(c.name, func(t *testing.T) {
			build := built(t, map[string]string{"Dockerfile": c.dockerfile})
			build.Syntax = []string{allowed}
			if c.arg != "" {
				build.Args = map[string]string{"BUILDKIT_SYNTAX": c.arg}
			}
			given, err := checkSyntax(build)
			requireInput(t, err, c.says)
			if c.says == "" {
				require.Equal(t, c.given, given)
			}
		})
	}
}
