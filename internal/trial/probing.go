package trial

import (
	"context"
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
}

// untilReady probes until the first complete 2xx or the end of ctx. Attempts
// follow each other and start at least pollEvery apart, so the answer is late
// by no more than that.
func (p *prober) untilReady(ctx context.Context) probing {
	var seen probing
	limit := firstAnswer
	for {
		a := p.try(ctx, limit)
		if over(ctx) && !a.ready() && (a.dropped() || a.ended.Sub(a.began) < dialTime) {
			return seen // broken off by us: it says nothing about the app
		}
		seen.add(a)
		if seen.ready {
			seen.flaps = p.confirm(ctx, limit)
			return seen
		}
		if a.hung() {
			limit = min(2*limit, longAnswer)
		}
		if !sleep(ctx, time.Until(a.began.Add(pollEvery))) {
			return seen
		}
	}
}

func (s *probing) add(a attempt) {
	s.attempts++
	if a.dropped() {
		s.dropped++
	} else if s.opened.IsZero() {
		s.opened = a.began
	}
	s.last, s.ready = a, a.ready()
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
