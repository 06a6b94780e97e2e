package metric

import "github.com/image-budget/image-budget/internal/inventory"

// Layers counts the diff IDs of the image config.
var Layers = Metric{
	Name: "layers", Unit: Count, Default: true,
	Help:  "number of layers in the image config",
	Exact: func(i *inventory.Inventory) int64 { return int64(len(i.Layers)) },
}
