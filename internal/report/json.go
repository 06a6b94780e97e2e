package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf8"

	"github.com/image-budget/image-budget/internal/budget"
)

// JSON is the result as it is, for programs.
var JSON = Format{
	Name:  "json",
	Help:  "the whole result, for programs",
	Write: writeJSON,
}

func writeJSON(w io.Writer, r budget.Result, _ Options) error {
	return deliverJSON(w, r, "the result")
}

// deliverJSON writes a report for programs, which is called name where it cannot be
// encoded.
func deliverJSON(w io.Writer, report any, name string) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(report); err != nil {
		return fmt.Errorf("encoding %s: %w", name, err)
	}
	return deliver(w, printable(b.Bytes()))
}

// printable spells the characters of JSON strings that a terminal or a CI
// runner would obey as \u escapes. The value that the JSON stands for stays
// the same, and outside of strings there are none of them.
func printable(text []byte) []byte {
	text = bytes.ReplaceAll(text, []byte("##"), []byte(`#\u0023`))
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		switch {
		case r == '\n' || unicode.IsPrint(r):
			out = append(out, text[i:i+size]...)
		case r > 0xffff:
			high, low := (r-0x10000)>>10+0xd800, (r-0x10000)&0x3ff+0xdc00
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		i += size
	}
	return out
}
