package trial

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// answers is a handler that gives each status once and then the last for ever.
func answers(statuses ...int) http.HandlerFunc {
	var n atomic.Int64
	return func(w http.ResponseWriter, _ *http.Request) {
		i := min(int(n.Add(1)), len(statuses)) - 1
		w.WriteHeader(statuses[i])
	}
}

// redirects answers /health with a redirect and then hops more of them.
func redirects(hops int) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		at := len(strings.Trim(req.URL.Path, "/")) - len("health")
		if at < hops {
			http.Redirect(w, req, "/health"+strings.Repeat("x", at+1), http.StatusFound)
		}
	}
}

// probe asks handler for /health until it is ready or wait has passed.
func probe(t *testing.T, handler http.Handler, wait time.Duration) probing {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return asked(t, "http", server.Listener.Addr().String(), wait)
}

func asked(t *testing.T, scheme, address string, wait time.Duration) probing {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), wait)
	defer cancel()
	begun := time.Now()
	seen := newProber(scheme, address, "/health").untilReady(ctx)
	require.Less(t, time.Since(begun), wait+5*time.Second, "never a hang")
	return seen
}

func TestProbeReady(t *testing.T) {
	elsewhere := httptest.NewServer(answers(200))
	defer elsewhere.Close()
	for _, tc := range []struct {
		name    string
		handler http.Handler
		flaps   string
	}{
		{"200", answers(200), ""},
		{"204", answers(204), ""},
		{"D12: 503 then 200", answers(503, 503, 200), ""},
		{"404 then 200", answers(404, 200), ""},
		{"D19: flaps at once", answers(200, 503, 200), "it answered 503 Service Unavailable"},
		{"D19: flaps later", answers(200, 200, 500, 200), "it answered 500 Internal Server Error"},
		{"D19: no flap after the second probe", answers(200, 200, 200, 503), ""},
		{"D19: ten redirects on the same host", redirects(hopLimit), ""},
		{"body of 10 KiB", body(bodyLimit), ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			seen := probe(t, tc.handler, timeLimit)
			require.True(t, seen.ready, "%v", seen.last)
			require.Equal(t, tc.flaps, seen.flaps)
			require.False(t, seen.opened.IsZero())
		})
	}
}

func TestProbeNotReady(t *testing.T) {
	elsewhere := httptest.NewServer(answers(200))
	defer elsewhere.Close()
	for _, tc := range []struct {
		name    string
		handler http.HandlerFunc
		last    string
	}{
		{"always 503", answers(503), "it answered 503 Service Unavailable"},
		{"not modified", answers(304), "it answered 304 Not Modified"},
		{"D19: eleven redirects", redirects(hopLimit + 1), "redirected more than 10 times"},
		{"D19: redirect to another port", func(w http.ResponseWriter, req *http.Request) {
			http.Redirect(w, req, elsewhere.URL+"/health", http.StatusFound)
		}, "redirected to another host"},
		{"D19: redirect to another name", func(w http.ResponseWriter, req *http.Request) {
			http.Redirect(w, req, "http://health.invalid/", http.StatusFound)
		}, `redirected to another host, "health.invalid"`},
		{"body over 10 KiB", body(bodyLimit + 1), "the 200 answer has more than 10240 bytes"},
		{"D19: endless body", func(w http.ResponseWriter, _ *http.Request) {
			for {
				if _, err := w.Write(make([]byte, 1<<10)); err != nil {
					return
				}
			}
		}, "the 200 answer has more than 10240 bytes"},
		{"body cut short", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("ok"))
		}, "reading the 200 answer: unexpected EOF"},
		{"D19: body that never ends", func(w http.ResponseWriter, req *http.Request) {
			_, _ = w.Write([]byte("o"))
			_ = http.NewResponseController(w).Flush()
			<-req.Context().Done()
		}, "no complete answer within"},
		{"takes the connection and says nothing", func(_ http.ResponseWriter, req *http.Request) {
			<-req.Context().Done()
		}, "no complete answer within"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			seen := probe(t, tc.handler, 400*time.Millisecond)
			require.False(t, seen.ready)
			require.Contains(t, seen.last.String(), tc.last)
			require.False(t, seen.opened.IsZero(), "something listens")
		})
	}
}

// D12: a port that takes connections while nothing listens behind it is not open.
func TestProbeTellsAnOpenPort(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = listener.Close() }()
	const early = 100 * time.Millisecond
	opens := time.Now().Add(early)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			if time.Now().After(opens) {
				_, _ = fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
			}
			_ = conn.Close()
		}
	}()
	seen := asked(t, "http", listener.Addr().String(), timeLimit)
	require.True(t, seen.ready)
	require.Positive(t, seen.dropped)
	require.WithinRange(t, seen.opened, opens.Add(-pollEvery), opens.Add(time.Second))
}

// D14 and a port that nobody listens on: every attempt is dropped.
func TestProbeDropped(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())
	seen := asked(t, "http", address, 100*time.Millisecond)
	require.Equal(t, seen.attempts, seen.dropped)
	require.Greater(t, seen.attempts, 3)
	require.True(t, seen.opened.IsZero())
}

// D15: the runner's proxy is never asked.
func TestProbeUsesNoProxy(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the proxy was asked") }))
	defer proxy.Close()
	for _, key := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"} {
		t.Setenv(key, proxy.URL)
	}
	require.True(t, probe(t, answers(200), timeLimit).ready)
	require.Nil(t, newProber("http", "192.0.2.1:80", "/").client.Transport.(*http.Transport).Proxy)
}

// D20: an app may serve HTTPS with a certificate of its own.
func TestProbeHTTPS(t *testing.T) {
	server := httptest.NewUnstartedServer(answers(200))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	address := server.Listener.Addr().String()
	require.True(t, asked(t, "https", address, timeLimit).ready)
	seen := asked(t, "http", address, 50*time.Millisecond)
	require.False(t, seen.ready)
	require.Equal(t, "it answered 400 Bad Request", seen.last.String())
}

// Each attempt has a connection of its own: what a kept one answers is not cold.
func TestProbeKeepsNoConnection(t *testing.T) {
	var conns atomic.Int64
	server := httptest.NewUnstartedServer(answers(503, 503, 200))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			conns.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	require.True(t, asked(t, "http", server.Listener.Addr().String(), timeLimit).ready)
	require.EqualValues(t, 3+confirmTimes, conns.Load())
}

func body(size int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, size)) }
}
