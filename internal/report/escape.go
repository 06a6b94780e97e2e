package report

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxText = 16 << 10 // bytes of one text from outside, such as a reason with log lines
	maxName = 200      // characters of one name from outside
)

// Clean makes text from outside safe to print on a terminal, in a pipe and in
// the log of a CI runner, on one or several lines. Newlines and tabs stay;
// every other character that is not plain print is shown as ^[, <U+202E> or
// \xNN, no line begins a workflow command, and what is past 16 KiB is cut.
func Clean(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return disarm(visible(cut(s, maxText), true))
}

// cleanName is Clean for a name or another text that belongs on one line.
func cleanName(s string) string {
	// Every character is at least one byte, so this bounds the work first.
	s = visible(cut(s, 4*maxName), false)
	if utf8.RuneCountInString(s) > maxName {
		s = string([]rune(s)[:maxName]) + "..."
	}
	return disarm(s)
}

// cut keeps the first limit bytes of s, whole characters, and says that it did.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	end := limit
	for end > limit-utf8.UTFMax && !utf8.RuneStart(s[end]) {
		end--
	}
	return fmt.Sprintf("%s... (%d bytes more)", s[:end], len(s)-end)
}

// visible replaces every character that a terminal would obey or not show.
// Control characters get caret notation, as cat -v has it.
func visible(s string, lines bool) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case lines && (r == '\n' || r == '\t'):
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			b.WriteByte('^')
			b.WriteByte(byte(r) ^ 0x40)
		case !unicode.IsPrint(r): // C1, bidi, zero width, spaces other than the plain one, unassigned
			fmt.Fprintf(&b, "<U+%04X>", r)
		default:
			b.WriteString(s[i : i+size])
		}
		i += size
	}
	return b.String()
}

// bracketCommand is a command of the older kind (##[group], ##vso[...]), which
// runners obey anywhere in a line.
var bracketCommand = regexp.MustCompile(`##([A-Za-z]*\[)`)

// disarm breaks what a CI runner would take for a command to itself: a line
// that begins with "::" once its white space is trimmed, and "##[" anywhere.
// The rules are those of ActionCommand.cs in actions/runner.
func disarm(s string) string {
	s = bracketCommand.ReplaceAllString(s, `#\x23$1`)
	if !strings.Contains(s, "::") {
		return s
	}
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		rest := strings.TrimLeftFunc(line, unicode.IsSpace)
		if strings.HasPrefix(rest, "::") {
			lines[i] = line[:len(line)-len(rest)] + `\x3a` + rest[1:]
		}
	}
	return strings.Join(lines, "\n")
}
