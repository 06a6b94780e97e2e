package layer

import (
	"context"
	"io"

	"github.com/opencontainers/go-digest"

	"github.com/image-budget/image-budget/internal/contents"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/store"
)

// ContentsDigest is the contents digest of an image whose layers are all in the
// store, see contents.Digest. It reads their indexes and no layer.
func ContentsDigest(ctx context.Context, from *store.Store, img *image.Image) (digest.Digest, error) {
	return contents.Digest(img.Config, len(img.Layers), Contents(ctx, from, img))
}

// Contents opens the indexes of an image's layers, which are all in the store.
func Contents(ctx context.Context, from *store.Store, img *image.Image) contents.Open {
	return func(layer int) (io.ReadCloser, error) {
		file, err := from.Contents(img.Layers[layer].Digest)
		if err != nil {
			return nil, err
		}
		return struct {
			io.Reader
			io.Closer
		}{&input{ctx: ctx, r: file}, file}, nil
	}
}
