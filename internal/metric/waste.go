package metric

import "github.com/image-budget/image-budget/internal/inventory"

// Waste counts what is not needed at run time, whatever the service: every
// category of package waste but those that depend on the service. A file counts
// once.
var Waste = Metric{
	Name: "waste", Unit: Bytes,
	Help:  "what no service needs at run time (toolchains, caches, tests, documentation, ...; see explain), in bytes",
	Exact: (*inventory.Inventory).Needless,
}
