package budget

import (
	"bytes"
	"regexp"
)

// conflictMarker is a line by which git begins a side of a conflict, or ends
// the last one. The line ======= between two sides is none: it stands below
// another marker, and alone it may be text.
var conflictMarker = regexp.MustCompile(`^(<{7}|\|{7}|>{7})([ \r\n]|$)`)

// checkConflict finds the first conflict marker; accepted is the way out.
// It comes before the parser, to which two sides are keys given twice, or no
// YAML at all.
func checkConflict(path string, data []byte, accepted string) error {
	line := 0
	for text := range bytes.Lines(bytes.TrimPrefix(data, []byte("\ufeff"))) {
		line++
		if conflictMarker.Match(text) {
			return &FileError{Path: path, Line: line, Problem: "has a merge conflict", Accepted: accepted}
		}
	}
	return nil
}
