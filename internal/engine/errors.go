package engine

import "errors"

// ErrNoImage is matched by errors for a reference that the engine's store does
// not hold.
var ErrNoImage = errors.New("no such image in the engine")

// Unavailable is an engine that does not answer.
type Unavailable struct {
	Host string
	Err  error
}

func (e *Unavailable) Error() string {
	return "reaching the engine at " + e.Host + ": " + e.Err.Error()
}
func (e *Unavailable) Unwrap() error { return e.Err }

// Hint says what a user can do about it.
func (e *Unavailable) Hint() string {
	return "start the engine, set DOCKER_HOST to where it listens, or run image-budget doctor"
}

// ContainerFault is a container that cannot be created or started for a reason
// of its image's: no command, no such entrypoint, the wrong architecture.
type ContainerFault struct {
	Err error
}

func (e *ContainerFault) Error() string { return e.Err.Error() }
func (e *ContainerFault) Unwrap() error { return e.Err }
