package source

import (
	"fmt"
	"strings"

	"github.com/image-budget/image-budget/internal/image"
)

// InputError is a fault of the user's own files or arguments: a path that is
// not there, a secret that is not set, a name that must be said.
type InputError struct {
	Err error
	Fix string // what to do about it
}

func (e *InputError) Error() string { return e.Err.Error() }
func (e *InputError) Unwrap() error { return e.Err }

// Hint says what a user can do about it.
func (e *InputError) Hint() string { return e.Fix }

// UserFault marks the error as one of usage, not of measuring.
func (e *InputError) UserFault() {}

func inputErrorf(fix, format string, args ...any) error {
	return &InputError{Err: fmt.Errorf(format, args...), Fix: fix}
}

// Fault is an image that cannot be had or is not what it claims, where there
// is something to be done about it.
type Fault struct {
	Err error
	Fix string
}

func (e *Fault) Error() string { return e.Err.Error() }
func (e *Fault) Unwrap() error { return e.Err }

// Hint says what a user can do about it.
func (e *Fault) Hint() string { return e.Fix }

func faultf(fix, format string, args ...any) error {
	return &Fault{Err: fmt.Errorf(format, args...), Fix: fix}
}

// PlatformError is an image that is not there for the platform in question.
type PlatformError struct {
	Want image.Platform
	Have []image.Platform
}

func (e *PlatformError) Error() string {
	if len(e.Have) == 0 && e.Want == (image.Platform{}) {
		return "there is no image in it"
	}
	if len(e.Have) == 0 {
		return fmt.Sprintf("no image for %s: there is none for any platform", e.Want)
	}
	have := make([]string, len(e.Have))
	for i, p := range e.Have {
		have[i] = p.String()
		if have[i] == "" {
			have[i] = "one that is not named"
		}
	}
	list := strings.Join(have, ", ")
	if e.Want == (image.Platform{}) {
		return "the platform must be said: there are " + list
	}
	return fmt.Sprintf("no image for %s: the platforms there are: %s", e.Want, list)
}

// Hint says what a user can do about it.
func (e *PlatformError) Hint() string {
	return "name one of the platforms there are, such as platform: linux/amd64 in the budget file"
}
