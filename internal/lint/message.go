package lint

import (
	"fmt"
	"strings"
)

// list names a few things in a message, and how many more there are.
func list(names []string) string {
	const most = 6
	var shown []string
	for _, name := range names[:min(len(names), most)] {
		shown = append(shown, clipped(name, 60))
	}
	text := strings.Join(shown, ", ")
	if more := len(names) - len(shown); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
