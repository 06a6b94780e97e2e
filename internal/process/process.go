// Package process runs programs that somebody else wrote, and ends with them what
// they have started. It knows nothing of what they are for.
package process

import (
	"context"
	"os/exec"
	"syscall"
	"time"
)

// grace is how long a program has to end by itself once it is asked to.
const grace = 3 * time.Second

// Run runs cmd, which was made with ctx, in a process group of its own. When ctx ends
// the group is asked to end, and killed after a grace time; the error is then ctx's
// cause, and else that of cmd.Run.
func Run(ctx context.Context, cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = grace
	err := cmd.Run()
	if ctx.Err() == nil {
		return err
	}
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // whoever did not listen
	}
	return context.Cause(ctx)
}
