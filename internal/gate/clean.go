package gate

import (
	"context"
	"errors"
	"fmt"

	"github.com/image-budget/image-budget/internal/session"
)

// made is a record of things to remove: this run's, or a dead one's.
type made interface {
	Left() []session.Thing
	Done(session.Kind, string) error
	RemovePath(string) error
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
		if err := m.removeThing(ctx, record, left[i]); err != nil {
			errs = append(errs, fmt.Errorf("removing %s %q: %w", left[i].Kind, left[i].Name, err))
		}
	}
	return errors.Join(errs...)
}

func (m *Machine) removeThing(ctx context.Context, record made, thing session.Thing) error {
	if thing.Kind == session.Path {
		return record.RemovePath(thing.Name)
	}
	at, err := m.engine.get(ctx)
	if err != nil {
		return err
	}
	switch thing.Kind {
	case session.Container:
		err = at.RemoveContainer(ctx, thing.Name)
	case session.Image:
		err = at.RemoveImage(ctx, thing.Name)
	}
	if err != nil {
		return err
	}
	return record.Done(thing.Kind, thing.Name)
}
