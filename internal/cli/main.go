// Package cli is the program: commands, flags, signals and the exit status. It
// measures and judges nothing itself.
package cli

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"sync/atomic"

	"github.com/image-budget/image-budget/internal/gate"
)

// Main runs the program with args (without its name) and returns its exit
// status; exit.go has the table.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	limitMemory()
	ctx, interrupts := watchSignals(context.Background())
	defer interrupts.stop()
	p := &program{stdin: stdin, stdout: stdout, stderr: stderr}
	done := make(chan int, 1)
	go func() { done <- p.run(ctx, args) }()
	select {
	case status := <-done:
		return interrupts.status(status)
	case <-interrupts.again:
		p.sayWhatIsLeft()
		return interrupts.status(statusUnmeasured)
	}
}

// program is one run of the command line.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	globals        globals
	machine        atomic.Pointer[gate.Machine] // what is left to clean up, for a second signal
}

// run turns every outcome, a panic among them, into an exit status.
func (p *program) run(ctx context.Context, args []string) (status int) {
	defer func() {
		if r := recover(); r != nil {
			_, _ = fmt.Fprintf(p.stderr, "error: internal fault: %v\n%s\nhint: this is a bug of image-budget; please report it with the lines above\n", r, debug.Stack())
			status = statusUnmeasured
		}
	}()
	root := p.root()
	root.SetArgs(args)
	return p.finish(root.ExecuteContext(ctx))
}
