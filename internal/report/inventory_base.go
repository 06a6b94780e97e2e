package report

import (
	"fmt"

	"github.com/image-budget/image-budget/internal/inventory"
)

// baseKnown says how an image's base is known, by image.Base.By.
var baseKnown = map[string]string{
	"labels":      "as its labels say",
	"annotations": "as its annotations say",
	"Dockerfile":  "as its Dockerfile says",
	"history":     "by its history",
}

// based says which layers are those of the base image; empty where nothing is
// known of one.
func based(i *inventory.Inventory, quote quoting) string {
	b := i.Base
	name, how := "its base image", baseKnown[b.By]
	if b.Name != "" {
		name = quote(b.Short())
	}
	switch {
	case how == "":
		return ""
	case b.Layers == 1:
		return fmt.Sprintf("layer 0, %s, is that of %s (%s)", bytesText(i.BaseSize()), name, how)
	case b.Layers > 1:
		return fmt.Sprintf("layers 0 to %d, %s, are those of %s (%s)", b.Layers-1, bytesText(i.BaseSize()), name, how)
	case b.Name == "scratch":
		return fmt.Sprintf("built from scratch (%s)", how)
	}
	return fmt.Sprintf("built on %s (%s), but which layers it has from there is not known", name, how)
}
