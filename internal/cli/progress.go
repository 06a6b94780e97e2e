package cli

import (
	"bytes"
	"io"
	"sync"

	"github.com/image-budget/image-budget/internal/report"
)

// longestLine is how much of a line without an end is held back.
const longestLine = 8 << 10

// cleanLines is standard error for text from outside: builds, commands and
// containers print there, and none of it may be obeyed by a terminal or by a
// CI runner. It writes whole lines.
type cleanLines struct {
	to   io.Writer
	mu   sync.Mutex
	rest []byte
}

// Write never fails: a progress line that cannot be written changes no verdict.
func (c *cleanLines) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rest = append(c.rest, p...)
	for {
		end := bytes.IndexByte(c.rest, '\n') + 1
		if end == 0 && len(c.rest) > longestLine {
			end = len(c.rest)
		}
		if end == 0 {
			return len(p), nil
		}
		line := bytes.TrimRight(c.rest[:end], "\r\n")
		_, _ = io.WriteString(c.to, report.Clean(string(line))+"\n")
		c.rest = c.rest[end:]
	}
}
