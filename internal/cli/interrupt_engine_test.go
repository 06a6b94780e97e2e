package cli

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const interruptedBudget = `version: 1
image: app
build: {context: ../app}
health: {port: 8000, timeout: 20s}
run: {memory: 128MiB, cpus: 1}
link: {bandwidth: 20Mbit/s, latency: 5ms}
`

const interruptedDockerfile = `FROM scratch
COPY hello /hello
COPY hello.json /etc/hello.json
VOLUME /srv
ENTRYPOINT ["/hello"]
`

// TestEngineInterrupted ends a run at many moments, from its first to its last
// step (D8): it cleans up within ten seconds, and says so in its status.
func TestEngineInterrupted(t *testing.T) {
	needEngine(t)
	dir := repository(t)
	before := held(t)
	for i, after := range []time.Duration{250, 400, 800, 1700, 3000, 6000} {
		signal := []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP}[i%3]
		run := gateIn(t, dir)
		require.NoError(t, run.Start())
		time.Sleep(after * time.Millisecond)
		require.NoError(t, run.Process.Signal(signal))
		sent := time.Now()
		status := wait(t, run)
		require.Less(t, time.Since(sent), 15*time.Second)
		require.Equal(t, 128+int(signal), status, "after %d ms", after)
		require.Equal(t, before, held(t), "after %d ms", after)
		requireNoTemp(t, dir)
	}
}

// TestEngineKilled: what a killed run leaves behind is removed by the next one.
func TestEngineKilled(t *testing.T) {
	needEngine(t)
	dir := repository(t)
	git(t, dir, "init", "--quiet")
	git(t, dir, "add", "app", "budgets")
	git(t, dir, "commit", "--quiet", "--message", "first")
	before := held(t)
	for after, args := range map[time.Duration][]string{
		700: nil, 2500: nil,
		// While a commit is checked out and built.
		1200: {"--against", "git:HEAD"}, 1600: {"--against", "git:HEAD"}, 2000: {"--against", "git:HEAD"},
	} {
		run := gateIn(t, dir, args...)
		require.NoError(t, run.Start())
		time.Sleep(after * time.Millisecond)
		require.NoError(t, run.Process.Kill())
		_ = run.Wait()
	}
	// An engine goes on with what it was asked for last.
	time.Sleep(2 * time.Second)
	run := gateIn(t, dir, "--no-run")
	require.Equal(t, 3, func() int { require.NoError(t, run.Start()); return wait(t, run) }())
	require.Equal(t, before, held(t))
	requireNoTemp(t, dir)
	require.NotContains(t, git(t, dir, "worktree", "list"), "detached")
}

// git runs in dir, as a user of its own.
func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	run := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=a", "-c", "user.email=a@example.com"}, args...)...)
	out, err := run.CombinedOutput()
	require.NoErrorf(t, err, "%s", out)
	return string(out)
}

// repository is a folder with one budget and the service that it builds.
func repository(t *testing.T) string {
	dir := t.TempDir()
	for _, folder := range []string{"budgets", "app"} {
		require.NoError(t, os.Mkdir(filepath.Join(dir, folder), 0o755))
	}
	require.NoError(t, os.Link(service(t), filepath.Join(dir, "app", "hello")))
	for name, text := range map[string]string{
		"budgets/app.yaml": interruptedBudget,
		"app/Dockerfile":   interruptedDockerfile,
		"app/hello.json":   `{"address": ":8000", "static": "/etc"}`,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	return dir
}

func gateIn(t *testing.T, dir string, args ...string) *exec.Cmd {
	run := exec.Command("image-budget", append([]string{"check"}, args...)...)
	run.Dir = dir
	run.Env = append(os.Environ(), "XDG_CACHE_HOME="+filepath.Join(dir, "cache"))
	return run
}

func wait(t *testing.T, run *exec.Cmd) int {
	t.Helper()
	var exit *exec.ExitError
	if err := run.Wait(); !errors.As(err, &exit) {
		require.NoError(t, err)
	}
	return run.ProcessState.ExitCode()
}

// requireNoTemp looks for what is half written, and for records of runs.
func requireNoTemp(t *testing.T, dir string) {
	t.Helper()
	for _, pattern := range []string{"cache/image-budget/tmp/*", "cache/image-budget/sessions/*", "budgets/.*"} {
		left, err := filepath.Glob(filepath.Join(dir, pattern))
		require.NoError(t, err)
		for _, path := range left {
			require.Equal(t, ".lock", filepath.Base(path))
		}
	}
}
