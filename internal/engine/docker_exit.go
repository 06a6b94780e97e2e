package engine

import (
	"context"
	"errors"
	"time"

	"github.com/docker/docker/api/types/container"
)

// pollInterval is how often a container is looked at where waiting for it is
// not to be trusted.
const pollInterval = 200 * time.Millisecond

// notedTime is how long a wait may take to be noted.
const notedTime = 2 * time.Second

// Exited waits with the condition next-exit, which Docker Engine has noted by
// the time that the answer's header is here, so that an exit right after the
// start is not missed. The API's documentation does not promise that header
// before the end, and a proxy may hold it back: then the container is looked at
// over and over. https://docs.docker.com/reference/api/engine/ (ContainerWait).
func (d *dockerEngine) Exited(ctx context.Context, id string) <-chan Exit {
	exits := make(chan Exit, 1)
	if d.podman() { // its next-exit waits for ever when the container is quick
		go d.poll(ctx, id, exits)
		return exits
	}
	waiting, giveUp := context.WithCancel(ctx)
	noted := make(chan struct{})
	go func() {
		defer giveUp()
		ended, faults := d.api.ContainerWait(waiting, id, container.WaitConditionNextExit)
		close(noted)
		select {
		case end := <-ended:
			exits <- d.explain(ctx, id, int(end.StatusCode))
		case <-faults: // also when ctx is done
			d.poll(ctx, id, exits)
		}
	}()
	limit := time.NewTimer(notedTime)
	defer limit.Stop()
	select {
	case <-noted:
	case <-limit.C:
		giveUp()
	}
	return exits
}

// poll closes exits when ctx is done, and else sends how the container ended.
func (d *dockerEngine) poll(ctx context.Context, id string, exits chan<- Exit) {
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			close(exits)
			return
		case <-tick.C:
		}
		state, err := d.state(ctx, id)
		switch {
		case gone(err):
			exits <- Exit{Error: "the container is gone"}
			return
		case err == nil && ended(state):
			exits <- exitOf(state)
			return
		}
	}
}

// explain adds to an exit code what only inspecting tells.
func (d *dockerEngine) explain(ctx context.Context, id string, code int) Exit {
	exit, err := d.Exit(ctx, id)
	if err != nil {
		return Exit{Code: code}
	}
	exit.Running, exit.Code = false, code
	return exit
}

func (d *dockerEngine) Exit(ctx context.Context, id string) (Exit, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	state, err := d.state(ctx, id)
	if err != nil {
		return Exit{}, d.fault(err, "inspecting container %q", id)
	}
	return exitOf(state), nil
}

// state is never nil without an error, whatever the engine answers.
func (d *dockerEngine) state(ctx context.Context, id string) (*container.State, error) {
	c, err := d.api.ContainerInspect(ctx, id)
	if err == nil && (c.ContainerJSONBase == nil || c.State == nil) {
		err = errors.New("the engine says nothing of its state")
	}
	if err != nil {
		return nil, err
	}
	return c.State, nil
}

func exitOf(state *container.State) Exit {
	return Exit{Running: state.Running, Code: state.ExitCode, OOMKilled: state.OOMKilled, Error: bound(state.Error)}
}

// ended is not the same as not running: a container that was never started has
// not ended. It does not go by the status, which is "exited" on Docker and may
// stay "stopped" on Podman.
func ended(state *container.State) bool {
	started, err := time.Parse(time.RFC3339Nano, state.StartedAt)
	return err == nil && !started.IsZero() && !state.Running && !state.Restarting
}

// awaitGone waits for a removal that is under way.
func (d *dockerEngine) awaitGone(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for {
		if _, err := d.api.ContainerInspect(ctx, id); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
