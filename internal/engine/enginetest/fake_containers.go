package enginetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"slices"
	"strings"
	"time"

	"github.com/image-budget/image-budget/internal/engine"
)

// killed is the exit of a container that is removed while it runs.
var killed = engine.Exit{Code: 137}

type container struct {
	spec    engine.Container
	program Program
	command []string
	server  *httptest.Server // nil until it is started
	started bool
	ended   chan struct{} // closed when exit is set for good
	exit    engine.Exit
}

// Create looks up what the container will do.
func (f *Fake) Create(ctx context.Context, spec engine.Container) (string, error) {
	if err := f.enter(ctx, "Create"); err != nil {
		return "", err
	}
	img, err := f.find(spec.Image)
	if err != nil {
		return "", fmt.Errorf("creating container %q: %w", spec.Name, err)
	}
	config, err := img.ConfigFile()
	if err != nil {
		return "", err
	}
	command := spec.Command
	if len(command) == 0 {
		command = config.Config.Cmd
	}
	command = append(slices.Clone(config.Config.Entrypoint), command...)
	if len(command) == 0 {
		return "", &engine.ContainerFault{Err: fmt.Errorf("creating container %q: no command specified", spec.Name)}
	}

	f.mu.Lock()
	defer f.mu.Unlock()
	for _, other := range f.containers {
		if other.spec.Name == spec.Name {
			return "", fmt.Errorf("creating container %q: conflict: the name is in use", spec.Name)
		}
	}
	f.created = append(f.created, spec)
	id := fmt.Sprintf("%064x", len(f.created))
	f.containers[id] = &container{spec: spec, program: f.program(command), command: command, ended: make(chan struct{})}
	return id, nil
}

// program is called with the lock held.
func (f *Fake) program(command []string) Program {
	if p, ok := f.Programs[strings.Join(command, " ")]; ok {
		return p
	}
	if p, ok := f.Programs[command[0]]; ok {
		return p
	}
	return Program{Fault: fmt.Sprintf("exec: %q: no such file or directory", command[0])}
}

// Start starts the program.
func (f *Fake) Start(ctx context.Context, id string) error {
	if err := f.enter(ctx, "Start"); err != nil {
		return err
	}
	c, err := f.container(id)
	if err != nil {
		return err
	}
	if c.program.Fault != "" {
		return &engine.ContainerFault{Err: fmt.Errorf("starting container %q: %s", c.spec.Name, c.program.Fault)}
	}
	select {
	case <-time.After(c.program.Start):
	case <-ctx.Done():
		return ctx.Err()
	}
	server, err := c.program.serve()
	if err != nil {
		return err
	}
	f.mu.Lock()
	c.server, c.started = server, true
	f.mu.Unlock()
	if c.program.Exit != nil {
		go func() {
			select {
			case <-time.After(c.program.Life):
				f.end(c, *c.program.Exit)
			case <-c.ended:
			}
		}()
	}
	return nil
}

// end settles how the container ended; only the first call counts.
func (f *Fake) end(c *container, exit engine.Exit) {
	f.mu.Lock()
	defer f.mu.Unlock()
	select {
	case <-c.ended:
		return
	default:
	}
	c.exit = exit
	close(c.ended)
	if c.server != nil {
		c.server.CloseClientConnections()
		go c.server.Close()
	}
}

// Address is the loopback port of the program.
func (f *Fake) Address(ctx context.Context, id string, port int) (string, error) {
	if err := f.enter(ctx, "Address"); err != nil {
		return "", err
	}
	c, err := f.container(id)
	if err != nil {
		return "", err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if c.server == nil || port != c.spec.Port {
		return "", fmt.Errorf("finding the address of container %q: port %d is not published", c.spec.Name, port)
	}
	return c.server.Listener.Addr().String(), nil
}

// Exited waits for the end.
func (f *Fake) Exited(ctx context.Context, id string) <-chan engine.Exit {
	exits := make(chan engine.Exit, 1)
	if err := f.enter(ctx, "Exited"); err != nil {
		close(exits)
		return exits
	}
	c, err := f.container(id)
	if err != nil {
		exits <- engine.Exit{Error: err.Error()}
		return exits
	}
	go func() {
		select {
		case <-c.ended:
			exits <- f.stands(c)
		case <-ctx.Done():
			close(exits)
		}
	}()
	return exits
}

// Exit is how it stands.
func (f *Fake) Exit(ctx context.Context, id string) (engine.Exit, error) {
	if err := f.enter(ctx, "Exit"); err != nil {
		return engine.Exit{}, err
	}
	c, err := f.container(id)
	if err != nil {
		return engine.Exit{}, err
	}
	return f.stands(c), nil
}

func (f *Fake) stands(c *container) engine.Exit {
	f.mu.Lock()
	defer f.mu.Unlock()
	select {
	case <-c.ended:
		return c.exit
	default:
		return engine.Exit{Running: c.started}
	}
}

// Logs is the end of what the program prints.
func (f *Fake) Logs(ctx context.Context, id string, limit int) ([]byte, error) {
	if err := f.enter(ctx, "Logs"); err != nil {
		return nil, err
	}
	c, err := f.container(id)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if !c.started {
		return nil, nil
	}
	log := c.program.Log
	return slices.Clone(log[max(0, len(log)-limit):]), nil
}

// WriteLog is all that the program prints.
func (f *Fake) WriteLog(ctx context.Context, id string, w io.Writer) error {
	if err := f.enter(ctx, "WriteLog"); err != nil {
		return err
	}
	c, err := f.container(id)
	if err != nil {
		return err
	}
	f.mu.Lock()
	started := c.started
	f.mu.Unlock()
	if !started {
		return nil
	}
	_, err = w.Write(c.program.Log)
	return err
}

// RemoveContainer ends it and forgets it; id may also be its name.
func (f *Fake) RemoveContainer(ctx context.Context, id string) error {
	if err := f.enter(ctx, "RemoveContainer"); err != nil {
		return err
	}
	c, err := f.container(id)
	if err != nil {
		return nil
	}
	f.end(c, killed)
	f.mu.Lock()
	defer f.mu.Unlock()
	for key, other := range f.containers {
		if other == c {
			delete(f.containers, key)
		}
	}
	return nil
}

var errNoContainer = errors.New("no such container")

func (f *Fake) container(id string) (*container, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for key, c := range f.containers {
		if key == id || c.spec.Name == id {
			return c, nil
		}
	}
	return nil, fmt.Errorf("finding container %q: %w", id, errNoContainer)
}
