package lint

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// within fails when a Dockerfile keeps the linter busy, and hands back its error.
func within(t *testing.T, limit time.Duration, dockerfile string) error {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "Dockerfile")
	require.NoError(t, os.WriteFile(path, []byte(dockerfile), 0o666))
	begun := time.Now()
	_, err := Dockerfile(t.Context(), Input{Dockerfile: path, Context: dir})
	require.Less(t, time.Since(begun), limit)
	if err != nil {
		var fault *DockerfileError
		require.ErrorAs(t, err, &fault)
		require.Less(t, len(err.Error()), 1000)
	}
	return err
}

// Files that were written to keep a machine busy are refused, or read in little
// time.
func TestHostileDockerfiles(t *testing.T) {
	doubled := "ARG A0=xxxxxxxxxxxxxxxx\n"
	for n := range 60 {
		doubled += fmt.Sprintf("ARG A%d=$A%d$A%d\n", n+1, n, n)
	}
	for _, c := range []struct{ name, file, err string }{
		{"a long line", "FROM debian:12\nRUN " + strings.Repeat("a", 1<<20) + "\n", "is larger than 256 KiB"},
		{"a long line within", "FROM debian:12\nRUN " + strings.Repeat("apt-get install -y gcc; ", 10_000) + "\n", "more than 2000 commands"},
		{"many commands", "FROM debian:12\nRUN " + strings.Repeat("apt-get install -y gcc; ", 1900) + "\n", ""},
		{"a long word", "FROM debian:12\nRUN " + strings.Repeat("a", 250_000) + "\n", ""},
		{"values that double", doubled + "FROM debian:12\nARG A60\n", "may grow to more than"},
		{"values that double in a stage", "FROM debian:12\n" + strings.ReplaceAll(doubled, "ARG", "ENV"), "may grow to more than"},
		{"a value that is put in for each letter", "FROM debian:12\nENV A=" + strings.Repeat("a", 2000) + "\nENV B=${A//a/" + strings.Repeat("b", 2000) + "}\n", "may grow to more than"},
		{"one value very often", "FROM debian:12\nENV A=" + strings.Repeat("a", 20_000) + "\nWORKDIR /" + strings.Repeat("$A", 50_000) + "\n", "may grow to more than"},
		{"variables of the shell that double", "FROM debian:12\nRUN a=aaaaaaaaaaaaaaaaaaaa; " + strings.Repeat("a=$a$a; ", 2000) + " apt-get install $a\n", ""},
		{"brackets", "FROM debian:12\nRUN " + strings.Repeat("(", 100_000) + "\n", ""},
		{"brackets that close", "FROM debian:12\nRUN " + strings.Repeat("( ", 60_000) + "true" + strings.Repeat(" )", 60_000) + "\n", ""},
		{"substitutions", "FROM debian:12\nRUN echo " + strings.Repeat("$(echo ", 30_000) + strings.Repeat(")", 30_000) + "\n", ""},
		{"substitutions in quotes", "FROM debian:12\nRUN echo " + strings.Repeat("\"$(echo ", 25_000) + "\n", ""},
		{"branches", "FROM debian:12\nRUN " + strings.Repeat("if true; then ", 15_000) + "\n", ""},
		{"loops", "FROM debian:12\nRUN " + strings.Repeat("while true\\\ndo\t", 10_000) + "\n", ""},
		{"negations", "FROM debian:12\nRUN " + strings.Repeat("! ", 100_000) + "\n", ""},
		{"sums", "FROM debian:12\nRUN echo $((" + strings.Repeat("-", 200_000) + "1))\n", ""},
		{"sums of many", "FROM debian:12\nRUN echo $((" + strings.Repeat("1+", 100_000) + "1))\n", ""},
		{"lists of and", "FROM debian:12\nRUN true " + strings.Repeat("&& true ", 30_000) + "\n", ""},
		{"pipes", "FROM debian:12\nRUN true " + strings.Repeat("| true ", 30_000) + "\n", ""},
		{"tests", "FROM debian:12\nRUN [[ " + strings.Repeat("! ", 100_000) + "a ]]\n", ""},
		{"functions", "FROM debian:12\nRUN " + strings.Repeat("a() ", 50_000) + "true\n", ""},
		{"calls of a long function", "FROM debian:12\nRUN f() { " + strings.Repeat("a=$a; ", 20_000) + "}; " + strings.Repeat("f; ", 1900) + "\n", ""},
		{"loops of many", "FROM debian:12\nRUN a=" + strings.Repeat("a", 10_000) + "; for b in " + strings.Repeat("$a ", 10_000) + "; do for c in $b; do apt-get install $c; done; done\n", ""},
		{"many functions", "FROM debian:12\nRUN f() { true; }; " + strings.Repeat("f() { f; }; f; ", 900) + "\n", ""},
		{"time", "FROM debian:12\nRUN " + strings.Repeat("time ", 40_000) + "true\n", ""},
		{"expansions within expansions", "FROM debian:12\nRUN echo " + strings.Repeat("${a:-", 50_000) + strings.Repeat("}", 50_000) + "\n", ""},
		{"expansions in an ENV", "FROM debian:12\nENV A=" + strings.Repeat("${a:-", 40_000) + strings.Repeat("}", 40_000) + "\n", ""},
		{"shells of shells", "FROM debian:12\nRUN " + strings.Repeat("sh -c \"", 1000) + "true" + strings.Repeat("\"", 1000) + "\n", ""},
		{"here-documents", "FROM debian:12\nRUN " + strings.Repeat("<<a ", 10_000) + "\n" + strings.Repeat("a\n", 10_000), ""},
		{"many stages", strings.Repeat("FROM debian:12\n", 10_000), "more than 200 stages"},
		{"many instructions", "FROM debian:12\n" + strings.Repeat("ENV A=1\n", 20_000), "more than 4000 instructions"},
		{"many instructions within", "FROM debian:12\n" + strings.Repeat("ENV A=1\nRUN apt-get install $A\n", 1900), ""},
		{"stages in a row", "FROM debian:12 AS s0\n" + rows(150), ""},
		{"many sources", "FROM debian:12\nCOPY " + strings.Repeat("a ", 100_000) + "/\n", ""},
		{"comments", strings.Repeat("# image-budget: ignore=root-user\n", 7000) + "FROM debian:12\n", ""},
		{"zero bytes", "FROM debian:12\nRUN a\x00b\n\x00\n", "parsing"},
		{"UTF-16", "\xff\xfeF\x00R\x00O\x00M\x00", "it is UTF-16"},
		{"UTF-16, the other way", "\xfe\xff\x00F\x00R\x00O\x00M", "it is UTF-16"},
		{"no text", "\xff\xfe\x00", "parsing"},
		{"nothing", "", "parsing"},
		{"no stage", "ARG A=1\n", "parsing"},
		{"a circle", "FROM a AS a\nCOPY --from=b / /\nFROM debian:12 AS b\nCOPY --from=a / /\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := within(t, 10*time.Second, wrapped(c.file))
			if c.err == "" {
				return
			}
			require.ErrorContains(t, err, c.err)
		})
	}
}

