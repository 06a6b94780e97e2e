package gate

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/image-budget/image-budget/internal/session"
)

// made is a record of things to remove: this run's, or a dead one's.
type made interface {
	Left() []session.Thing
	Done(session.Kind, string) error
}

// reap removes what dead runs have left behind. Only names in their own
// records are touched: a label proves nothing, since images carry labels too.
func (m *Machine) reap(ctx context.Context, dir string) error {
	dead, err := session.Dead(dir)
	for _, record := range dead {
		if n := len(record.Left()); n > 0 {
			m.progress("cleaning up", "%d left by a run that was killed", n)
		}
		err = errors.Join(err, m.remove(ctx, record), record.Close())
	}
	return err
}

// remove takes the last made thing first: a container holds its image.
func (m *Machine) remove(ctx context.Context, record made) error {
	var errs []error
	left := record.Left()
	for i := len(left) - 1; i >= 0; i-- {
		thing := left[i]
		if err := m.removeThing(ctx, thing); err != nil {
			errs = append(errs, fmt.Errorf("removing %s %q: %w", thing.Kind, thing.Name, err))
			continue
		}
		errs = append(errs, record.Done(thing.Kind, thing.Name))
	}
	return errors.Join(errs...)
}

func (m *Machine) removeThing(ctx context.Context, thing session.Thing) error {
	if thing.Kind == session.Path {
		return os.RemoveAll(thing.Name)
	}
	at, err := m.engine.get(ctx)
	if err != nil {
		return err
	}
	if thing.Kind == session.Container {
		return at.RemoveContainer(ctx, thing.Name)
	}
	return at.RemoveImage(ctx, thing.Name)
}
