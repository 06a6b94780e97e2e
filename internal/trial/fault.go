package trial

import (
	"bytes"
	"fmt"
	"strings"
	"time"
)

const (
	logKept  = 64 << 10 // bytes of log that are asked for
	logLines = 20       // lines of it in an error
	lineKept = 300      // bytes of a line in an error
	logIntro = "; its last log lines:"
)

// CacheHit is a pull that was not cold: the engine did not fetch every byte of
// every layer.
type CacheHit struct {
	Served, Want int64 // bytes of layers
}

func (e *CacheHit) Error() string {
	return fmt.Sprintf("cache hit: the engine fetched %d of the %d bytes of the layers, so the pull was not cold", e.Served, e.Want)
}

// ZstdUnsupported is an engine that cannot pull the image's compression.
type ZstdUnsupported struct {
	Engine string
}

func (e *ZstdUnsupported) Error() string {
	return fmt.Sprintf("%s cannot pull layers compressed with zstd", e.Engine)
}

// Hint says what a user can do about it.
func (e *ZstdUnsupported) Hint() string {
	return "measure on Docker Engine 23 or newer, or build the image with gzip layers"
}

// Fault is what became of a container that did not get ready.
type Fault string

// The faults of a start.
const (
	NotStarted Fault = "not started" // no or no such entrypoint, wrong architecture
	Exited     Fault = "exited"
	OOMKilled  Fault = "OOM-killed"
	NotReady   Fault = "not ready" // no 2xx answer within the timeout
)

// StartFault is a container that did not answer 2xx on its health path.
type StartFault struct {
	Fault  Fault
	Image  string
	Code   int           // of Exited and OOMKilled
	After  time.Duration // since the start call
	Detail string        // in the engine's words, or what the last attempt got
	Log    []byte        // the end of standard output and error, at most 64 KiB, as the container wrote it
	hint   string
}

func (e *StartFault) Error() string {
	var text strings.Builder
	fmt.Fprintf(&text, "starting %q: ", e.Image)
	switch e.Fault {
	case NotStarted:
		text.WriteString("the container cannot be started")
	case Exited:
		fmt.Fprintf(&text, "the container exited with code %d after %s, before its first 2xx answer", e.Code, e.After)
	case OOMKilled:
		fmt.Fprintf(&text, "the container was OOM-killed (code %d) after %s, before its first 2xx answer", e.Code, e.After)
	case NotReady:
		fmt.Fprintf(&text, "no 2xx answer within %s", e.After)
	}
	if e.Detail != "" {
		text.WriteString(": " + e.Detail)
	}
	if lines := lastLines(e.Log); len(lines) > 0 {
		text.WriteString(logIntro)
		for _, line := range lines {
			text.WriteString("\n  " + line)
		}
	}
	return text.String()
}

// Hint says what a user can do about it; it may be empty.
func (e *StartFault) Hint() string { return e.hint }

// lastLines is the end of a log, bounded in lines and in their length.
func lastLines(log []byte) []string {
	log = bytes.TrimRight(log, "\r\n")
	if len(log) == 0 {
		return nil
	}
	lines := strings.Split(string(log), "\n")
	lines = lines[max(0, len(lines)-logLines):]
	for i, line := range lines {
		lines[i] = cut(strings.TrimSuffix(line, "\r"), lineKept)
	}
	return lines
}
