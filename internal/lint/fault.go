package lint

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strconv"

	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/image-budget/image-budget/internal/secrets"
)

// DockerfileError is a Dockerfile, or a file beside it, that cannot be read or
// understood.
type DockerfileError struct {
	Path     string
	Line     int    // from 1; 0 when the fault is of the file as a whole
	Problem  string // without the place
	Accepted string // what to do instead, as an order; may be empty
	Err      error  // the cause; may be nil
}

func (e *DockerfileError) Error() string {
	where := e.Path
	if e.Line > 0 {
		where += ":" + strconv.Itoa(e.Line)
	}
	return where + ": " + e.Problem
}

func (e *DockerfileError) Unwrap() error { return e.Err }

// Hint says what to do instead.
func (e *DockerfileError) Hint() string { return e.Accepted }

// UserFault marks the error as one of the user's own files.
func (e *DockerfileError) UserFault() {}

func unreadable(path string, err error) *DockerfileError {
	fault := &DockerfileError{Path: path, Err: err, Problem: fmt.Sprintf("reading: %v", withoutPath(err))}
	if errors.Is(err, fs.ErrNotExist) {
		fault.Problem = "is not there"
	}
	return fault
}

// withoutPath is an error of the operating system without the path, which is said
// before it.
func withoutPath(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

// unparsable is what BuildKit says of a Dockerfile that it cannot build. What it
// quotes of the file may hold a secret.
func unparsable(path string, err error) *DockerfileError {
	fault := &DockerfileError{Path: path, Err: err, Problem: "parsing: " + hidden(onLine.ReplaceAllString(err.Error(), ""))}
	var at *parser.LocationError
	if errors.As(err, &at) && len(at.Locations) > 0 && len(at.Locations[0]) > 0 {
		fault.Line = at.Locations[0][0].Start.Line
	}
	return fault
}

// onLine is what BuildKit says first, and the place says already.
var onLine = regexp.MustCompile(`^dockerfile parse error on line \d+: `)

// hidden is text that quotes a file, short and without secrets.
func hidden(text string) string {
	return clipped(secrets.Hide([]string{text}, nil)[0], 300)
}

// clipped cuts what would be a long part of a message.
func clipped(text string, longest int) string {
	runes := []rune(text)
	if len(runes) <= longest {
		return text
	}
	return string(runes[:longest]) + "..."
}
