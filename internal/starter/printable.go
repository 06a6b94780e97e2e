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

// printableLine is a reason as the end of a comment can take it.
func printableLine(reason string) string {
	line, _, _ := strings.Cut(reason, "\n")
	return strings.TrimSuffix(strings.ToValidUTF8(strings.Map(func(r rune) rune {
		if !strconv.IsPrint(r) {
			return '?'
		}
		return r
	}, line), "?"), ".")
}
