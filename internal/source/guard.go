package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/image-budget/image-budget/internal/engine"
)

// Limits on what a registry may do.
const (
	maxRedirects = 10
	idleTime     = 30 * time.Second
	tokenLimit   = 1 << 20 // bytes of an answer that is neither manifest nor blob
	errorLimit   = 8 << 10 // bytes kept of the body of an error
)

// guard is the transport under go-containerregistry, which by itself follows
// redirects without end, waits for ever and ignores Retry-After.
type guard struct {
	inner http.RoundTripper
	idle  time.Duration
	hush
}

func newGuard(inner http.RoundTripper) *guard { return &guard{inner: inner, idle: idleTime} }

// newTransport leaves a body as it comes: with Go's own decompression a blob
// sent with Content-Encoding would not be the bytes its digest is of.
func newTransport() http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DisableCompression = true
	t.DialContext = (&net.Dialer{Timeout: idleTime}).DialContext
	return t
}

// RoundTrip sends one request, again where that makes sense.
func (g *guard) RoundTrip(req *http.Request) (*http.Response, error) {
	g.learn(req)
	first, hops := origin(req)
	if hops > maxRedirects {
		return nil, fmt.Errorf("stopped after %d redirects", maxRedirects)
	}
	if err := checkScheme(req, first); err != nil {
		return nil, err
	}
	if req.URL.Host != first.URL.Host || req.URL.Scheme != first.URL.Scheme {
		// Another port is another service too.
		req = req.Clone(req.Context())
		req.Header.Del("Authorization")
		req.Header.Del("Cookie")
	}
	resp, err := g.retry(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= http.StatusBadRequest {
		g.quiet(resp)
		return resp, nil
	}
	limitBody(resp, first)
	return resp, nil
}

// origin is the request that led here by redirects, and by how many.
func origin(req *http.Request) (*http.Request, int) {
	hops := 0
	for req.Response != nil && req.Response.Request != nil && hops <= maxRedirects {
		req = req.Response.Request
		hops++
	}
	return req, hops
}

// checkScheme allows plain HTTP on this machine only, and no way back to it
// from HTTPS.
func checkScheme(req, first *http.Request) error {
	if req.URL.Scheme == "https" {
		return nil
	}
	if first.URL.Scheme == "https" {
		return fmt.Errorf("refusing a redirect from https to http at %s", req.URL.Host)
	}
	if !engine.Loopback(req.URL.Hostname()) {
		return fmt.Errorf("refusing plain http to %s: only a registry on this machine may go without TLS", req.URL.Host)
	}
	return nil
}

// limitBody bounds what a caller may read whole. Blobs are bounded by their
// descriptors.
func limitBody(resp *http.Response, first *http.Request) {
	switch path := first.URL.Path; {
	case strings.Contains(path, "/blobs/"):
	case strings.Contains(path, "/manifests/"):
		resp.Body = &bounded{ReadCloser: resp.Body, left: manifestLimit, over: checkLimit("the manifest", manifestLimit+1, manifestLimit)}
	default:
		resp.Body = &bounded{ReadCloser: resp.Body, left: tokenLimit, over: checkLimit("the registry's answer", tokenLimit+1, tokenLimit)}
	}
}

// bounded ends with over in place of the byte after the last one allowed.
type bounded struct {
	io.ReadCloser
	left int64
	over error
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left == 0 {
		var one [1]byte
		if n, err := b.ReadCloser.Read(one[:]); n == 0 {
			return 0, err
		}
		return 0, b.over
	}
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// errIdle is a registry that has stopped sending.
var errIdle = errors.New("the registry has sent nothing")

// send gives up on a registry that sends nothing for a while, before its
// answer or in the middle of it.
func (g *guard) send(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(req.Context())
	timer := time.AfterFunc(g.idle, func() { cancel(fmt.Errorf("%w for %s", errIdle, g.idle)) })
	resp, err := g.inner.RoundTrip(req.WithContext(ctx))
	if err != nil {
		timer.Stop()
		err = idleCause(ctx, err)
		cancel(nil)
		return nil, err
	}
	timer.Reset(g.idle)
	resp.Body = &watched{ReadCloser: resp.Body, ctx: ctx, cancel: cancel, timer: timer, idle: g.idle}
	// Redirects are counted along these requests, so it must be the caller's.
	resp.Request = req
	return resp, nil
}

func idleCause(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); errors.Is(cause, errIdle) {
		return cause
	}
	return err
}

// watched is a body whose every read has a time limit of its own.
type watched struct {
	io.ReadCloser
	ctx    context.Context //nolint:containedctx // lives as long as the body
	cancel context.CancelCauseFunc
	timer  *time.Timer
	idle   time.Duration
}

func (w *watched) Read(p []byte) (int, error) {
	w.timer.Reset(w.idle)
	n, err := w.ReadCloser.Read(p)
	w.timer.Stop()                   // the reader may take its time
	if err != nil && err != io.EOF { //nolint:errorlint // io.Reader returns it bare
		err = idleCause(w.ctx, err)
	}
	return n, err
}

func (w *watched) Close() error {
	w.timer.Stop()
	w.cancel(nil)
	return w.ReadCloser.Close()
}
