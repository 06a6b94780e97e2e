package report

import (
	"io"

	"github.com/image-budget/image-budget/internal/growth"
)

// growthText is for a person: the totals, what made them, and then layers,
// packages, files and waste.
func growthText(w io.Writer, g *growth.Growth, top int, o Options) error {
	p := newPage(o)
	if unchanged(g) {
		p.say(between(g, cleanName)+": nothing changed, "+totals(g), "", "  ")
	} else {
		p.say(between(g, cleanName)+": "+totals(g), "", "  ")
		p.say(because(g, cleanName), "", "  ")
	}
	if len(g.Times) > 0 {
		p.say(timesMoved(g), "", "  ")
	}
	for _, difference := range differences(g, cleanName) {
		p.say(difference, "", "  ")
	}
	for _, l := range append(growthListings(g, top, cleanName), changedWaste(g)) {
		p.list(l)
	}
	return deliver(w, []byte(disarm(unglue(p.String()))))
}
