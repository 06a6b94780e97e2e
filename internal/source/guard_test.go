package source

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func answer(status int, header http.Header, body io.Reader) *http.Response {
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(body)}
}

func get(t *testing.T, g *guard, url string) (*http.Response, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	return (&http.Client{Transport: g}).Do(req)
}

// A6, A15: which answers are asked for again, and when.
func TestRetry(t *testing.T) {
	after := func(value string) http.Header { return http.Header{"Retry-After": {value}} }
	cases := []struct {
		name     string
		status   int
		header   http.Header
		tries    int
		min, max time.Duration // of all waits together
	}{
		{"A15 500", 500, nil, 5, 7500 * time.Millisecond, 15 * time.Second},
		{"A15 502", 502, nil, 5, 7500 * time.Millisecond, 15 * time.Second},
		{"A15 503", 503, nil, 5, 7500 * time.Millisecond, 15 * time.Second},
		{"A15 504", 504, nil, 5, 7500 * time.Millisecond, 15 * time.Second},
		{"A15 408", 408, nil, 5, 7500 * time.Millisecond, 15 * time.Second},
		{"A15 400", 400, nil, 1, 0, 0},
		{"A15 401", 401, nil, 1, 0, 0},
		{"A15 403", 403, nil, 1, 0, 0},
		{"A15 404", 404, nil, 1, 0, 0},
		{"A6 seconds", 429, after("4"), 5, 16 * time.Second, 16 * time.Second},
		{"A6 a date", 429, after("Sat, 01 Jan 2000 00:00:20 GMT"), 5, 20 * time.Second, 40 * time.Second},
		{"A6 too long", 429, after("1000000000"), 5, 4 * time.Minute, 4 * time.Minute},
		{"A6 longer than any number", 429, after("99999999999999999999"), 5, 4 * time.Minute, 4 * time.Minute},
		{"A6 negative", 429, after("-4"), 5, 7500 * time.Millisecond, 15 * time.Second},
		{"A6 garbage", 429, after("soon"), 5, 7500 * time.Millisecond, 15 * time.Second},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tries, start := 0, time.Now()
				g := newGuard(roundTripper(func(*http.Request) (*http.Response, error) {
					tries++
					return answer(c.status, c.header, strings.NewReader("no")), nil
				}))
				resp, err := get(t, g, "https://registry.test/v2/")
				require.NoError(t, err)
				require.NoError(t, resp.Body.Close())
				require.Equal(t, c.tries, tries)
				require.GreaterOrEqual(t, time.Since(start), c.min)
				require.LessOrEqual(t, time.Since(start), c.max)
			})
		})
	}
}

func TestRetryOfAToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var bodies []string
		g := newGuard(roundTripper(func(r *http.Request) (*http.Response, error) {
			body, err := io.ReadAll(r.Body)
			require.NoError(t, err)
			bodies = append(bodies, string(body))
			if len(bodies) == 1 {
				return nil, io.ErrUnexpectedEOF
			}
			return answer(200, nil, strings.NewReader("{}")), nil
		}))
		resp, err := (&http.Client{Transport: g}).Post("https://auth.test/token", "text/plain", strings.NewReader("scope=pull"))
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, []string{"scope=pull", "scope=pull"}, bodies)
	})
}

// A5: no header, or a body that stalls; a slow one that goes on is waited for.
func TestIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		g := newGuard(roundTripper(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}))
		_, err := get(t, g, "https://registry.test/v2/")
		require.ErrorContains(t, err, "the registry has sent nothing for 30s")
		require.Equal(t, 30*time.Second, time.Since(start))
	})
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		g := newGuard(roundTripper(func(r *http.Request) (*http.Response, error) {
			return answer(200, nil, &slow{ctx: r.Context(), left: 10, every: 20 * time.Second}), nil
		}))
		resp, err := get(t, g, "https://registry.test/v2/x/blobs/y")
		require.NoError(t, err)
		body, err := io.ReadAll(resp.Body)
		require.ErrorContains(t, err, "the registry has sent nothing for 30s")
		require.Len(t, body, 10)
		require.Equal(t, 230*time.Second, time.Since(start))
		require.NoError(t, resp.Body.Close())
	})
}

// slow sends a byte now and then, and then no more.
type slow struct {
	ctx   context.Context
	left  int
	every time.Duration
}

func (s *slow) Read(p []byte) (int, error) {
	if s.left == 0 {
		<-s.ctx.Done()
		return 0, s.ctx.Err()
	}
	s.left--
	time.Sleep(s.every)
	return copy(p, "x"), nil
}

// A8: from https there is no way to http.
func TestNoWayToPlainHTTP(t *testing.T) {
	g := newGuard(roundTripper(func(r *http.Request) (*http.Response, error) {
		return answer(307, http.Header{"Location": {"http://127.0.0.1:1/"}}, strings.NewReader("")), nil
	}))
	_, err := get(t, g, "https://registry.test/v2/x/blobs/y")
	require.ErrorContains(t, err, "refusing a redirect from https to http")
}

// A13: an answer that is no blob is cut off, a blob is not.
func TestLimits(t *testing.T) {
	for path, limit := range map[string]int64{"/token": 1 << 20, "/v2/x/manifests/y": 4 << 20, "/v2/x/blobs/y": 0} {
		for _, size := range []int64{limit, limit + 1} {
			g := newGuard(roundTripper(func(*http.Request) (*http.Response, error) {
				return answer(200, nil, io.LimitReader(zeros{}, size)), nil
			}))
			resp, err := get(t, g, "https://registry.test"+path)
			require.NoError(t, err)
			n, err := io.Copy(io.Discard, resp.Body)
			if size > limit && limit > 0 {
				require.ErrorContains(t, err, "are read")
				require.Equal(t, limit, n)
			} else {
				require.NoError(t, err)
				require.Equal(t, size, n)
			}
			require.NoError(t, resp.Body.Close())
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestRetryStopsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		g := newGuard(roundTripper(func(*http.Request) (*http.Response, error) {
			return answer(429, http.Header{"Retry-After": {"60"}}, strings.NewReader("")), nil
		}))
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://registry.test/", nil)
		require.NoError(t, err)
		_, err = (&http.Client{Transport: g}).Do(req)
		require.True(t, errors.Is(err, context.DeadlineExceeded), "%v", err)
	})
}
