package source_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/image/imagetest"
	"github.com/image-budget/image-budget/internal/source"
)

// requests are what a registry saw.
type requests struct {
	mu   sync.Mutex
	seen []string
}

func (r *requests) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		r.mu.Lock()
		r.seen = append(r.seen, req.Method+" "+req.URL.Path)
		r.mu.Unlock()
		next.ServeHTTP(w, req)
	})
}

func (r *requests) count(substring string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, line := range r.seen {
		if strings.Contains(line, substring) {
			n++
		}
	}
	return n
}

// blobs answers the requests for blobs itself.
func blobs(answer func(w http.ResponseWriter, r *http.Request, next http.Handler)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.Contains(r.URL.Path, "/blobs/") && r.Method == http.MethodGet {
				answer(w, r, next)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// A layer that is known is not downloaded again, also as part of another image.
func TestKnownLayersAreNotDownloaded(t *testing.T) {
	var seen requests
	shared, own := imagetest.Tar(t, imagetest.File("a", "shared")), imagetest.Tar(t, imagetest.File("a", "own"))
	first := serve(t, imagetest.Image(t, imagetest.Linux, shared), seen.watch)
	second := serve(t, imagetest.Image(t, imagetest.Linux, shared, own), seen.watch)
	at := machine(t)
	for range 2 {
		_, err := source.Open(t.Context(), pullBudget(first), at)
		require.NoError(t, err)
		require.Equal(t, 2, seen.count("/blobs/"), "one layer and the config")
	}
	_, err := source.Open(t.Context(), pullBudget(second), at)
	require.NoError(t, err)
	require.Equal(t, 4, seen.count("/blobs/"), "one more of each")
}

// A1, A2, A4: what comes is not what was promised.
func TestBlobsOnTheWire(t *testing.T) {
	change := func(change func([]byte) []byte) func(http.Handler) http.Handler {
		return blobs(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			rec := httptest.NewRecorder()
			next.ServeHTTP(rec, r)
			body := change(rec.Body.Bytes())
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
			w.Write(body)
		})
	}
	cases := []struct {
		name string
		wrap func(http.Handler) http.Handler
		want string
	}{
		{"A1 a flipped bit", change(func(b []byte) []byte { b[len(b)-1] ^= 1; return b }), "sha256:"},
		{"A2 more bytes", change(func(b []byte) []byte { return append(b, "more"...) }), "were declared"},
		{"A2 fewer bytes", change(func(b []byte) []byte { return b[:len(b)-4] }), "config sha256:"},
		{"A4 cut halfway", blobs(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			rec := httptest.NewRecorder()
			next.ServeHTTP(rec, r)
			w.Header().Set("Content-Length", strconv.Itoa(rec.Body.Len()))
			w.Write(rec.Body.Bytes()[:rec.Body.Len()/2])
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}), "unexpected EOF"},
		{"not there", blobs(func(w http.ResponseWriter, r *http.Request, _ http.Handler) { http.NotFound(w, r) }), "404"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			require.ErrorContains(t, openFault(t, pullBudget(serve(t, rich(t), c.wrap))), c.want)
		})
	}
}

// A18: a registry that compresses on the wire does not change the blob.
func TestContentEncodingIsNotAskedFor(t *testing.T) {
	where := serve(t, rich(t), func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Accept-Encoding") != "" {
				t.Errorf("asked for %s", r.Header.Get("Accept-Encoding"))
			}
			next.ServeHTTP(w, r)
		})
	})
	open(t, pullBudget(where))
}

// A7: 10 redirects are followed, 11 are not, and a loop ends.
func TestRedirects(t *testing.T) {
	hops := func(limit int) func(http.Handler) http.Handler {
		return blobs(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			n, _ := strconv.Atoi(r.URL.Query().Get("hop"))
			if n >= limit {
				next.ServeHTTP(w, r)
				return
			}
			http.Redirect(w, r, r.URL.Path+"?hop="+strconv.Itoa(n+1), http.StatusTemporaryRedirect)
		})
	}
	open(t, pullBudget(serve(t, rich(t), hops(10))))
	require.ErrorContains(t, openFault(t, pullBudget(serve(t, rich(t), hops(11)))), "stopped after 10 redirects")
	require.ErrorContains(t, openFault(t, pullBudget(serve(t, rich(t), hops(1<<30)))), "stopped after 10 redirects")
}

