package gate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/image-budget/image-budget/internal/baseline"
	"github.com/image-budget/image-budget/internal/session"
)

// made is a record of things to remove: this run's, or a dead one's.
type made interface {
	Left() []session.Thing
	Done(session.Kind, string) error
	RemovePath(string) error
}

// reapTime is how long a run may spend on what others left.
const reapTime = time.Minute

// reap removes what dead runs have left behind. Only names in their own
// records are touched: a label proves nothing, since images carry labels too.
func (m *Machine) reap(ctx context.Context, dir string) error {
	ctx, cancel := context.WithTimeout(ctx, reapTime)
	defer cancel()
	dead, err := session.Dead(dir)
	for _, record := range dead {
		ours, fault := m.reapRecord(ctx, record)
		if ours && fault == nil {
			m.dead = append(m.dead, record)
			continue
		}
		err = errors.Join(err, fault, record.Close())
	}
	return err
}

// reapRecord leaves a record alone whose things are on another engine: a run on
// that one will find it.
func (m *Machine) reapRecord(ctx context.Context, record *session.Record) (ours bool, err error) {
	left := len(record.Left())
	if left == 0 {
		return false, nil
	}
	if record.Host() != "" {
		if _, err := m.engine.get(ctx); err != nil {
			return false, err
		}
		if m.engine.about.Host != record.Host() {
			return false, nil
		}
	}
	m.progress("cleaning up", "%d left by a run that was killed", left)
	return true, m.remove(ctx, unsettled{record})
}

// unsettled is the record of a run that was killed a moment ago, it may be: the
// engine goes on with a build that it was asked for, and then has an image that was
// not there when it was looked for. So images stay in the record until bury.
type unsettled struct{ *session.Record }

// Done keeps images.
func (u unsettled) Done(kind session.Kind, name string) error {
	if kind == session.Image {
		return nil
	}
	return u.Record.Done(kind, name)
}

// bury looks once more, at the end of this run, for what dead ones left.
func (m *Machine) bury(ctx context.Context) error {
	var errs []error
	for _, record := range m.dead {
		errs = append(errs, m.remove(ctx, record), record.Close())
	}
	m.dead = nil
	return errors.Join(errs...)
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
		if err := baseline.Forget(ctx, thing.Name); err != nil {
			return err
		}
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
