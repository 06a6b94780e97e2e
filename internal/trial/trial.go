// Package trial runs timed trials of an image on an engine: one cold pull, or
// one cold start of a fresh container. It owns the embedded registry, the salt
// that makes a layer cold, the shaped link and the health probe, and removes
// whatever a trial makes however the trial ends. It knows nothing of where
// images come from, of baselines and of verdicts.
package trial

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/opencontainers/go-digest"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/metric"
	"github.com/image-budget/image-budget/internal/session"
)

// Options say what a Bench measures with.
type Options struct {
	Engine   engine.Engine
	Blobs    Blobs
	Session  *session.Session
	Link     budget.Link
	Health   budget.Health
	Run      budget.Run
	Starts   bool                   // starts are tried after pulls: one pulled copy of an image is kept for them
	Builds   map[*image.Image]Build // how images are built again; one that is not in it cannot be
	Progress io.Writer
}

// Bench runs trials on one engine, one at a time. It is not for concurrent use.
type Bench struct {
	Options
	registry  *registry
	host      string       // where the engine reaches the registry; empty until the first pull
	stop      func() error // ends the registry
	about     *engine.About
	made      int                      // names given so far
	delivered map[digest.Digest]string // by config digest, the reference under which the engine holds it
}

// Bench is what metrics are measured on.
var _ metric.Bench = (*Bench)(nil)

// New returns a Bench. Close it in any case.
func New(o Options) *Bench {
	if o.Progress == nil {
		o.Progress = io.Discard
	}
	return &Bench{Options: o, registry: &registry{}, delivered: map[digest.Digest]string{}}
}

// Close removes what the Bench still holds on the engine and ends its registry.
func (b *Bench) Close(ctx context.Context) error {
	var errs []error
	for config, ref := range b.delivered {
		errs = append(errs, b.removeImage(ctx, ref))
		delete(b.delivered, config)
	}
	if b.stop != nil {
		errs = append(errs, b.stop())
		b.stop = nil
		b.host = ""
	}
	return errors.Join(errs...)
}

// listen starts the registry once.
func (b *Bench) listen(ctx context.Context) error {
	if b.stop != nil {
		return nil
	}
	var err error
	b.host, b.stop, err = b.Engine.Serve(ctx, b.registry)
	if err != nil {
		return fmt.Errorf("serving the embedded registry: %w", err)
	}
	return nil
}

// self asks the engine once what it is.
func (b *Bench) self(ctx context.Context) (engine.About, error) {
	if b.about == nil {
		about, err := b.Engine.About(ctx)
		if err != nil {
			return engine.About{}, err
		}
		b.about = &about
	}
	return *b.about, nil
}

// name is a container name that nobody else has.
func (b *Bench) name() string {
	b.made++
	return fmt.Sprintf("image-budget-%s-%d", b.Session.Nonce(), b.made)
}

// repository is a repository and a tag that nobody else has.
func (b *Bench) repository(img *image.Image) (repo, tag string) {
	b.made++
	return b.Session.Nonce() + "/" + shortName(img.Reference), fmt.Sprint(b.made)
}

var notRepository = regexp.MustCompile(`[^a-z0-9]+`)

// shortName is the last part of a reference as a repository component, so that
// a person can tell what an image on the engine is a copy of.
func shortName(reference string) string {
	last := reference[strings.LastIndex(reference, "/")+1:]
	last, _, _ = strings.Cut(last, "@")
	last, _, _ = strings.Cut(last, ":")
	last = strings.Trim(notRepository.ReplaceAllString(strings.ToLower(last), "-"), "-")
	last = strings.TrimSuffix(last[:min(len(last), 40)], "-")
	return cmp.Or(last, "image")
}

// removeImage removes ref whatever has become of ctx, and says so in the
// session's record. What could not be removed stays recorded for the next run.
func (b *Bench) removeImage(ctx context.Context, ref string) error {
	ctx, cancel := outlive(ctx, time.Minute, 8*time.Second)
	defer cancel()
	if err := b.Engine.RemoveImage(ctx, ref); err != nil {
		return fmt.Errorf("removing image %q: %w", ref, err)
	}
	return b.Session.Done(session.Image, ref)
}

// outlive returns a context for cleaning up after work under ctx: it ends after
// limit, or a grace time after ctx has ended, whichever is first.
func outlive(ctx context.Context, limit, grace time.Duration) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	stop := context.AfterFunc(ctx, func() {
		if sleep(longer, grace) {
			cancel()
		}
	})
	return longer, func() { stop(); cancel() }
}
