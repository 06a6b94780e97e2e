// Package enginetest holds the suite that every engine passes (Conformance) and
// an engine in memory (Fake) that passes it too, so that trials, sources and
// the gate can be tested without one. It knows nothing of any real engine.
package enginetest

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/image"
)

// Fake is an engine in memory with real HTTP around it. Its Pull pulls over
// HTTP from the registry that the reference names, downloads only layers whose
// diff ID it does not hold, and checks every digest. Its containers are Go HTTP
// handlers on loopback ports.
//
// What a container does is looked up in Programs by its command line, which is
// the image's entrypoint and command joined by spaces, or by the first word of
// it; a command that is not there is a missing entrypoint. So a test gives its
// image an entrypoint and says what that does:
//
//	fake := enginetest.New()
//	fake.Programs["/hello"] = enginetest.Program{Handler: enginetest.OK, Listen: 50 * time.Millisecond}
//	fake.Programs["/crash"] = enginetest.Program{Exit: &engine.Exit{Code: 3}, Log: []byte("no model\n")}
//	fake.Add("hello:dev", img) // img a v1.Image with Config.Entrypoint ["/hello"]
//
// Afterwards Containers and Images say what is left, Created what was asked for
// and Calls how often each method was called. Hook runs before every method and
// may fail it, block it, or cancel the test's context at that moment.
//
// Fields are set before the first call; methods may be called concurrently.
type Fake struct {
	Self     engine.About                                                                      // what About answers
	Programs map[string]Program                                                                // by command line, or its first word
	Builder  func(ctx context.Context, req engine.BuildRequest, w io.Writer) (v1.Image, error) // nil: builds fail
	Hook     func(ctx context.Context, method string) error                                    // method such as "Pull"

	mu         sync.Mutex
	calls      map[string]int
	images     map[string]v1.Image // by reference
	containers map[string]*container
	created    []engine.Container
	listening  int
}

// Fake is an engine.
var _ engine.Engine = (*Fake)(nil)

// New returns an engine that holds nothing.
func New() *Fake {
	return &Fake{
		Self: engine.About{
			Name: "Fake Engine", Version: "1.0", Store: "memory", APIVersion: "1.41",
			Platform:   image.Platform{OS: "linux", Architecture: "amd64"},
			ZstdLayers: true, BuildKit: true, Host: "memory", Local: true,
		},
		Programs:   map[string]Program{},
		calls:      map[string]int{},
		images:     map[string]v1.Image{},
		containers: map[string]*container{},
	}
}

// Calls is how often the method of that name was called.
func (f *Fake) Calls(method string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[method]
}

// Containers is the names of the containers there now, sorted.
func (f *Fake) Containers() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	names := []string{}
	for _, c := range f.containers {
		names = append(names, c.spec.Name)
	}
	slices.Sort(names)
	return names
}

// Created is every container ever asked for, in order.
func (f *Fake) Created() []engine.Container {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.created)
}

// Listening is how many registries are being served now.
func (f *Fake) Listening() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.listening
}

// About answers Self.
func (f *Fake) About(ctx context.Context) (engine.About, error) {
	if err := f.enter(ctx, "About"); err != nil {
		return engine.About{}, err
	}
	return f.Self, nil
}

// Serve listens on loopback.
func (f *Fake) Serve(ctx context.Context, registry http.Handler) (string, func() error, error) {
	if err := f.enter(ctx, "Serve"); err != nil {
		return "", nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: registry, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }()
	f.count(+1)
	stop := sync.OnceValue(func() error {
		f.count(-1)
		return server.Close()
	})
	return listener.Addr().String(), stop, nil
}

// Close forgets nothing, so that a test can look at what is left.
func (f *Fake) Close() error { return f.enter(context.Background(), "Close") }

func (f *Fake) count(by int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.listening += by
}

// enter counts the call and lets the hook and the context have their say.
func (f *Fake) enter(ctx context.Context, method string) error {
	f.mu.Lock()
	f.calls[method]++
	f.mu.Unlock()
	if f.Hook != nil {
		if err := f.Hook(ctx, method); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// errInUse is what removing an image in use gets.
var errInUse = errors.New("conflict: the image is used by a container")
