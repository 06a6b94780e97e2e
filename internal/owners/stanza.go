package owners

import (
	"iter"
	"strings"
)

// stanzas are the blocks of "Name: value" lines between empty lines, as in
// Debian's control files and in Python's metadata, each as the values of the
// fields with these lower-case names. Lines that go on with the value before
// are skipped: no field that is asked for has such.
func stanzas(text string, names ...string) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		var values []string
		filled := false
		for line := range lines(text) {
			if strings.TrimSpace(line) == "" {
				if filled && !yield(values) {
					return
				}
				filled = false
				continue
			}
			if !filled {
				values, filled = make([]string, len(names)), true
			}
			name, value, _ := strings.Cut(line, ":")
			for i, wanted := range names {
				if values[i] == "" && strings.EqualFold(name, wanted) {
					values[i] = strings.TrimSpace(value)
				}
			}
		}
		if filled {
			yield(values)
		}
	}
}

// lines are those of a text, with either kind of line end cut off.
func lines(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range strings.SplitSeq(text, "\n") {
			if !yield(strings.TrimSuffix(line, "\r")) {
				return
			}
		}
	}
}
