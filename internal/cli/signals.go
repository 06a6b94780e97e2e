package cli

import (
	"context"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
)

// signals watches for SIGINT, SIGTERM and SIGHUP: the first cancels the context, so
// that the run cleans up; again is closed by the second.
type signals struct {
	again chan struct{}
	first atomic.Int32
	stop  func()
}

func watchSignals(ctx context.Context) (context.Context, *signals) {
	ctx, cancel := context.WithCancel(ctx)
	caught := make(chan os.Signal, 4)
	signal.Notify(caught, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	// With a handler a closed standard output is a write error, which has an
	// exit status; without one it is a silent death.
	pipes := make(chan os.Signal, 1)
	signal.Notify(pipes, syscall.SIGPIPE)

	s := &signals{again: make(chan struct{})}
	s.stop = func() { signal.Stop(caught); signal.Stop(pipes); close(caught); cancel() }
	go func() {
		for sig := range caught {
			number, _ := sig.(syscall.Signal)
			if s.first.CompareAndSwap(0, int32(number)) {
				cancel()
				continue
			}
			close(s.again)
			return
		}
	}()
	return ctx, s
}

// status is the exit status of a run that would have ended with status.
func (s *signals) status(status int) int {
	if number := s.first.Load(); number != 0 {
		return 128 + int(number)
	}
	return status
}
