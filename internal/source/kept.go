package source

import (
	"github.com/opencontainers/go-digest"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/store"
)

// Keep notes an image under its config digest, so that a later run finds it
// when it is the baseline, wherever it came from. The copy is on this disk; that
// the engine holds one too need not last.
func Keep(in *store.Store, img *image.Image) error {
	kept := *img
	kept.EngineRef = ""
	return in.PutImage(keptKey(img.ConfigDigest), &kept)
}

// Kept is the image that was kept under a config digest, if all of its layers
// are still there.
func Kept(in *store.Store, config digest.Digest) (*image.Image, bool) {
	img, ok := in.Image(keptKey(config))
	return img, ok && img.ConfigDigest == config
}

func keptKey(config digest.Digest) string { return "config " + config.String() }
