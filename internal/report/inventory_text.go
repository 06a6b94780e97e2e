package report

import (
	"io"

	"github.com/image-budget/image-budget/internal/inventory"
)

// inventoryText is for a person: the sentence that matters, then layers,
// packages, waste and files.
func inventoryText(w io.Writer, i *inventory.Inventory, top int, o Options) error {
	p := newPage(o)
	p.say(cleanName(i.Reference)+": "+contains(i), "", "  ")
	p.say(saving(i), "", "  ")
	if based := based(i, cleanName); based != "" {
		p.say(based, "", "  ")
	}
	for _, l := range inventoryListings(i, top, cleanName) {
		p.list(l)
	}
	if len(i.Problems) > 0 {
		p.WriteString("\n")
	}
	for _, problem := range i.Problems {
		p.say("not read: "+Clean(problem), "", "  ")
	}
	return deliver(w, []byte(disarm(unglue(p.String()))))
}
