package metric

import "github.com/image-budget/image-budget/internal/inventory"

// Size counts what the layers hold when unpacked. It equals the Size of an
// image on an overlay2 engine, and is the same whichever engine holds it.
var Size = Metric{
	Name: "size", Unit: Bytes, Default: true,
	Help:  "content of regular files plus symlink targets, summed over the layers, in bytes",
	Exact: func(i *inventory.Inventory) int64 { return i.Size },
}
