// Package report shows the result of a run. Every format is a function of a
// budget.Result and of nothing else: it judges nothing, and it must not know
// how an image was had or measured. Text from outside (image and metric names,
// reasons with log lines in them) is escaped here, where it leaves the gate.
package report

import (
	"io"

	"github.com/image-budget/image-budget/internal/budget"
)

// Formats is every format, in the order that help shows them.
var Formats = []Format{
	Text,
	JSON,
	Markdown,
	HTML,
}

// Format is one way to show a result.
type Format struct {
	Name  string // as --format and -o take it
	Help  string // what it is for, in a few words
	Write func(w io.Writer, r budget.Result, o Options) error
}

// Options say how a format may show a result. A format ignores what has no
// meaning for it.
type Options struct {
	Color   bool // ANSI colours, for a terminal only
	Width   int  // columns; 0 means 80
	Verbose bool // every sample, exact byte counts, digests
}

// Named finds a format by its name.
func Named(name string) (Format, bool) {
	for _, f := range Formats {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

// deliver writes a finished report at once. A report that was not written is
// an error, since a gate whose report is lost has not done its work; the caller
// knows where it was to go.
func deliver(w io.Writer, text []byte) error {
	n, err := w.Write(text)
	if err == nil && n < len(text) {
		err = io.ErrShortWrite
	}
	return err
}
