package engine

import (
	"context"
	"time"

	"github.com/docker/docker/api/types/container"
)

// pollInterval is how often a container is looked at where waiting for it is
// not to be trusted.
const pollInterval = 200 * time.Millisecond

// Exited waits with the condition next-exit, which the engine has noted by the
// time that the answer's header is here, so that an exit right after the start
// is not missed: https://docs.docker.com/reference/api/engine/ (ContainerWait).
func (d *dockerEngine) Exited(ctx context.Context, id string) <-chan Exit {
	exits := make(chan Exit, 1)
	if d.podman() { // its next-exit waits for ever when the container is quick
		go d.poll(ctx, id, exits)
		return exits
	}
	ended, faults := d.api.ContainerWait(ctx, id, container.WaitConditionNextExit)
	go func() {
		select {
		case end := <-ended:
			exits <- d.explain(ctx, id, int(end.StatusCode))
		case <-faults: // also when ctx is done
			d.poll(ctx, id, exits)
		}
	}()
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
		c, err := d.api.ContainerInspect(ctx, id)
		switch {
		case gone(err):
			exits <- Exit{Error: "the container is gone"}
			return
		case err == nil && ended(c.State):
			exits <- exitOf(c.State)
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
	c, err := d.api.ContainerInspect(ctx, id)
	if err != nil {
		return Exit{}, d.fault(err, "inspecting container %q", id)
	}
	return exitOf(c.State), nil
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
