package budget

import (
	"fmt"
	"strconv"
	"unicode/utf8"
)

// FileError is a fault of a budget or baseline file, or of the folder that
// holds them. Everything in this package that reads files returns it.
type FileError struct {
	Path         string
	Line, Column int    // from 1; 0 when the fault is of the file as a whole
	Problem      string // what is wrong, without the place
	Accepted     string // what to write or do instead, as an order; may be empty
	Err          error  // the cause, where the operating system gave one
}

func (e *FileError) Error() string {
	where := e.Path
	if e.Line > 0 {
		where += ":" + strconv.Itoa(e.Line)
		if e.Column > 0 {
			where += ":" + strconv.Itoa(e.Column)
		}
	}
	return where + ": " + e.Problem
}

func (e *FileError) Unwrap() error { return e.Err }

// Hint says what to write or do instead.
func (e *FileError) Hint() string { return e.Accepted }

// UserFault marks the error as one of the user's own files.
func (e *FileError) UserFault() {}

// quoted shows text from a file in an error, cut to a length a line can take.
func quoted(s string) string {
	const longest = 60
	if len(s) <= longest {
		return fmt.Sprintf("%q", s)
	}
	cut := longest
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return fmt.Sprintf("%q...", s[:cut])
}
