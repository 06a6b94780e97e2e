package source

import (
	"github.com/image-budget/image-budget/internal/ancestry"
	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/image"
)

// based says what the image was built on. That is not kept in the cache, since
// the same image may have been read before without the Dockerfile it was built by.
// build is nil unless we have built it.
func (m Machine) based(img *image.Image, _ *budget.Build) *image.Image {
	img.Base = ancestry.Of(img)
	return img
}
