package enginetest

import (
	"net"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/image-budget/image-budget/internal/engine"
)

// Program is what a container of a Fake does. The zero Program runs until it is
// removed and listens to nothing.
type Program struct {
	Handler func() http.Handler // made anew for every container; nil listens to nothing
	TLS     bool                // with a certificate nobody signed
	Start   time.Duration       // what the engine's start call takes
	Listen  time.Duration       // from the end of the start call until it listens
	Life    time.Duration       // from the end of the start call until Exit, when there is one
	Exit    *engine.Exit        // nil: it runs until it is removed
	Fault   string              // when not empty, starting fails with a ContainerFault of this text
	Log     []byte              // everything it prints
}

// OK answers 200 to everything.
func OK() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
}

// UnreadyFor answers 503 for that long after its container was started, then as next.
func UnreadyFor(d time.Duration, next func() http.Handler) func() http.Handler {
	return func() http.Handler {
		begun, handler := time.Now(), next()
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if time.Since(begun) < d {
				http.Error(w, "warming up", http.StatusServiceUnavailable)
				return
			}
			handler.ServeHTTP(w, r)
		})
	}
}

// serve opens the program's port. Like a published port of a real engine it
// takes connections at once and drops them while nothing listens behind it.
func (p Program) serve() (*httptest.Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	late := &lateListener{Listener: listener, ready: time.Now().Add(p.Listen), never: p.Handler == nil}
	handler := http.NotFoundHandler()
	if p.Handler != nil {
		handler = p.Handler()
	}
	server := &httptest.Server{Listener: late, Config: &http.Server{Handler: handler}}
	if p.TLS {
		server.StartTLS()
	} else {
		server.Start()
	}
	return server, nil
}

type lateListener struct {
	net.Listener
	ready time.Time
	never bool
}

func (l *lateListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil || (!l.never && !time.Now().Before(l.ready)) {
			return conn, err
		}
		_ = conn.Close()
	}
}
