package metric

import "github.com/image-budget/image-budget/internal/image"

// Size counts what the layers hold when unpacked. It equals the Size of an
// image on an overlay2 engine, and is the same whichever engine holds it.
var Size = Metric{
	Name: "size", Unit: Bytes, Default: true,
	Help: "content of regular files plus symlink targets, summed over the layers, in bytes",
	Exact: func(img *image.Image) int64 {
		var sum int64
		for _, layer := range img.Layers {
			sum += layer.Content
		}
		return sum
	},
}
