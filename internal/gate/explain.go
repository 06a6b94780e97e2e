package gate

import (
	"context"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/layer"
	"github.com/image-budget/image-budget/internal/source"
)

// Explain takes the inventory of the image that ref names on the command line,
// with the top largest files. Nothing is run.
func Explain(ctx context.Context, ref string, want image.Platform, top int, at *Machine) (*inventory.Inventory, error) {
	img, err := at.read(ctx, ref, want)
	if err != nil {
		return nil, err
	}
	return inventory.Take(img, layer.Contents(ctx, at.store, img), inventory.Options{Files: top, Parts: true})
}

// read gets an image of which nothing is wanted but what its layers hold.
func (m *Machine) read(ctx context.Context, ref string, want image.Platform) (*image.Image, error) {
	sources := m.Sources
	sources.Index = true
	return source.Named(ctx, ref, want, sources)
}
