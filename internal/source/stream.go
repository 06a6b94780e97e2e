package source

import (
	"context"
	"io"

	"github.com/image-budget/image-budget/internal/layer"
)

// cancelled is a stream that ends with its context. A decompressor may read on
// from it for as long as there is nothing to unpack.
type cancelled struct {
	ctx context.Context //nolint:containedctx // lives for one pass over an archive
	r   io.Reader
}

func (c cancelled) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// around is an unpacked archive whose bytes are charged to the image, but for
// those of layers, which are charged where they are measured.
type around struct {
	r         io.Reader
	allowance *layer.Allowance
	inLayer   bool
}

func (a *around) Read(p []byte) (int, error) {
	n, err := a.r.Read(p)
	if a.inLayer {
		return n, err
	}
	if over := a.allowance.ChargeAround(int64(n)); over != nil {
		return 0, over
	}
	return n, err
}