// wrapped breaks lines that are longer than BuildKit takes.
func wrapped(file string) string {
	var of strings.Builder
	length := 0
	for _, b := range []byte(file) {
		if length++; b == '\n' {
			length = 0
		}
		if length == 60_000 && b != '\\' {
			of.WriteString("\\\n")
			length = 0
		}
		of.WriteByte(b)
	}
	return of.String()
}

func rows(n int) string {
	var of strings.Builder
	for at := range n {
		fmt.Fprintf(&of, "FROM s%d AS s%d\nENV A%d=$A%d\n", at, at+1, at, at-1)
	}
	return of.String()
}

// A .dockerignore that would be compared with every source is refused.
func TestHostileIgnore(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "Dockerfile")
	require.NoError(t, os.WriteFile(path, []byte(wrapped("FROM debian:12\nCOPY "+strings.Repeat("a ", 100_000)+"/\n")), 0o666))
	var patterns strings.Builder
	for n := range 8000 {
		fmt.Fprintf(&patterns, "*%d*\n", n)
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, ".dockerignore"), []byte(patterns.String()), 0o666))
	_, err := Dockerfile(t.Context(), Input{Dockerfile: path, Context: dir})
	require.ErrorContains(t, err, "copies too many files for the patterns")
}

// What is no regular file is refused at once, and links lead nowhere outside.
func TestFilesThatAreNoFiles(t *testing.T) {
	const good = "FROM debian:12-slim\nUSER 1\nHEALTHCHECK CMD [\"a\"]\n"
	outside := filepath.Join(t.TempDir(), "outside")
	require.NoError(t, os.WriteFile(outside, []byte("*\n"), 0o666))
	for _, c := range []struct {
		name string
		make func(t *testing.T, dir string) error
		err  string
	}{
		{"a Dockerfile that is not there", func(*testing.T, string) error { return nil }, "is not there"},
		{"a pipe", func(_ *testing.T, dir string) error { return syscall.Mkfifo(filepath.Join(dir, "Dockerfile"), 0o666) }, "is a named pipe"},
		{"a folder", func(_ *testing.T, dir string) error { return os.Mkdir(filepath.Join(dir, "Dockerfile"), 0o777) }, "is a folder"},
		{"a device", func(_ *testing.T, dir string) error { return os.Symlink(os.DevNull, filepath.Join(dir, "Dockerfile")) }, "is a device"},
		{"a link in a circle", func(_ *testing.T, dir string) error {
			return os.Symlink("Dockerfile", filepath.Join(dir, "Dockerfile"))
		}, "too many levels"},
		{"a link to a file", func(_ *testing.T, dir string) error {
			if err := os.WriteFile(filepath.Join(dir, "D"), []byte(good), 0o666); err != nil {
				return err
			}
			return os.Symlink("D", filepath.Join(dir, "Dockerfile"))
		}, ""},
		{"a .dockerignore that is a pipe", with(good, func(dir string) error { return syscall.Mkfifo(filepath.Join(dir, ".dockerignore"), 0o666) }), ".dockerignore: is a named pipe"},
		{"a .dockerignore that is a folder", with(good, func(dir string) error { return os.Mkdir(filepath.Join(dir, ".dockerignore"), 0o777) }), ".dockerignore: is a folder"},
		{"a .dockerignore that leads outside", with(good, func(dir string) error { return os.Symlink(outside, filepath.Join(dir, ".dockerignore")) }), "escapes"},
		{"a .dockerignore that is a link within", with(good, func(dir string) error {
			if err := os.WriteFile(filepath.Join(dir, "ignored"), []byte(".git\n"), 0o666); err != nil {
				return err
			}
			return os.Symlink("ignored", filepath.Join(dir, ".dockerignore"))
		}), ""},
		{"a .dockerignore that cannot be parsed", with(good, func(dir string) error {
			return os.WriteFile(filepath.Join(dir, ".dockerignore"), []byte("[a-\n"), 0o666)
		}), "parsing"},
		{"requirements that are a pipe", with("FROM python:3.12-slim\nUSER 1\nHEALTHCHECK NONE\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n", func(dir string) error {
			return syscall.Mkfifo(filepath.Join(dir, "requirements.txt"), 0o666)
		}), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			require.NoError(t, c.make(t, dir))
			_, err := Dockerfile(t.Context(), Input{Dockerfile: filepath.Join(dir, "Dockerfile"), Context: dir})
			if c.err == "" {
				require.NoError(t, err)
				return
			}
			var fault *DockerfileError
			require.ErrorAs(t, err, &fault)
			require.ErrorContains(t, err, c.err)
		})
	}
}

