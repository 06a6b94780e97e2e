package session

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A record is lines of `<sign> <kind> "<name>"`, the name quoted as Go does.
// The closing quote tells a whole line from a torn one.
const (
	made    = "+"
	removed = "-"
	on      = "@" // the name is the host of the engine that has the things
)

// write appends one line in one write call. The caller holds r.mu.
func (r *Record) write(sign string, thing Thing) error {
	line := fmt.Sprintf("%s %s %s\n", sign, thing.Kind, strconv.Quote(thing.Name))
	if r.torn {
		line = "\n" + line // closes whatever an earlier write left open
	}
	_, err := r.file.WriteString(line)
	r.torn = err != nil
	if err != nil {
		return fmt.Errorf("recording %s %q: %w", thing.Kind, thing.Name, err)
	}
	return nil
}

// parse returns what the lines leave standing, and on which engine. A torn line
// is skipped: its thing was not made, because Will had not returned.
func parse(lines string) (left []Thing, host string) {
	for line := range strings.Lines(lines) {
		sign, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		kind, quoted, _ := strings.Cut(rest, " ")
		name, err := strconv.Unquote(quoted)
		if err != nil || kind == "" {
			continue
		}
		thing := Thing{Kind: Kind(kind), Name: name}
		switch sign {
		case made:
			left = append(left, thing)
		case removed:
			left = slices.DeleteFunc(left, func(other Thing) bool { return other == thing })
		case on:
			host = name
		}
	}
	return left, host
}
