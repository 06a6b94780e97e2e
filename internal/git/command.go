package git

import (
	"context"
	"errors"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"
)

// settings hold for every command. /dev/null has no hooks in it; the events
// that ours can raise are switched off by name too, because git 2.55 also runs
// hooks that its configuration lists. A monitor of the work tree would be a
// program of the repository's that outlives the command, and so would gc.
// Relative paths of worktrees mark the repository for new versions of git only.
var settings = []string{
	"core.hooksPath=/dev/null",
	"hook.post-checkout.enabled=false",
	"hook.post-index-change.enabled=false",
	"hook.reference-transaction.enabled=false",
	"core.fsmonitor=false",
	"gc.auto=0",
	"maintenance.auto=false",
	"worktree.useRelativePaths=false",
}

// local are the variables that lead git to another repository or make it read
// a pathspec in another way: those of `git rev-parse --local-env-vars` and a
// few more of git(1). A gate that a hook runs inherits some of them. What
// configures git (GIT_CONFIG_COUNT and its like) stays: CI says safe.directory
// that way.
var local = []string{
	"GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_CONFIG", "GIT_DIR", "GIT_GRAFT_FILE",
	"GIT_IMPLICIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_INTERNAL_SUPER_PREFIX", "GIT_NO_REPLACE_OBJECTS",
	"GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_REPLACE_REF_BASE", "GIT_SHALLOW_FILE", "GIT_WORK_TREE",
	"GIT_ATTR_SOURCE", "GIT_NAMESPACE", "GIT_QUARANTINE_PATH", "GIT_REFERENCE_BACKEND",
	"GIT_GLOB_PATHSPECS", "GIT_ICASE_PATHSPECS", "GIT_LITERAL_PATHSPECS", "GIT_NOGLOB_PATHSPECS",
}

// grace is how long a command has to clean up behind itself once its context
// is done.
const grace = 3 * time.Second

// read runs a command that changes nothing, in dir, and returns the first
// bytes of what it says, at most maxSaid.
func read(ctx context.Context, dir string, args ...string) (string, error) {
	return run(ctx, dir, []string{"GIT_OPTIONAL_LOCKS=0"}, args...)
}

// run runs git in dir with more variables. Its errors are *Missing without a
// git, *Distrusted, *failure for every other status than 0, and the context's.
func run(ctx context.Context, dir string, env []string, args ...string) (string, error) {
	words := []string{"-C", dir}
	for _, setting := range settings {
		words = append(words, "-c", setting)
	}
	var out, errs said
	cmd := exec.CommandContext(ctx, "git", append(words, args...)...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	cmd.Env = slices.DeleteFunc(cmd.Environ(), func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		return slices.Contains(local, name)
	})
	cmd.Env = append(cmd.Env, "LC_ALL=C", "GIT_TERMINAL_PROMPT=0")
	cmd.Env = append(cmd.Env, env...)
	// A session of its own has no terminal on which an ssh below it could ask
	// for a password, and is a process group that can be ended as a whole.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = grace
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		if cmd.Process != nil {
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // whoever did not listen
		}
		return "", context.Cause(ctx)
	case errors.Is(err, exec.ErrNotFound):
		return "", &Missing{Err: errors.New("there is no git command"), Fix: "install git, and see that PATH leads to it"}
	case errors.As(err, &exit):
		return "", fault(dir, errs.String(), exit)
	case errors.Is(err, exec.ErrWaitDelay): // it is done; a process it left behind has its output open
		return out.String(), nil
	}
	return out.String(), err
}

// maxSaid is how many bytes are kept of what a command says. A status of many
// files is longer; nobody reads on after the first few.
const maxSaid = 64 << 10

// said keeps the first maxSaid bytes written to it.
type said struct{ strings.Builder }

// Write never fails.
func (s *said) Write(p []byte) (int, error) {
	s.Builder.Write(p[:min(len(p), maxSaid-s.Len())])
	return len(p), nil
}