func with(dockerfile string, rest func(dir string) error) func(*testing.T, string) error {
	return func(_ *testing.T, dir string) error {
		if err := os.WriteFile(filepath.Join(dir, "Dockerfile"), []byte(dockerfile), 0o666); err != nil {
			return err
		}
		return rest(dir)
	}
}

// Faults of the file are the user's, with its line, and show no secret.
func TestFaults(t *testing.T) {
	for file, message := range map[string]string{
		"FROM debian:12\nRUM true\n":                      "Dockerfile:2: parsing: unknown instruction: RUM",
		"FROM debian:12\n\nCOPY a\n":                      "Dockerfile:3: parsing: COPY requires at least two arguments",
		"FROM debian:12\nRUN --mount=type=nothing true\n": "Dockerfile:2: parsing: ",
		"FROM Debian:12\n":                                "parsing: ",
	} {
		err := within(t, time.Second, file)
		require.ErrorContains(t, err, message)
	}
	err := within(t, time.Second, "FROM debian:12\nENV API_TOKEN vK8rq2xWm4TzLp0s=\nAPI_TOKEN=vK8rq2xWm4TzLp0s\n")
	require.Error(t, err)
	require.NotContains(t, err.Error(), "vK8rq2xWm4TzLp0s")

	dir := unpack(t, "-- Dockerfile --\nFROM debian:12 AS a\n")
	_, err = Dockerfile(t.Context(), Input{Dockerfile: filepath.Join(dir, "Dockerfile"), Target: "b"})
	require.ErrorContains(t, err, `has no stage "b"`)
	_, err = Dockerfile(t.Context(), Input{Dockerfile: filepath.Join(dir, "Dockerfile"), Context: filepath.Join(dir, "none")})
	require.ErrorContains(t, err, "is not there")
	_, err = Dockerfile(t.Context(), Input{Dockerfile: filepath.Join(dir, "Dockerfile"), Context: filepath.Join(dir, "Dockerfile")})
	require.ErrorContains(t, err, "is not a folder")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = Dockerfile(ctx, Input{Dockerfile: filepath.Join(dir, "Dockerfile")})
	require.ErrorIs(t, err, context.Canceled)
}
