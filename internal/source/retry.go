package source

import (
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"syscall"
	"time"
)

const (
	maxTries = 5
	maxWait  = 60 * time.Second
)

// retry sends req until the answer is not one that says to come back later, at
// most maxTries times. The last answer is the caller's, whatever it is.
func (g *guard) retry(req *http.Request) (*http.Response, error) {
	for try := 1; ; try++ {
		resp, err := g.send(req)
		if try == maxTries || req.Context().Err() != nil || !worthRetrying(resp, err) || !repeatable(req) {
			return resp, err
		}
		wait := backOff(try)
		if resp != nil {
			wait = retryAfter(resp, wait, time.Now())
			resp.Body.Close()
		}
		select {
		case <-time.After(wait):
		case <-req.Context().Done():
			return nil, req.Context().Err()
		}
		if req, err = again(req); err != nil {
			return nil, err
		}
	}
}

// repeatable reports whether the request's body, where it has one as requests
// for tokens do, can be had once more.
func repeatable(req *http.Request) bool {
	return req.Body == nil || req.Body == http.NoBody || req.GetBody != nil
}

func again(req *http.Request) (*http.Request, error) {
	if req.GetBody == nil {
		return req, nil
	}
	body, err := req.GetBody()
	if err != nil {
		return nil, err
	}
	req = req.Clone(req.Context())
	req.Body = body
	return req, nil
}

// worthRetrying names what may be different next time: an overloaded or
// restarting registry, and a connection that went away.
func worthRetrying(resp *http.Response, err error) bool {
	if err != nil {
		return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET)
	}
	switch resp.StatusCode {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// backOff doubles from half a second, with half of it left to chance so that
// parallel runs do not come back together.
func backOff(try int) time.Duration {
	full := time.Second << (try - 1)
	return full/2 + rand.N(full/2)
}

// retryAfter is how long the registry asks to be left alone, in seconds or
// until a date (RFC 9110, section 10.2.3), but no longer than maxWait. What
// makes no sense is ignored.
func retryAfter(resp *http.Response, otherwise time.Duration, now time.Time) time.Duration {
	asked := resp.Header.Get("Retry-After")
	seconds, err := strconv.ParseUint(asked, 10, 32)
	switch {
	case err == nil:
		return min(time.Duration(seconds)*time.Second, maxWait)
	case errors.Is(err, strconv.ErrRange):
		return maxWait
	}
	if date, err := http.ParseTime(asked); err == nil && date.After(now) {
		return min(date.Sub(now), maxWait)
	}
	return otherwise
}
