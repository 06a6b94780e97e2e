// Package source gets an image onto this disk, from wherever a budget or the
// command line says it is: built, pulled, in an engine, in an OCI layout, in
// an archive. Whatever the source, the layers are measured and checked in the
// same way, so that one image gives the same numbers from each of them. The
// package knows nothing of metrics, baselines or verdicts.
package source

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/layer"
	"github.com/image-budget/image-budget/internal/session"
	"github.com/image-budget/image-budget/internal/store"
)

// Machine is what a source works with.
type Machine struct {
	Engine   func(context.Context) (engine.Engine, error) // asked only by the sources that need one
	Store    *store.Store
	Session  *session.Session
	Progress io.Writer  // lines for a person
	Caps     layer.Caps // bound one image, whichever source it comes from

	// Index is set where only what the layers hold is wanted: what is on this
	// machine is then not packed and not kept, see layer.Options. Such an image has
	// no ContentsDigest, and is noted under no key.
	Index bool
}

// note remembers an image under the key that its source tells it by.
func (m Machine) note(key string, img *image.Image) error {
	if m.Index {
		return nil
	}
	return m.Store.PutImage(key, img)
}

// Kinds is every source a budget can name, by its key in the file.
var Kinds = []Kind{
	Build,
	Pull,
	Engine,
	OCI,
	Archive,
}

// Kind is one kind of source.
type Kind struct {
	Name  string
	Given func(budget.Source) bool // the budget names this kind
	Open  func(context.Context, budget.Budget, Machine) (*image.Image, error)
}

// Open gets the budget's image. An *InputError is the user's to mend; any
// other error is an image that cannot be measured.
func Open(ctx context.Context, b budget.Budget, at Machine) (*image.Image, error) {
	for _, kind := range Kinds {
		if kind.Given(b.Source) {
			img, err := kind.Open(ctx, b, at)
			if err != nil {
				return nil, err
			}
			return at.based(img, b.Source.Build), nil
		}
	}
	names := make([]string, len(Kinds))
	for i, kind := range Kinds {
		names[i] = kind.Name
	}
	return nil, inputErrorf("write one of "+strings.Join(names, ", "), "budget %q names no source", b.Name)
}

// say writes one line of progress.
func (m Machine) say(format string, args ...any) {
	if m.Progress != nil {
		// A progress line that cannot be written changes no number.
		_, _ = fmt.Fprintf(m.Progress, format+"\n", args...)
	}
}

// Limits on documents that are held in memory whole, in bytes.
const (
	manifestLimit = 4 << 20
	configLimit   = 8 << 20
)

// packing is part of every key under which something is remembered that was
// compressed here: another Go may compress to another size, and then the
// cache must not decide which one is reported.
var packing = runtime.Version()
