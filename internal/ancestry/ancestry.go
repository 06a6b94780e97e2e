// Package ancestry says which of an image's layers it has from the image that it
// was built on: by what its labels and annotations say, by the Dockerfile when
// that is at hand, and else by its history. It reads what it is given and
// nothing else: it knows of no files, engines, registries or caches.
package ancestry

import (
	"encoding/json"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/image-budget/image-budget/internal/image"
)

// Evidence is what is known of an image beside the image itself.
type Evidence struct {
	Build *Build                            // nil unless it is known how it was built
	Held  func(digest.Digest) []image.Layer // layers of the image that a digest names, if it is at hand; may be nil
}

// Of is what img was built on. Nothing that the image says need be well formed:
// what cannot be read says nothing.
func Of(img *image.Image, e Evidence) image.Base {
	var config ocispec.Image
	if err := json.Unmarshal(img.Config, &config); err != nil {
		return image.Base{}
	}
	past := recorded(config.History, len(img.Layers))
	end := past.baseEnd()
	base := image.Base{Layers: past.layers(end)}
	if base.Layers > 0 {
		base.By = "history"
	}
	handedDown := past.handsDown(end)
	if e.Build != nil {
		// A Dockerfile that cannot be read says nothing either: it may be one for
		// another frontend than BuildKit's own.
		if p, err := e.Build.read(img.Platform); err == nil {
			base = past.built(p, base)
			handedDown = !p.labels
		}
	}
	return said(img, config.Config.Labels, handedDown).over(base, img.Layers, e.Held)
}
