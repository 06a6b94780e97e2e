package report

import (
	"fmt"
	"io"

	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/metric"
)

// inventoryViews is every format of explain, in the order of help. A new one is a
// line here.
var inventoryViews = views[*inventory.Inventory]{
	{"text", "for a terminal, what can be saved first", inventoryText},
	{"json", "the whole inventory, for programs", inventoryJSON},
	{"markdown", "for a pull request comment or a job summary", inventoryMarkdown},
	{"html", "one file with a map of the image, for a browser and for paper", inventoryHTML},
}

// InventoryFormatNames lists the formats of explain, the default first.
func InventoryFormatNames() []string { return inventoryViews.names() }

// InventoryFormat finds what writes an inventory, with its top largest packages.
func InventoryFormat(name string) (func(io.Writer, *inventory.Inventory, int, Options) error, bool) {
	return inventoryViews.named(name)
}

func bytesText(n int64) string {
	v := float64(n)
	return scaleFor(string(metric.Bytes), v).format(&v)
}

// saving says in one sentence what would save most.
func saving(i *inventory.Inventory) string {
	if i.Needless() == 0 {
		return "nothing in it is known not to be needed at run time"
	}
	text := fmt.Sprintf("%s of %s is not needed at run time", bytesText(i.Needless()), bytesText(i.Size))
	rest := i.Needless()
	for n, w := range i.Waste {
		if w.Optional || n == 4 {
			break
		}
		text += map[bool]string{true: ": ", false: ", "}[n == 0] + w.Title + " " + bytesText(w.Size)
		rest -= w.Size
	}
	if rest > 0 {
		text += ", and " + bytesText(rest) + " of other kinds"
	}
	return text
}

// contains is how much of what is in it: "2.80 GB in 8 layers, 412 packages".
func contains(i *inventory.Inventory) string {
	return fmt.Sprintf("%s in %s, %s", bytesText(i.Size), count(len(i.Layers), "layer"), count(len(i.Packages), "package"))
}
