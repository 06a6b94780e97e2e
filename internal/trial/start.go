package trial

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/metric"
	"github.com/image-budget/image-budget/internal/session"
)

// Start runs one cold start: a fresh container, timed from just before the
// engine's start call to the last byte of the first complete 2xx answer on the
// health path. It fails with *PortUnknown before anything is made, and with
// *StartFault when the container does not get that far.
func (b *Bench) Start(ctx context.Context, img *image.Image) (sample metric.Sample, err error) {
	err = b.fresh(ctx, &start{image: img, env: b.Run.Env}, func(run *start) (err error) {
		sample, err = run.measure(ctx)
		return err
	})
	return sample, err
}

// fresh makes a container for the start, hands it to do, and removes it however
// that ends.
func (b *Bench) fresh(ctx context.Context, run *start, do func(*start) error) (err error) {
	run.Bench, run.timeout = b, cmp.Or(b.Health.Timeout, time.Minute)
	if run.port, err = healthPort(b.Health, run.image); err != nil {
		return err
	}
	ref, err := b.held(ctx, run.image)
	if err != nil {
		return err
	}
	name := b.name()
	if err := b.Session.Will(session.Container, name); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.removeContainer(ctx, name)) }()
	if err := run.create(ctx, name, ref); err != nil {
		return err
	}
	return do(run)
}

// removeContainer kills and removes it whatever has become of ctx, and says so
// in the session's record.
func (b *Bench) removeContainer(ctx context.Context, name string) error {
	ctx, cancel := outlive(ctx, 20*time.Second, 5*time.Second)
	defer cancel()
	if err := b.Engine.RemoveContainer(ctx, name); err != nil {
		return fmt.Errorf("removing container %q: %w", name, err)
	}
	return b.Session.Done(session.Container, name)
}

// start is one cold start under way.
type start struct {
	*Bench
	image   *image.Image
	env     map[string]string
	logSize int64 // bytes of log that the engine keeps; 0 for what it keeps otherwise
	port    int
	timeout time.Duration
	id      string
	begun   time.Time     // just before the engine's start call
	call    time.Duration // what that call took
}

// create makes the container.
func (s *start) create(ctx context.Context, name, ref string) error {
	var err error
	s.id, err = s.Engine.Create(ctx, engine.Container{
		Name: name, Image: ref, Command: s.Run.Command, Env: s.env, Port: s.port, LogSize: s.logSize,
		Memory: int64(s.Run.Memory), CPUs: s.Run.CPUs, Strict: s.Run.Sandbox == budget.Strict,
		Labels:   map[string]string{"org.image-budget.session": s.Session.Nonce()}, // for people to read; nothing trusts it
		Platform: s.image.Platform,
	})
	return s.unstartable(err)
}

// measure starts the container and waits for the first 2xx, the container's
// end, the timeout or the end of ctx.
func (s *start) measure(ctx context.Context) (sample metric.Sample, err error) {
	limited, cancel := context.WithTimeout(ctx, s.timeout) // of the watch too, which is a call like any other
	defer cancel()
	exited := s.Engine.Exited(limited, s.id)

	s.begun = time.Now()
	if err := s.Engine.Start(limited, s.id); err != nil {
		return sample, s.unstarted(ctx, err)
	}
	s.call = time.Since(s.begun)
	address, err := s.Engine.Address(limited, s.id, s.port)
	if err != nil {
		return sample, s.unaddressed(ctx, err)
	}
	seen, exit := s.watch(limited, address, exited)
	switch {
	case seen.ready:
		return s.sample(seen, exit), nil
	case seen.err != nil:
		return sample, fmt.Errorf("probing %q: %w", s.image.Reference, seen.err)
	case ctx.Err() != nil:
		return sample, ctx.Err()
	}
	return sample, s.diagnose(ctx, seen)
}

// watch probes until the path is ready, the container has ended (exit is then
// set) or ctx is done.
func (s *start) watch(ctx context.Context, address string, exited <-chan engine.Exit) (seen probing, exit *engine.Exit) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan *engine.Exit, 1)
	go func() {
		defer cancel()
		select {
		case end, ok := <-exited:
			if ok {
				ended <- &end
				return
			}
			<-ctx.Done() // the engine lost sight of it: the probe and the timeout decide
		case <-ctx.Done():
		}
		ended <- nil
	}()
	seen = newProber(cmp.Or(s.Health.Scheme, "http"), address, cmp.Or(s.Health.Path, "/health")).untilReady(ctx)
	cancel()
	return seen, <-ended
}

func (s *start) sample(seen probing, exit *engine.Exit) metric.Sample {
	total := seen.last.ended.Sub(s.begun)
	open := max(0, seen.opened.Sub(s.begun)-s.call)
	sample := metric.Sample{Total: total, Phases: []time.Duration{s.call, open, total - s.call - open}}
	switch {
	case exit != nil:
		sample.Notes = []string{fmt.Sprintf("the container exited with code %d right after its first 2xx answer", exit.Code)}
	case seen.flaps != "":
		sample.Notes = []string{"the health path flaps: after its first 2xx answer, " + seen.flaps}
	}
	return sample
}
