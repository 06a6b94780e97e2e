package trial

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/image"
)

// healthPort is the port to probe: the budget's, or the one TCP port that the
// image exposes. It never guesses between several: that is a *PortUnknown.
func healthPort(h budget.Health, img *image.Image) (int, error) {
	if h.Port != 0 {
		return h.Port, nil
	}
	spec, err := img.Spec()
	if err != nil {
		return 0, err
	}
	var tcp []int
	var exposed []string
	for key := range spec.Config.ExposedPorts {
		exposed = append(exposed, key)
		number, protocol, _ := strings.Cut(key, "/")
		port, err := strconv.Atoi(number)
		if err == nil && (protocol == "" || strings.EqualFold(protocol, "tcp")) && port > 0 && port < 1<<16 {
			tcp = append(tcp, port)
		}
	}
	if len(tcp) != 1 {
		slices.Sort(exposed)
		return 0, &PortUnknown{Image: img.Reference, Exposed: exposed}
	}
	return tcp[0], nil
}

// PortUnknown is an image of which nobody said what port to probe.
type PortUnknown struct {
	Image   string
	Exposed []string // as in the image's config, sorted
}

func (e *PortUnknown) Error() string {
	exposes := "no port"
	switch n := len(e.Exposed); {
	case n == 1:
		exposes = "only " + e.Exposed[0]
	case n > 1:
		exposes = fmt.Sprintf("%d ports (%s)", n, cut(strings.Join(e.Exposed, ", "), 200))
	}
	return fmt.Sprintf("choosing the health port of %q: the image exposes %s, not one TCP port", e.Image, exposes)
}

// UserFault marks the error as one of the budget or the command line.
func (e *PortUnknown) UserFault() {}

// Hint says what a user can do about it.
func (e *PortUnknown) Hint() string { return "set health.port in the budget or pass --port" }

// cut bounds a text from outside to most bytes, and splits no character.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most] + "..."
}
