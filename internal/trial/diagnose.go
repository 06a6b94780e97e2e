package trial

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/image-budget/image-budget/internal/engine"
)

// diagnoseTime is how long the engine may take to say how a container stands
// and what it wrote.
const diagnoseTime = 3 * time.Second

// unstartable makes a fault of what the engine refuses for the image's sake.
func (s *start) unstartable(err error) error {
	var refused *engine.ContainerFault
	if !errors.As(err, &refused) {
		return err
	}
	return &StartFault{
		Fault: NotStarted, Image: s.image.Reference, Detail: cut(refused.Error(), 1000),
		hint: "check the image's ENTRYPOINT, CMD and platform, or set run.command in the budget",
	}
}

// unstarted explains a start call that failed.
func (s *start) unstarted(ctx context.Context, err error) error {
	if ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		return s.notReady(probing{}, "the engine's start call did not return")
	}
	return s.unstartable(err)
}

// unaddressed explains a container without a published port: it may have ended
// already.
func (s *start) unaddressed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	after, cancel := outlive(ctx, diagnoseTime, 0)
	defer cancel()
	if exit, exitErr := s.Engine.Exit(after, s.id); exitErr == nil && !exit.Running {
		return s.diagnose(ctx, probing{})
	}
	return err
}

// diagnose says why the container did not get ready, from how it stands now.
func (s *start) diagnose(ctx context.Context, seen probing) error {
	after := time.Since(s.begun)
	ctx, cancel := outlive(ctx, diagnoseTime, 0)
	defer cancel()
	exit, err := s.Engine.Exit(ctx, s.id)
	if err != nil {
		return fmt.Errorf("finding out why %q did not get ready: %w", s.image.Reference, err)
	}
	fault := s.notReady(seen, "")
	if exit.OOMKilled && exit.Running {
		fault.Detail += "; a process of the container was OOM-killed"
		fault.hint = s.moreMemory()
	}
	if !exit.Running {
		fault = s.ended(exit)
		fault.After = after.Round(time.Millisecond)
	}
	// Without its log the fault is still worth telling.
	fault.Log, _ = s.Engine.Logs(ctx, s.id, logKept)
	fault.Log = fault.Log[max(0, len(fault.Log)-logKept):]
	return fault
}

// ended is the fault of a container that runs no more.
func (s *start) ended(exit engine.Exit) *StartFault {
	fault := &StartFault{Fault: Exited, Image: s.image.Reference, Code: exit.Code, Detail: cut(exit.Error, 1000)}
	switch {
	case exit.OOMKilled:
		fault.Fault, fault.hint = OOMKilled, s.moreMemory()
	case exit.Code == 0:
		fault.hint = "the command ends by itself: set run.command in the budget to one that serves"
	case exit.Code == 137: // 128 + SIGKILL
		fault.hint = "it was killed, perhaps for want of memory: " + s.moreMemory()
	}
	return fault
}

func (s *start) moreMemory() string {
	return fmt.Sprintf("raise run.memory (now %s) or have the app use less", s.Run.Memory)
}

// notReady is the fault of a container that runs and does not answer 2xx.
func (s *start) notReady(seen probing, detail string) *StartFault {
	fault := &StartFault{Fault: NotReady, Image: s.image.Reference, After: s.timeout, Detail: detail}
	if detail != "" {
		return fault
	}
	fault.Detail = fmt.Sprintf("%s %s on port %d", http.MethodGet, s.Health.Path, s.port)
	var foreign *foreignRedirect
	last := seen.last
	switch {
	case seen.attempts == 0:
		fault.Detail += " was not answered"
		fault.hint = "raise health.timeout"
		return fault
	case seen.dropped == seen.attempts:
		fault.hint = fmt.Sprintf("every connection was refused or reset: the app may listen on 127.0.0.1 only (bind 0.0.0.0), or on another port than %d", s.port)
	case errors.As(last.err, &foreign):
		fault.hint = "set health.path to one that the app answers itself"
	case last.err == nil && last.status >= 500:
		fault.hint = "the app answers and is not ready: see its log, or raise health.timeout"
	case last.err == nil && last.status >= 400:
		fault.hint = "set health.path in the budget to one that answers 2xx without credentials"
	case last.hung():
		fault.hint = "the app takes connections and says nothing: check health.scheme and the log, or raise health.timeout"
	default:
		fault.hint = "check health.scheme, health.port and health.path in the budget"
	}
	fault.Detail += ": " + last.String()
	return fault
}