// A8: credentials stay with the registry, also when the blobs are elsewhere.
func TestRedirectToAnotherHost(t *testing.T) {
	var cdn *httptest.Server
	var leaked, served atomic.Int64 // layers are asked for at the same time
	where := serve(t, rich(t), func(next http.Handler) http.Handler {
		cdn = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "" {
				leaked.Add(1)
			}
			served.Add(1)
			next.ServeHTTP(w, r)
		}))
		t.Cleanup(cdn.Close)
		return blobs(func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
			http.Redirect(w, r, cdn.URL+r.URL.Path, http.StatusTemporaryRedirect)
		})(next)
	}, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if user, password, _ := r.BasicAuth(); user != "me" || password != "secret" {
				w.Header().Set("WWW-Authenticate", `Basic realm="test"`)
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	err := openFault(t, pullBudget(where))
	require.ErrorContains(t, err, "401")
	var hint interface{ Hint() string }
	require.ErrorAs(t, err, &hint)
	require.Contains(t, hint.Hint(), "docker login 127.0.0.1")

	login(t, strings.TrimSuffix(where, "/acme/app:1"), "me", "secret")
	open(t, pullBudget(where))
	require.Positive(t, served.Load())
	require.Zero(t, leaked.Load())
}

// A13: answers that are too large, and an error page without end.
func TestLargeAnswers(t *testing.T) {
	manifest := serve(t, rich(t), func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.Contains(r.URL.Path, "/manifests/") {
				w.Header().Set("Content-Type", "application/vnd.oci.image.manifest.v1+json")
				w.Write(bytes.Repeat([]byte(" "), 5<<20))
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	require.ErrorContains(t, openFault(t, pullBudget(manifest)), "no more than 4194304 are read")

	page := serve(t, rich(t), func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.Contains(r.URL.Path, "/manifests/") {
				next.ServeHTTP(w, r)
				return
			}
			w.WriteHeader(http.StatusForbidden)
			for r.Context().Err() == nil {
				if _, err := w.Write(bytes.Repeat([]byte("x"), 1<<16)); err != nil {
					return
				}
			}
		})
	})
	require.Less(t, len(openFault(t, pullBudget(page)).Error()), 16<<10)
}

// A21: without TLS only on this machine.
func TestPlainHTTP(t *testing.T) {
	require.ErrorContains(t, openFault(t, pullBudget("10.255.255.1:5000/acme/app:1")), "refusing plain http to 10.255.255.1:5000")
}

func TestPullStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	where := serve(t, rich(t), blobs(func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		w.WriteHeader(http.StatusOK)
		w.(http.Flusher).Flush()
		cancel()
		<-r.Context().Done()
	}))
	_, err := source.Open(ctx, pullBudget(where), machine(t))
	require.Error(t, err)
	require.True(t, errors.Is(err, context.Canceled), "%v", err)
}

// A20: many layers leave nothing open; every body is closed.
func TestManyLayers(t *testing.T) {
	plain := make([][]byte, 70)
	for i := range plain {
		plain[i] = imagetest.Tar(t, imagetest.File("a", strings.Repeat("x", i)))
	}
	img := imagetest.Image(t, imagetest.Linux, plain...)
	require.EqualValues(t, 70, numbers(open(t, pullBudget(serve(t, img))))["layers"])
}

// A18: zstd keeps its own size, and unpacks to the same.
func TestZstdInARegistry(t *testing.T) {
	plain := imagetest.Tar(t, imagetest.File("a", strings.Repeat("abc", 10_000)))
	zstd := imagetest.Layer(t, plain, image.Zstd)
	packed, err := zstd.Compressed()
	require.NoError(t, err)
	blob, err := io.ReadAll(packed)
	require.NoError(t, err)
	got := numbers(open(t, pullBudget(serve(t, imagetest.ImageOf(t, imagetest.Linux, zstd)))))
	require.Equal(t, map[string]int64{"size": 30_000, "compressed_size": int64(len(blob)), "layers": 1}, got)
}
