package git

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// slow makes a repository with a commit whose checkout stops in a filter. The
// filter has written its process ID into the file started by then.
func slow(t *testing.T) (r *Repository, head Commit, started string) {
	r = repository(t)
	started = filepath.Join(t.TempDir(), "started")
	plain(t, r.Top, "config", "filter.slow.smudge", fmt.Sprintf("echo $$ >%s.new; mv %s.new %s; cat; sleep 60", started, started, started))
	commit(t, r, "second", map[string]string{".gitattributes": "*.slow filter=slow\n", "z.slow": "z"})
	head, err := r.Head(t.Context())
	require.NoError(t, err)
	return r, head, started
}

// wait returns the process group of the filter once it runs.
func wait(t *testing.T, started string) (group int) {
	require.Eventually(t, func() bool { _, err := os.Stat(started); return err == nil }, 30*time.Second, time.Millisecond)
	pid, err := strconv.Atoi(strings.TrimSpace(content(t, started)))
	require.NoError(t, err)
	group, err = syscall.Getpgid(pid)
	require.NoError(t, err)
	return group
}

func gone(group int) bool { return syscall.Kill(-group, 0) == syscall.ESRCH }

func TestCheckoutStoppedHalfWayLeavesNothing(t *testing.T) {
	for name, stop := range map[string]func(cancel func(), group int){
		"cancelled":   func(cancel func(), _ int) { cancel() },
		"git killed":  func(_ func(), group int) { _ = syscall.Kill(-group, syscall.SIGKILL) },
		"git stopped": func(cancel func(), group int) { _ = syscall.Kill(-group, syscall.SIGSTOP); cancel() },
	} {
		t.Run(name, func(t *testing.T) {
			r, head, started := slow(t)
			dir := filepath.Join(t.TempDir(), "tree")
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			done := make(chan error, 1)
			go func() { done <- r.Checkout(ctx, head, dir) }()
			group := wait(t, started)
			require.Len(t, entries(t, r), 1)
			stop(cancel, group)
			err := <-done
			require.Error(t, err)
			if name != "git killed" {
				require.ErrorIs(t, err, context.Canceled)
			}
			require.NoDirExists(t, dir)
			require.Empty(t, entries(t, r))
			require.Eventually(t, func() bool { return gone(group) }, 10*time.Second, 10*time.Millisecond)
		})
	}
}

const killedEnv = "GIT_TEST_KILLED" // top, commit and folder, separated by newlines

// The next run removes what a killed one left, from the folder alone.
func TestRemoveWorktreeOfAKilledRun(t *testing.T) {
	r, head, started := slow(t)
	dir := filepath.Join(t.TempDir(), "tree")
	child := exec.Command(os.Args[0], "-test.run=^TestKilledChild$")
	child.Env = append(os.Environ(), killedEnv+"="+strings.Join([]string{r.Top, head.ID, dir}, "\n"))
	require.NoError(t, child.Start())
	group := wait(t, started)
	require.NoError(t, child.Process.Kill())
	require.Error(t, child.Wait())
	require.NoError(t, syscall.Kill(-group, syscall.SIGKILL))
	require.Eventually(t, func() bool { return gone(group) }, 10*time.Second, 10*time.Millisecond)
	require.DirExists(t, dir)
	require.Len(t, entries(t, r), 1)

	require.NoError(t, RemoveWorktree(t.Context(), dir))
	require.NoDirExists(t, dir)
	require.Empty(t, entries(t, r))
	plain(t, r.Top, "config", "--unset", "filter.slow.smudge")
	require.NoError(t, r.Checkout(t.Context(), head, dir), "nothing is in the way of another one")
}

func TestKilledChild(t *testing.T) {
	args := strings.Split(os.Getenv(killedEnv), "\n")
	if len(args) != 3 {
		t.Skip("runs only as the child of TestRemoveWorktreeOfAKilledRun")
	}
	_ = (&Repository{Top: args[0]}).Checkout(t.Context(), Commit{ID: args[1]}, args[2])
}
