package source

import (
	"github.com/opencontainers/go-digest"

	"github.com/image-budget/image-budget/internal/ancestry"
	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/image"
)

// dockerfileLimit bounds what is read of a Dockerfile, in bytes.
const dockerfileLimit = 1 << 20

// based says what the image was built on. That is not kept in the cache, since the
// same image may have been read before without the Dockerfile it was built by.
// build is nil unless we have built it.
func (m Machine) based(img *image.Image, build *budget.Build) *image.Image {
	known := ancestry.Evidence{Held: m.layersOf}
	if build != nil {
		// A Dockerfile that is gone, or too long, leaves what else is known.
		if text, err := readSmall(build.Dockerfile, dockerfileLimit); err == nil {
			known.Build = &ancestry.Build{Dockerfile: text, Target: build.Target, Args: build.Args}
		}
	}
	img.Base = ancestry.Of(img, known)
	return img
}

// layersOf is the layers of the image that a digest names, of its manifest or of
// its config; nil where the cache does not have it.
func (m Machine) layersOf(d digest.Digest) []image.Layer {
	for _, key := range []string{registryKey(d), layoutKey(d)} {
		if img, ok := m.Store.Image(key); ok {
			return img.Layers
		}
	}
	if img, ok := Kept(m.Store, d); ok {
		return img.Layers
	}
	return nil
}
