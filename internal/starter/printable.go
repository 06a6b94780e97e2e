package starter

import (
	"strconv"
	"strings"
)

// printable is a name from outside as a comment or a line of text can take it.
func printable(name string) string {
	if quoted := strconv.QuoteToASCII(name); quoted[1:len(quoted)-1] != name || strings.ContainsAny(name, " `$'") {
		return quoted
	}
	return name
}

// longestReason is how much of a reason a comment takes, in bytes.
const longestReason = 160

// printableLine is the end of a reason, which names the cause, as a comment can take
// it: what comes before is of this run and this machine.
func printableLine(reason string) string {
	line, _, _ := strings.Cut(reason, "\n")
	if parts := strings.Split(line, ": "); len(parts) > 2 {
		line = strings.Join(parts[len(parts)-2:], ": ")
	}
	line = strings.Map(func(r rune) rune {
		if !strconv.IsPrint(r) {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(line, "?"))
	if len(line) > longestReason {
		line = strings.ToValidUTF8(line[:longestReason], "") + "..."
	}
	return strings.TrimSuffix(line, ".")
}
