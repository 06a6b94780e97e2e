package trial

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
)

// timeLimit is for what would otherwise hang; no test waits for it to pass.
const timeLimit = 30 * time.Second

// sink is an http.ResponseWriter whose ReadFrom would go around the link.
type sink struct {
	silentWriter
	size int64
}

func (s *sink) Write(p []byte) (int, error)         { s.size += int64(len(p)); return len(p), nil }
func (s *sink) ReadFrom(r io.Reader) (int64, error) { return io.Copy(&s.silentWriter, r) }

func answering(size int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.Copy(w, bytes.NewReader(make([]byte, size)))
	})
}

func TestLinkHoldsItsRate(t *testing.T) {
	for _, tc := range []struct {
		name  string
		link  budget.Link
		size  int
		conns int
		want  time.Duration
	}{
		{"unlimited", budget.Link{}, 10_000_000, 1, 0},
		{"latency only", budget.Link{Latency: 40 * time.Millisecond}, 10_000_000, 1, 40 * time.Millisecond},
		{"10 Mbit/s", budget.Link{Bandwidth: 10_000_000}, 1_250_000, 1, time.Second},
		{"80 Mbit/s", budget.Link{Bandwidth: 80_000_000}, 20_000_000, 1, 2 * time.Second},
		{"1 Gbit/s", budget.Link{Bandwidth: 1_000_000_000}, 125_000_000, 1, time.Second},
		{"9.6 kbit/s", budget.Link{Bandwidth: 9600}, 1200, 1, time.Second},
		{"shared by three", budget.Link{Bandwidth: 80_000_000, Latency: 10 * time.Millisecond}, 10_000_000, 3, 3010 * time.Millisecond},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				handler := newLink(tc.link).through(answering(tc.size))
				begun := time.Now()
				var all sync.WaitGroup
				for range tc.conns {
					all.Go(func() {
						w := &sink{}
						handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
						require.EqualValues(t, tc.size, w.size)
					})
				}
				all.Wait()
				require.InDelta(t, tc.want.Seconds(), time.Since(begun).Seconds(), 0.001)
			})
		})
	}
}

// Time in which nothing was asked for gives no credit.
func TestLinkForgetsIdleTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		handler := newLink(budget.Link{Bandwidth: 8_000_000}).through(answering(100_000))
		for range 3 {
			begun := time.Now()
			handler.ServeHTTP(&sink{}, httptest.NewRequest(http.MethodGet, "/", nil))
			require.InDelta(t, 0.1, time.Since(begun).Seconds(), 0.001)
			time.Sleep(50 * time.Millisecond)
		}
	})
}

// A pause of the process is made up for; one of the reader only to catchUp.
func TestLinkCatchesUp(t *testing.T) {
	for stall, want := range map[time.Duration]time.Duration{
		30 * time.Millisecond: time.Second,
		time.Second:           time.Second + time.Second - catchUp,
	} {
		t.Run(stall.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				handler := newLink(budget.Link{Bandwidth: 8_000_000}).through(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					for i := range 10 {
						_, _ = w.Write(make([]byte, 100_000))
						if i == 4 {
							time.Sleep(stall)
						}
					}
				}))
				begun := time.Now()
				handler.ServeHTTP(&sink{}, httptest.NewRequest(http.MethodGet, "/", nil))
				require.InDelta(t, want.Seconds(), time.Since(begun).Seconds(), 0.001)
			})
		})
	}
}

// The same on real connections of a machine that does other things too.
func TestLinkOverLoopback(t *testing.T) {
	for _, rate := range []budget.Bandwidth{10_000_000, 80_000_000, 1_000_000_000} {
		t.Run(rate.String(), func(t *testing.T) {
			const want = 600 * time.Millisecond
			size := int(float64(rate) / 8 * want.Seconds())
			server := httptest.NewServer(newLink(budget.Link{Bandwidth: rate}).through(answering(size)))
			defer server.Close()
			begun := time.Now()
			answer, err := http.Get(server.URL)
			require.NoError(t, err)
			n, err := io.Copy(io.Discard, answer.Body)
			took := time.Since(begun)
			require.NoError(t, err)
			require.NoError(t, answer.Body.Close())
			require.EqualValues(t, size, n)
			t.Logf("%d bytes in %s, %.1f %% off", n, took, 100*(took.Seconds()/want.Seconds()-1))
			require.GreaterOrEqual(t, took, want-2*time.Millisecond, "never faster than the link")
			require.Less(t, took, 3*want)
		})
	}
}
