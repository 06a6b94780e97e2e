// Package ancestry says which of an image's layers it has from the image that it
// was built on: by what its labels and annotations say, by the Dockerfile when
// that is at hand, and else by its history. It reads what it is given and
// nothing else: it knows of no files, engines, registries or caches.
package ancestry

import (
	"encoding/json"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/image-budget/image-budget/internal/image"
)

// Of is what img was built on. Nothing of the image need be well formed: what
// cannot be read says nothing.
func Of(img *image.Image) image.Base {
	var config ocispec.Image
	if err := json.Unmarshal(img.Config, &config); err != nil {
		return image.Base{}
	}
	past := recorded(config.History, len(img.Layers))
	if end := past.baseEnd(); end > 0 {
		return image.Base{Layers: past.layers(end), By: "history"}
	}
	return image.Base{}
}
