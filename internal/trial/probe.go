package trial

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"
)

const (
	pollEvery    = 5 * time.Millisecond
	dialTime     = 250 * time.Millisecond // on one machine a connection takes microseconds or is lost
	longAnswer   = 10 * time.Second       // how long an attempt may take at most
	bodyLimit    = 10 << 10
	hopLimit     = 10
	confirmTimes = 2 // probes after the first 2xx
)

// prober asks a health path over and over. Every attempt has a connection and
// a deadline of its own; none uses a proxy.
type prober struct {
	client *http.Client
	url    string
}

func newProber(scheme, address, path string) *prober {
	return &prober{
		url: scheme + "://" + address + path,
		client: &http.Client{
			Transport: &http.Transport{
				Proxy:                  nil, // http.ProxyFromEnvironment would ask the runner's proxy
				DialContext:            (&net.Dialer{Timeout: dialTime}).DialContext,
				TLSClientConfig:        &tls.Config{InsecureSkipVerify: true}, // on this hop only: the app's own certificate names another host
				DisableKeepAlives:      true,
				DisableCompression:     true,
				MaxResponseHeaderBytes: 64 << 10,
			},
			CheckRedirect: sameHost,
		},
	}
}

// sameHost follows redirects within the container only.
func sameHost(req *http.Request, via []*http.Request) error {
	if len(via) > hopLimit {
		return fmt.Errorf("redirected more than %d times", hopLimit)
	}
	if req.URL.Host != via[0].URL.Host {
		return &foreignRedirect{to: req.URL}
	}
	return nil
}

type foreignRedirect struct{ to *url.URL }

func (e *foreignRedirect) Error() string {
	return fmt.Sprintf("redirected to another host, %q", cut(e.to.Host, 200))
}

// attempt is one probe.
type attempt struct {
	began, ended time.Time
	status       int   // of the answer, when one came
	err          error // why there is no complete answer
	answered     bool  // a first byte came
}

func (a attempt) ready() bool { return a.err == nil && a.status >= 200 && a.status <= 299 }

// dropped reports that nothing listens: a connection was refused or lost, or
// taken by the engine's proxy for the port and closed before the first byte.
// net/http has many errors for the latter, so this is what is left when the
// others are taken out: an answer, one that is late, and one that is not TLS.
func (a attempt) dropped() bool {
	if a.err == nil || a.answered {
		return false
	}
	var dialing *net.OpError
	if errors.As(a.err, &dialing) && dialing.Op == "dial" {
		return true
	}
	var plain tls.RecordHeaderError
	var alert tls.AlertError
	return !errors.Is(a.err, context.DeadlineExceeded) && !errors.Is(a.err, context.Canceled) &&
		!errors.As(a.err, &plain) && !errors.As(a.err, &alert)
}

// hung reports that a connection was taken and no whole answer came in time.
func (a attempt) hung() bool { return errors.Is(a.err, context.DeadlineExceeded) && !a.dropped() }

// String says what happened, bounded in length.
func (a attempt) String() string {
	if a.err == nil {
		return fmt.Sprintf("it answered %d %s", a.status, http.StatusText(a.status))
	}
	text := a.err.Error()
	var wrapped *url.Error // which repeats method and URL
	if errors.As(a.err, &wrapped) {
		text = wrapped.Err.Error()
	}
	switch {
	case a.hung():
		return fmt.Sprintf("no complete answer within %s", a.ended.Sub(a.began).Round(time.Millisecond))
	case a.dropped():
		return "the connection ended without an answer (" + cut(text, 300) + ")"
	}
	return cut(text, 300)
}

// try makes one attempt that takes no longer than limit.
func (p *prober) try(ctx context.Context, limit time.Duration) attempt {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var answered atomic.Bool // the trace may still be called when the attempt is over
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotFirstResponseByte: func() { answered.Store(true) }})
	a := attempt{began: time.Now()}
	a.status, a.err = p.get(ctx)
	a.ended, a.answered = time.Now(), answered.Load()
	return a
}

// get reads one answer to its last byte.
func (p *prober) get(ctx context.Context) (status int, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url, nil)
	if err != nil {
		return 0, err
	}
	req.Header.Set("User-Agent", "image-budget")
	answer, err := p.client.Do(req)
	if err != nil {
		return 0, err
	}
	defer func() { _ = answer.Body.Close() }()
	n, err := io.Copy(io.Discard, io.LimitReader(answer.Body, bodyLimit+1))
	switch {
	case err != nil:
		return answer.StatusCode, fmt.Errorf("reading the %d answer: %w", answer.StatusCode, err)
	case n > bodyLimit:
		return answer.StatusCode, fmt.Errorf("the %d answer has more than %d bytes", answer.StatusCode, bodyLimit)
	}
	return answer.StatusCode, nil
}
