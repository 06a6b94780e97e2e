package engine

import (
	"context"
	"errors"
)

// Engines is every engine the gate knows, in the order in which they are tried.
var Engines = []Kind{
	{Name: "docker", Open: OpenDocker},
}

// Kind is a kind of engine and how to reach the one that this machine or its
// environment names.
type Kind struct {
	Name string
	Open func(context.Context) (Engine, error)
}

// Open returns the first engine that answers. When none does, the error is
// that of all of them, each an *Unavailable.
func Open(ctx context.Context) (Engine, error) {
	var faults []error
	for _, kind := range Engines {
		e, err := kind.Open(ctx)
		if err == nil {
			return e, nil
		}
		faults = append(faults, err)
	}
	return nil, errors.Join(faults...)
}
