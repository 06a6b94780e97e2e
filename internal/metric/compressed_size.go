package metric

import "github.com/image-budget/image-budget/internal/inventory"

// CompressedSize counts what a pull has to transfer.
var CompressedSize = Metric{
	Name: "compressed_size", Unit: Bytes, Default: true,
	Help: "layer blobs as a registry stores them, in bytes; unpacked layers are gzipped at the default level",
	Exact: func(i *inventory.Inventory) int64 {
		var sum int64
		for _, layer := range i.Layers {
			sum += layer.Compressed
		}
		return sum
	},
}
