package engine

import (
	"errors"
	"fmt"
	"io/fs"
	"time"
)

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
	if errors.Is(e.Err, fs.ErrPermission) {
		return "this user may not open the engine's socket: add it to the docker group and log in again, or run as root"
	}
	return "start the engine, set DOCKER_HOST to where it listens, or run image-budget doctor"
}

// Unsupported is something that the engine that answers cannot do.
type Unsupported struct {
	What string // such as "building with BuildKit"
	Host string
	Fix  string // what a user can do about it
}

func (e *Unsupported) Error() string {
	return "the engine at " + e.Host + " is no good for " + e.What
}

// Hint says what a user can do about it.
func (e *Unsupported) Hint() string { return e.Fix }

// ContainerFault is a container that cannot be created or started for a reason
// of its image's: no command, no such entrypoint, the wrong architecture.
type ContainerFault struct {
	Err error
}

func (e *ContainerFault) Error() string { return e.Err.Error() }
func (e *ContainerFault) Unwrap() error { return e.Err }

// BuildTimeout is a build that took longer than it may.
type BuildTimeout struct {
	After time.Duration
	Step  string // that was under way, such as "[3/4] RUN make"; may be empty
}

func (e *BuildTimeout) Error() string {
	text := fmt.Sprintf("the build was not done after %s", e.After)
	if e.Step != "" {
		text += ", in " + bound(e.Step)
	}
	return text
}

// Hint says what a user can do about it.
func (e *BuildTimeout) Hint() string {
	return "see that the instruction ends by itself, or set build.timeout in the budget file to more"
}

// BuildFault is a build that failed for a reason of its Dockerfile's or its
// context's. BuildKit may say where: in which step, and on which line.
type BuildFault struct {
	Step string // such as "[3/4] RUN make"; may be empty
	File string // base name of the Dockerfile; may be empty
	Line int    // in File; 0 when it is not known
	Err  error
}

func (e *BuildFault) Error() string {
	text := e.Err.Error()
	if e.Step != "" {
		text = e.Step + ": " + text
	}
	if e.Line != 0 {
		text = fmt.Sprintf("%s:%d: %s", e.File, e.Line, text)
	}
	return text
}
func (e *BuildFault) Unwrap() error { return e.Err }
