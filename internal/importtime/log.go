package importtime

import (
	"bytes"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

const (
	// Limit is how many bytes of a log are read: torch with transformers takes
	// less than 1 MiB.
	Limit = 16 << 20

	lineKept    = 4 << 10   // bytes of a line, its last ones
	mostModules = 50_000    // that are kept
	maxName     = 200       // bytes of a module's name
	longest     = time.Hour // a single import may take; more is no time
)

// Log takes a container's log, in pieces of any length, and picks out the lines
// of the import timer. The zero Log is ready.
//
// Several processes may write at once, each of which imports the same modules
// beside the others. Of one module the longest import counts: that is what a
// start waits for. For the same reason the indentation is not read, which says
// what imported a module only where nothing comes between two lines.
type Log struct {
	line    []byte // the end of the line under way
	read    int
	cut     bool
	modules map[string]imported
}

// Write never fails. What comes after Limit bytes is passed over.
func (l *Log) Write(p []byte) (int, error) {
	n := len(p)
	if room := Limit - l.read; len(p) > room {
		p, l.cut = p[:room], true
	}
	l.read += len(p)
	for {
		line, rest, ended := bytes.Cut(p, []byte("\n"))
		l.grow(line)
		if !ended {
			return n, nil
		}
		l.take(l.line)
		l.line, p = l.line[:0], rest
	}
}

// grow adds to the line under way, of which only the end matters: an app may
// have begun a line, such as a progress bar, that an import goes on with.
func (l *Log) grow(more []byte) {
	more = more[max(0, len(more)-lineKept):]
	if excess := len(l.line) + len(more) - lineKept; excess > 0 {
		l.line = append(l.line[:0], l.line[excess:]...)
	}
	l.line = append(l.line, more...)
}

// take keeps the module of a line of the timer's.
func (l *Log) take(line []byte) {
	m, ok := parse(string(line))
	if !ok {
		return
	}
	before, known := l.modules[m.module]
	if !known && len(l.modules) == mostModules {
		l.cut = true
		return
	}
	if l.modules == nil {
		l.modules = map[string]imported{}
	}
	m.self = max(m.self, before.self)
	m.cumulative = max(m.cumulative, before.cumulative)
	l.modules[m.module] = m
}

// Report is what the log so far tells. A line that has not ended is no part of
// it.
func (l *Log) Report() Report {
	r := report(l.modules)
	r.Cut = l.cut
	return r
}

// parse reads "import time: SELF | CUMULATIVE | NAME", in microseconds. The
// format is that of import_find_and_load in CPython's Python/import.c, the same
// in every release since 3.7.
func parse(line string) (m imported, ok bool) {
	const mark = "import time:"
	start := strings.LastIndex(line, mark)
	if start < 0 {
		return m, false
	}
	fields := strings.Split(line[start+len(mark):], "|")
	if len(fields) != 3 {
		return m, false
	}
	self, isTime := took(fields[0])
	cumulative, areTimes := took(fields[1])
	m = imported{module: strings.TrimSpace(fields[2]), self: self, cumulative: max(self, cumulative)}
	return m, isTime && areTimes && named(m.module)
}

// took reads a number of microseconds. Threads that import at the same time
// make the timer subtract too much: less than nothing is nothing.
func took(field string) (time.Duration, bool) {
	us, err := strconv.ParseInt(strings.TrimSpace(field), 10, 64)
	if err != nil || us > longest.Microseconds() {
		return 0, false
	}
	return time.Duration(max(0, us)) * time.Microsecond, true
}

// named reports whether text can be the dotted name of a module. What it could
// not be is not repeated to a reader.
func named(text string) bool {
	if text == "" || len(text) > maxName || text[0] == '.' || !utf8.ValidString(text) {
		return false
	}
	for _, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) && !strings.ContainsRune("_.-", r) {
			return false
		}
	}
	return true
}
