package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/image-budget/image-budget/internal/report"
)

// The exit statuses; nothing else may produce these numbers. After a signal
// the status is 128 plus its number. With several causes usage beats
// regression beats unmeasured.
const (
	statusPass       = 0 // every gated metric was measured and is inside its budget
	statusRegression = 1 // at least one regression or broken ceiling
	statusUsage      = 2 // usage, budget file or baseline file
	statusUnmeasured = 3 // something could not be measured, decided or reported; a panic too
)

// statusError ends the run with a status of its own. With Err nil everything
// has been said already.
type statusError struct {
	Status int
	Err    error
	Fix    string // what to do about it; may be empty
}

func (e *statusError) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("exit status %d", e.Status)
	}
	return e.Err.Error()
}
func (e *statusError) Unwrap() error { return e.Err }

// Hint says what a user can do about it, if this error or its cause knows.
func (e *statusError) Hint() string {
	var cause hinter
	if e.Fix == "" && errors.As(e.Err, &cause) {
		return cause.Hint()
	}
	return e.Fix
}

// userFault is implemented by errors that the user's own files and arguments
// cause.
type userFault interface{ UserFault() }

// hinter is implemented by errors that know what to do about them.
type hinter interface{ Hint() string }

// statusOf maps an error to the exit status it asks for.
func statusOf(err error) int {
	var own *statusError
	var user userFault
	switch {
	case err == nil:
		return statusPass
	case errors.As(err, &own):
		return own.Status
	case errors.As(err, &user):
		return statusUsage
	default:
		return statusUnmeasured
	}
}

// finish says what went wrong and returns the exit status.
func (p *program) finish(err error) int {
	var own *statusError
	if err == nil || (errors.As(err, &own) && own.Err == nil) {
		return statusOf(err)
	}
	if errors.Is(err, context.Canceled) {
		p.say("error: interrupted")
		return statusOf(err)
	}
	p.complain(err)
	return statusOf(err)
}

// complain prints an error and its hint; errors that were joined get a line each.
func (p *program) complain(err error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			p.complain(e)
		}
		return
	}
	p.say("error: " + report.Clean(err.Error()))
	var h hinter
	if errors.As(err, &h) && h.Hint() != "" {
		p.say("hint: " + report.Clean(h.Hint()))
	}
}

// say writes one line to standard error. Where that is closed there is nobody
// to tell.
func (p *program) say(line string) { _, _ = fmt.Fprintln(p.stderr, line) }

// usage makes an error one about the command line.
func usage(format string, args ...any) error { return hinted("", format, args...) }

// hinted is a usage error that knows what to do about it.
func hinted(fix, format string, args ...any) error {
	return &statusError{Status: statusUsage, Err: fmt.Errorf(format, args...), Fix: fix}
}
