package trial

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/image-budget/image-budget/internal/budget"
)

const (
	// chunk is the most that is written at once, so that connections share the
	// link fairly and a slow link moves in small steps.
	chunk = 32 << 10
	// step is the longest that one write may take of a link's time.
	step = 4 * time.Millisecond
	// catchUp is how much link time lost while the process was not scheduled
	// is made up for by writing without a pause. It never makes the link faster
	// than its rate since it was last idle.
	catchUp = 100 * time.Millisecond
)

var errRequestEnded = errors.New("the request has ended")

// link is a network link that every connection of a trial shares: a token
// bucket for the bandwidth and a delay per request for the latency.
type link struct {
	bitsPerSecond int64 // 0 does not limit
	latency       time.Duration

	mu     sync.Mutex
	active int       // requests that are using the link
	free   time.Time // when everything accepted so far has passed the link
}

func newLink(l budget.Link) *link {
	return &link{bitsPerSecond: int64(l.Bandwidth), latency: l.Latency}
}

// through delays each request of next by the latency and paces its answer.
func (l *link) through(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		wait := func(d time.Duration) bool { return sleep(req.Context(), d) }
		if !wait(l.latency) {
			return
		}
		l.enter()
		defer l.leave()
		next.ServeHTTP(&pacedWriter{ResponseWriter: w, link: l, wait: wait}, req)
	})
}

// pacedWriter has no ReadFrom and no Unwrap, so that nothing goes around it.
type pacedWriter struct {
	http.ResponseWriter
	link *link
	wait func(time.Duration) bool // false when the request has ended meanwhile
}

// Write hands over each chunk when the link would have delivered its last byte.
func (w *pacedWriter) Write(p []byte) (int, error) {
	written := 0
	for len(p) > 0 {
		n := min(len(p), w.link.most())
		if !w.wait(time.Until(w.link.reserve(n))) {
			return written, errRequestEnded
		}
		m, err := w.ResponseWriter.Write(p[:n])
		written += m
		if err != nil {
			return written, err
		}
		p = p[n:]
	}
	return written, nil
}

// most is how many bytes to write at once.
func (l *link) most() int {
	if l.bitsPerSecond == 0 {
		return chunk
	}
	return int(max(512, min(chunk, float64(l.bitsPerSecond)/8*step.Seconds())))
}

// reserve takes the link's next free time for n bytes and returns when the last
// of them has passed. Times are absolute, so a late wake-up is not added up.
func (l *link) reserve(n int) time.Time {
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.bitsPerSecond == 0 {
		return now
	}
	if lost := now.Add(-catchUp); l.free.Before(lost) {
		l.free = lost
	}
	l.free = l.free.Add(time.Duration(float64(n) * 8 * float64(time.Second) / float64(l.bitsPerSecond)))
	return l.free
}

// enter marks a request under way. The time for which the link was idle is gone.
func (l *link) enter() {
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.active == 0 && l.free.Before(now) {
		l.free = now
	}
	l.active++
}

func (l *link) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.active--
}

// sleep waits for d and reports whether ctx lasted that long.
func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
