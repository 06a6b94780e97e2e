package gate

import (
	"context"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/layer"
	"github.com/image-budget/image-budget/internal/source"
)

// Explain takes the inventory of the image that ref names on the command line,
// with what o asks for. Nothing is run.
func Explain(ctx context.Context, ref string, want image.Platform, o inventory.Options, at *Machine) (*inventory.Inventory, error) {
	img, err := source.Named(ctx, ref, want, at.Sources)
	if err != nil {
		return nil, err
	}
	return inventory.Take(img, layer.Contents(ctx, at.store, img), o)
}
