package cli

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"image-budget": func() {
			status := Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
			notePeak()
			os.Exit(status)
		},
	})
}

// TestScripts drives the real command line; every script has a folder and a
// cache of its own, and no engine unless it asks for one.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("XDG_CACHE_HOME", filepath.Join(e.WorkDir, ".cache"))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":    exits,
			"mkimage":  mkimage,
			"mkpython": mkpython,
			"mkscan":   mkscan,
		},
	})
}

// exits runs a command and checks its exit status: exits STATUS COMMAND...
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	got := 0
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("%v ended with %d, want %d", args[1:], got, want)
	}
}

// TestClosedOutput: a report that nobody can read is no pass (E11).
func TestClosedOutput(t *testing.T) {
	read, write, err := os.Pipe()
	require.NoError(t, err)
	require.NoError(t, read.Close())
	run := exec.Command("image-budget", "version")
	run.Stdout = write
	var exit *exec.ExitError
	require.ErrorAs(t, run.Run(), &exit)
	require.Equal(t, 3, exit.ExitCode())
}
