package metric

import "github.com/image-budget/image-budget/internal/image"

// Layers counts the diff IDs of the image config.
var Layers = Metric{
	Name: "layers", Unit: Count, Default: true,
	Help:  "number of layers in the image config",
	Exact: func(img *image.Image) int64 { return int64(len(img.Layers)) },
}
