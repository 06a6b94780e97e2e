package budget

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// layout finds nodes in the text of a file. yaml.v3 says in which line and
// column a node begins, and not where it ends.
type layout struct {
	data  []byte
	lines []int // where each line begins
}

var errNotFound = errors.New("it is written in a form that is not handled")

func newLayout(data []byte) layout {
	l := layout{data: data, lines: []int{0}}
	for at := 0; at < len(data); {
		n := breakLength(data[at:])
		at += max(n, 1)
		if n > 0 {
			l.lines = append(l.lines, at)
		}
	}
	return l
}

// breaks are what yaml.v3 ends a line at, the longest first. NEL is one too,
// and never gets here: checkText refuses it.
var breaks = []string{"\r\n", "\n", "\r", "\u2028", "\u2029"}

// breakLength is the length of the line break that text begins with, 0 for none.
func breakLength(text []byte) int {
	for _, b := range breaks {
		if bytes.HasPrefix(text, []byte(b)) {
			return len(b)
		}
	}
	return 0
}

// start is where n begins. It may be wrong: whoever uses it looks at what is
// there.
func (l layout) start(n *yaml.Node) int {
	if n.Line < 1 || n.Line > len(l.lines) {
		return len(l.data)
	}
	at := l.lines[n.Line-1]
	for column := 1; column < n.Column && at < len(l.data); column++ { // in characters
		_, size := utf8.DecodeRune(l.data[at:])
		at += size
	}
	return at
}

// end is where n ends: the byte behind it. It knows the nodes that a metric can
// have; numbers, times and keys hold no quotes and no brackets.
func (l layout) end(n *yaml.Node) (int, error) {
	at := l.start(n)
	switch {
	case n.Kind == yaml.ScalarNode:
		return l.scalarEnd(n, at)
	case n.Style&yaml.FlowStyle != 0:
		return l.flowEnd(at)
	case len(n.Content) > 0:
		return l.end(n.Content[len(n.Content)-1])
	}
	return 0, errNotFound
}

func (l layout) scalarEnd(n *yaml.Node, at int) (int, error) {
	quote := ""
	switch n.Style {
	case 0:
	case yaml.DoubleQuotedStyle:
		quote = `"`
	case yaml.SingleQuotedStyle:
		quote = `'`
	default:
		return 0, errNotFound
	}
	text := quote + n.Value + quote
	if !bytes.HasPrefix(l.data[at:], []byte(text)) {
		return 0, errNotFound
	}
	return at + len(text), nil
}

func (l layout) flowEnd(at int) (int, error) {
	depth := 0
	for ; at < len(l.data); at++ {
		switch l.data[at] {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case '#':
			at = l.lineEnd(at) - 1 // a comment may hold anything
		}
		if depth == 0 {
			break
		}
	}
	if at == len(l.data) || !strings.ContainsRune("}]", rune(l.data[at])) {
		return 0, errNotFound
	}
	return at + 1, nil
}

// afterColon is the byte behind the colon of key.
func (l layout) afterColon(key *yaml.Node) (int, error) {
	at, err := l.end(key)
	if err != nil {
		return 0, err
	}
	rest := bytes.TrimLeft(l.data[at:], " \t")
	if !bytes.HasPrefix(rest, []byte(":")) {
		return 0, errNotFound
	}
	return len(l.data) - len(rest) + 1, nil
}

// indent is what stands before the first key of a section, which is nothing
// but spaces.
func (l layout) indent(key *yaml.Node) (string, error) {
	at := l.start(key)
	before := string(l.data[l.lines[key.Line-1]:at])
	if strings.Trim(before, " ") != "" {
		return "", errNotFound
	}
	return before, nil
}

// lineEnd is where the line of at ends, its break not counted.
func (l layout) lineEnd(at int) int {
	for at < len(l.data) && breakLength(l.data[at:]) == 0 {
		at++
	}
	return at
}

// lineBreak is the one at the end of a line, or the file's first one where the
// file ends there.
func (l layout) lineBreak(end int) string {
	if n := breakLength(l.data[end:]); n > 0 {
		return string(l.data[end : end+n])
	}
	first := l.lineEnd(0)
	return string(l.data[first : first+breakLength(l.data[first:])])
}
