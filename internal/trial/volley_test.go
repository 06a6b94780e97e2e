package trial

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// reading is how far a time may be off on a machine that does other things too;
// on an idle one it is a few milliseconds. The answer of a later attempt than
// the first is off by a second and more.
const reading = 300 * time.Millisecond

// D12: the time of an app that takes long over every answer is that of its
// first answer, however long that is and whatever is asked beside it.
func TestProbeSlowAnswers(t *testing.T) {
	for _, takes := range []time.Duration{300 * time.Millisecond, 1050 * time.Millisecond, 2500 * time.Millisecond} {
		for _, tc := range []struct {
			name string
			lock sync.Locker
		}{
			{"many at once", unlocked{}},
			{"one at a time", &sync.Mutex{}},
		} {
			t.Run(fmt.Sprintf("%s, %s", takes, tc.name), func(t *testing.T) {
				t.Parallel()
				var first atomic.Pointer[time.Time]
				seen := probe(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
					now := time.Now()
					first.CompareAndSwap(nil, &now)
					tc.lock.Lock()
					defer tc.lock.Unlock()
					time.Sleep(takes)
				}), time.Minute)
				require.True(t, seen.ready, "%v", seen.last)
				require.Empty(t, seen.flaps)
				t.Logf("off by %s", seen.last.ended.Sub(first.Load().Add(takes)))
				require.WithinDuration(t, first.Load().Add(takes), seen.last.ended, reading)
				require.WithinDuration(t, *first.Load(), seen.opened, reading)
			})
		}
	}
}

type unlocked struct{}

func (unlocked) Lock()   {}
func (unlocked) Unlock() {}

// An app that takes a connection and forgets it answers the next one.
func TestProbeForgottenConnections(t *testing.T) {
	for _, tc := range []struct {
		name    string
		forgets func(n int, since time.Duration) bool // the n-th connection, from 1
		most    time.Duration                         // until it is ready
	}{
		{"the first", func(n int, _ time.Duration) bool { return n == 1 }, patience},
		{"the first two", func(n int, _ time.Duration) bool { return n <= 2 }, 2 * patience},
		{"all, for longer than may wait side by side", func(_ int, since time.Duration) bool { return since < atOnce*patience+patience/2 }, (atOnce + 1) * patience},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			begun := time.Now()
			n := 0
			address := forgetful(t, func() bool { n++; return tc.forgets(n, time.Since(begun)) })
			seen := asked(t, "http", address, time.Minute)
			require.True(t, seen.ready, "%v", seen.last)
			require.Empty(t, seen.flaps)
			require.Less(t, seen.last.ended.Sub(begun), tc.most+patience/2)
			require.WithinDuration(t, begun, seen.opened, reading, "it took the first connection")
		})
	}
}

// forgetful takes connections and keeps those that it forgets open.
func forgetful(t *testing.T, forgets func() bool) (address string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { _ = conn.Close() })
			if !forgets() {
				_, _ = http.ReadRequest(bufio.NewReader(conn))
				_, _ = fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
			}
		}
	}()
	return listener.Addr().String()
}

// An app that never answers is not asked by ever more at once.
func TestProbeAtOnce(t *testing.T) {
	t.Parallel()
	var now, most atomic.Int64
	seen := probe(t, http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
		if n := now.Add(1); n > most.Load() {
			most.Store(n)
		}
		<-req.Context().Done()
		now.Add(-1)
	}), 6*patience+patience/2)
	require.False(t, seen.ready)
	require.LessOrEqual(t, most.Load(), int64(atOnce+1), "one may not have noticed yet that it was broken off")
	require.GreaterOrEqual(t, most.Load(), int64(atOnce))
	require.Contains(t, seen.last.String(), "no complete answer within 6.5")
	require.Zero(t, seen.dropped)
}

type panics struct{}

func (panics) RoundTrip(*http.Request) (*http.Response, error) { panic("no such luck") }

// A fault of the gate's own is an error, and not the end of the process with
// nothing cleaned up.
func TestProbePanic(t *testing.T) {
	server := httptest.NewServer(answers(200))
	defer server.Close()
	p := newProber("http", server.Listener.Addr().String(), "/health")
	p.client.Transport = panics{}
	seen := p.untilReady(t.Context())
	require.False(t, seen.ready)
	require.EqualError(t, seen.err, "panic: no such luck")
}
