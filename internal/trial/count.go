package trial

import (
	"net/http"
	"sync"
	"time"

	"github.com/opencontainers/go-digest"
)

// count is how many bytes of each blob were written in one trial, and when the
// last of them was.
type count struct {
	mu      sync.Mutex
	written map[digest.Digest]int64
	last    time.Time
}

func newCount() *count { return &count{written: map[digest.Digest]int64{}} }

func (c *count) add(d digest.Digest, n int) {
	now := time.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.written[d] += int64(n)
	c.last = now
}

func (c *count) of(d digest.Digest) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.written[d]
}

// end is when the last blob byte was written; zero when none was.
func (c *count) end() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last
}

// countingWriter counts the body of a successful answer for a blob.
type countingWriter struct {
	http.ResponseWriter
	count  *count
	blob   digest.Digest
	status int
}

func (w *countingWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Write counts before it writes and takes back what was not written, because
// the engine may report the pull complete before a write returns here.
func (w *countingWriter) Write(p []byte) (int, error) {
	if w.status != http.StatusOK && w.status != http.StatusPartialContent {
		return w.ResponseWriter.Write(p)
	}
	w.count.add(w.blob, len(p))
	n, err := w.ResponseWriter.Write(p)
	w.count.add(w.blob, n-len(p))
	return n, err
}
