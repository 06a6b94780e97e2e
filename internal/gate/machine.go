package gate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/session"
	"github.com/image-budget/image-budget/internal/source"
	"github.com/image-budget/image-budget/internal/store"
)

// cleanUpTime is how long the gate may take to remove what it made, also after
// a signal.
const cleanUpTime = 5 * time.Second

// Options say how a Machine is set up.
type Options struct {
	CacheDir string // blobs, records and what runs have made; see store and session
	Tool     string // version of this tool, for the baseline
	NoRun    bool   // no container is run
	Progress io.Writer
	Turns    string // the file by which gates take turns at trials; empty for that of this machine

	Engine func(context.Context) (engine.Engine, error) // nil for the one of this machine
}

// Machine is what a run measures with: the cache, the record of what it made,
// and the engine, which is asked only when something needs it.
type Machine struct {
	Sources    source.Machine
	NoRun      bool
	ImportTime bool // after its trials an image is started once more, under Python's import timer

	tool    string
	turns   string
	session *session.Session
	dead    []*session.Record // of runs that were killed; see unsettled
	store   *store.Store
	engine  lazyEngine
	closing sync.Once
}

// Open sets up a Machine and removes what dead runs have left behind. Close it
// in any case.
func Open(ctx context.Context, o Options) (*Machine, error) {
	cache, err := store.Open(o.CacheDir, store.DefaultLimit)
	if err != nil {
		return nil, err
	}
	run, err := session.Start(o.CacheDir)
	if err != nil {
		return nil, errors.Join(err, cache.Close())
	}
	m := &Machine{NoRun: o.NoRun, tool: o.Tool, turns: cmp.Or(o.Turns, machineTurns()), session: run, store: cache}
	m.engine = lazyEngine{open: o.Engine, used: run.On}
	if o.Engine == nil {
		m.engine.open = Engine
	}
	m.Sources = source.Machine{Engine: m.engine.get, Store: cache, Session: run, Progress: o.Progress}
	if err := m.reap(ctx, o.CacheDir); err != nil {
		m.progress("cleaning up", "%v", err)
	}
	return m, nil
}

// Close removes whatever the run still has, and gives up after cleanUpTime:
// the next run goes on from its record. Only the first call does anything.
func (m *Machine) Close() (err error) {
	m.closing.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), cleanUpTime)
		defer cancel()
		err = errors.Join(m.remove(ctx, m.session), m.bury(ctx), m.session.Close(), m.engine.close(), m.store.Close())
	})
	return err
}

// Left lists what the run has made and not removed yet.
func (m *Machine) Left() []session.Thing { return m.session.Left() }

// progress writes one line about the named image.
func (m *Machine) progress(name, format string, args ...any) {
	// A progress line that cannot be written changes no verdict.
	_, _ = fmt.Fprintf(m.Sources.Progress, "%s: %s\n", name, fmt.Sprintf(format, args...))
}

// Transports is how IMAGE on the command line says where it is.
var Transports = source.Transports

// Engine opens the engine under test.
func Engine(ctx context.Context) (engine.Engine, error) { return engine.Open(ctx) }

// lazyEngine opens the engine once, on first use.
type lazyEngine struct {
	open func(context.Context) (engine.Engine, error)
	used func(host string) error // told which engine it is

	once  sync.Once
	held  engine.Engine
	about engine.About
	err   error
}

func (l *lazyEngine) get(ctx context.Context) (engine.Engine, error) {
	l.once.Do(func() { l.err = l.first(ctx) })
	return l.held, l.err
}

func (l *lazyEngine) first(ctx context.Context) (err error) {
	if l.held, err = l.open(ctx); err != nil {
		return err
	}
	if l.about, err = l.held.About(ctx); err != nil {
		return err
	}
	return l.used(l.about.Host)
}

func (l *lazyEngine) close() error {
	if l.held == nil {
		return nil
	}
	return l.held.Close()
}
