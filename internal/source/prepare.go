package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"

	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/process"
)

// PrepareError is a command before a build that went wrong.
type PrepareError struct {
	Command []string
	Status  int    // -1 when it did not run or was killed
	Output  string // its last lines
	Err     error
}

func (e *PrepareError) Error() string {
	text := fmt.Sprintf("running %q before the build: %v", strings.Join(e.Command, " "), e.Err)
	if e.Output != "" {
		text += "; its last lines:\n" + e.Output
	}
	return text
}
func (e *PrepareError) Unwrap() error { return e.Err }

// Hint says what a user can do about it.
func (e *PrepareError) Hint() string {
	return "run the command in the build's context by hand; prepare is a list, one word an item, and no shell reads it"
}

// maxOutput is how many bytes of a command's output are kept for its error,
// and maxLines how many lines.
const (
	maxOutput = 4 << 10
	maxLines  = 20
)

// prepare runs a command in dir. With ctx it goes, and with it what it started.
func prepare(ctx context.Context, command []string, dir string, progress io.Writer) error {
	said := &engine.Tail{Limit: maxOutput}
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Dir = dir
	cmd.Stdout = io.MultiWriter(said, progress)
	cmd.Stderr = cmd.Stdout // one writer, so that exec writes to it from one goroutine
	err := process.Run(ctx, cmd)
	if ctx.Err() != nil {
		return fmt.Errorf("running %q before the build: %w", strings.Join(command, " "), err)
	}
	if err == nil {
		return nil
	}
	fault := &PrepareError{Command: command, Status: -1, Output: lastLines(said.Bytes(), maxLines), Err: err}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		fault.Status = exit.ExitCode()
	}
	return fault
}

func lastLines(said []byte, n int) string {
	lines := strings.Split(strings.TrimSpace(string(said)), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
