package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/image-budget/image-budget/internal/inventory"
)

// inventoryMarkdown is for a comment on a pull request or the summary of a CI job.
func inventoryMarkdown(w io.Writer, i *inventory.Inventory, top int, _ Options) error {
	d := &document{}
	d.add(fmt.Sprintf("**%s**: %s\n\n%s\n\n", span(i.Reference), saving(i), contains(i)))
	if based := based(i, span); based != "" {
		d.add(based + "\n\n")
	}
	d.listings(inventoryListings(i, top, span))
	for _, problem := range i.Problems {
		d.add(said("not read", problem))
	}
	return d.deliver(w)
}

// listings adds tables, none of which takes the room of those that follow.
func (d *document) listings(all []listing) {
	for n, l := range all {
		d.add(l.markdown((maxMarkdown - d.text.Len()) / (len(all) - n)))
	}
}

// deliver writes the document, and at its end what had no room in it.
func (d *document) deliver(w io.Writer) error {
	if d.left > 0 {
		fmt.Fprintf(&d.text, "*%s left out: a comment holds 65,536 characters. The JSON report has everything.*\n", count(d.left, "section"))
	}
	text := strings.TrimRight(d.text.String(), "\n") + "\n"
	return deliver(w, []byte(disarm(unglue(text))))
}
