package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image/imagetest"
)

const scannedBudget = "version: 1\nimage: app\noci: ../layout\nmetrics: {size: {}}\nscan: {run: trivy}\n"

// hangingTrivy starts another program and does not end.
const hangingTrivy = "#!/bin/sh\nsleep 600 &\necho $! > \"$CHILD.part\" && mv \"$CHILD.part\" \"$CHILD\"\nwait\n"

// TestScanInterrupted: with the gate its scanner goes, what that started, and the
// image that it looked at.
func TestScanInterrupted(t *testing.T) {
	dir := t.TempDir()
	child := filepath.Join(dir, "child")
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "bin"), 0o755))
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "budgets"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "bin/trivy"), []byte(hangingTrivy), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "budgets/app.yaml"), []byte(scannedBudget), 0o644))
	img := imagetest.Image(t, imagetest.Linux, imagetest.Tar(t, imagetest.File("a", "a")))
	_, err := layout.Write(filepath.Join(dir, "layout"), imagetest.Index(t, img))
	require.NoError(t, err)

	run := exec.Command("image-budget", "check")
	run.Dir = dir
	run.Env = append(os.Environ(), "PATH="+filepath.Join(dir, "bin")+":"+os.Getenv("PATH"), "XDG_CACHE_HOME="+filepath.Join(dir, "cache"), "CHILD="+child)
	require.NoError(t, run.Start())
	var id int
	require.Eventually(t, func() bool {
		text, err := os.ReadFile(child)
		if err == nil {
			id, err = strconv.Atoi(strings.TrimSpace(string(text)))
		}
		return err == nil
	}, 20*time.Second, 10*time.Millisecond)
	require.NoError(t, run.Process.Signal(os.Interrupt))
	var exit *exec.ExitError
	require.ErrorAs(t, run.Wait(), &exit)
	require.Equal(t, 130, exit.ExitCode())
	require.Eventually(t, func() bool { return !alive(id) }, 5*time.Second, 10*time.Millisecond)
	left, err := filepath.Glob(filepath.Join(dir, "cache/image-budget/sessions/[^.]*"))
	require.NoError(t, err)
	require.Empty(t, left)
}

// alive reports whether a process runs; one that ended and that nobody has asked
// about yet does not.
func alive(id int) bool {
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(id), "stat"))
	return err == nil && !strings.Contains(string(stat), ") Z ") && syscall.Kill(id, 0) == nil
}
