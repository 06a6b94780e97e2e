package trial

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/importtime"
)

const (
	// importLog has room for what is read of a log in the format that an engine
	// keeps it in, in which each line comes with its time.
	importLog = 3 * importtime.Limit

	// logDelay is how long the engine may take to get hold of what a container
	// has written.
	logDelay = 250 * time.Millisecond
)

// ImportTime starts img as Start does, with its Python timing its imports, and
// reports what those took up to the first 2xx answer. The timer takes time, so
// the start itself is no sample. Of a container that does not get that far it
// reports what was seen along with the *StartFault, which then has no log: the
// timer fills it.
func (b *Bench) ImportTime(ctx context.Context, img *image.Image) (seen importtime.Report, err error) {
	env := map[string]string{}
	maps.Copy(env, b.Run.Env)
	env[importtime.Variable] = "1"
	err = b.fresh(ctx, &start{image: img, env: env, logSize: importLog}, func(run *start) error {
		_, fault := run.measure(ctx)
		var notReady *StartFault
		if fault != nil && !errors.As(fault, &notReady) {
			return fault
		}
		if notReady != nil {
			notReady.Log = nil
		}
		var failed error
		seen, failed = run.imports(ctx)
		return errors.Join(fault, failed)
	})
	return seen, err
}

// imports reads the container's log.
func (s *start) imports(ctx context.Context) (importtime.Report, error) {
	_ = sleep(ctx, logDelay)
	var log importtime.Log
	if err := s.Engine.WriteLog(ctx, s.id, &log); err != nil {
		return importtime.Report{}, fmt.Errorf("reading the log of %q: %w", s.image.Reference, err)
	}
	return log.Report(), nil
}
