package trial

import (
	"context"
	"errors"
	"time"
)

// probing is what a prober saw until the health path was ready, or until it
// had to stop.
type probing struct {
	attempts int
	dropped  int       // attempts behind which nothing listened
	opened   time.Time // start of the first attempt that something listened to; zero when there was none
	last     attempt   // the one that was ready, or the last that had not to stop
	ready    bool
	flaps    string // what a probe after the first 2xx got instead of another
	err      error  // a fault of the prober's own
}

// untilReady probes until the first complete 2xx or the end of ctx. Attempts
// follow each other and start at least pollEvery apart, so the answer to a
// quick one is late by no more than that. A slow one keeps its place, so that
// the time of an app that takes long to answer is that of its own answer; but
// it may also never be answered, so others go on beside it.
func (p *prober) untilReady(ctx context.Context) (seen probing) {
	under, cancel := context.WithCancel(ctx)
	v := &volley{prober: p, ended: make(chan attempt)}
	for !seen.ready && seen.err == nil && sleep(ctx, time.Until(v.newest.Add(pollEvery))) {
		v.start(under)
		v.await(func(a attempt) { seen.add(ctx, a) })
	}
	cancel()
	left := v.pending
	for ; v.pending > 0; v.pending-- {
		seen.add(ctx, <-v.ended)
	}
	if seen.ready {
		// An app that answers one at a time has those to get through first.
		seen.flaps = p.confirm(ctx, time.Duration(1+left)*longAnswer)
	}
	return seen
}

// add takes an attempt that has ended into account.
func (s *probing) add(ctx context.Context, a attempt) {
	var own *panicked
	switch {
	case errors.As(a.err, &own):
		s.err = own
	case s.ready || errors.Is(a.err, context.Canceled):
		// Broken off by us: it only says whether something listened.
		s.listened(a)
	case over(ctx) && !a.ready() && (a.dropped() || a.ended.Sub(a.began) < dialTime):
		// Broken off by us, and too early to say anything.
	default:
		s.attempts++
		if a.dropped() {
			s.dropped++
		}
		s.listened(a)
		// Of attempts that hung side by side the longest tells most.
		if !a.hung() || !s.last.hung() || a.began.Before(s.last.began) {
			s.last, s.ready = a, a.ready()
		}
	}
}

// listened notes the start of the earliest attempt that something listened to.
func (s *probing) listened(a attempt) {
	if !a.dropped() && (s.opened.IsZero() || a.began.Before(s.opened)) {
		s.opened = a.began
	}
}

// over reports that ctx has ended. A connection's own timer for the deadline of
// ctx may fire just before that of ctx.
func over(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return ctx.Err() != nil || (ok && !time.Now().Before(deadline))
}

// confirm probes again after the first 2xx and says what a probe that failed
// got, or nothing.
func (p *prober) confirm(ctx context.Context, limit time.Duration) string {
	for range confirmTimes {
		_ = sleep(ctx, pollEvery)
		a := p.try(ctx, limit)
		if over(ctx) {
			return "" // broken off by us
		}
		if !a.ready() {
			return a.String()
		}
	}
	return ""
}
