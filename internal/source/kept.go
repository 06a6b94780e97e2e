package source

import (
	"errors"

	"github.com/opencontainers/go-digest"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/store"
)

// Keep notes an image under its config digest and under its contents digest, so
// that a later run finds it when it is the baseline, wherever it came from. The
// copy is on this disk; that the engine holds one too need not last.
func Keep(in *store.Store, img *image.Image) error {
	kept := *img
	kept.EngineRef = ""
	return errors.Join(in.PutImage(keptKey(img.ConfigDigest), &kept), in.PutImage(keptKey(img.ContentsDigest), &kept))
}

// Kept is the image that was kept under a config digest or a contents digest,
// if all of its layers are still there.
func Kept(in *store.Store, d digest.Digest) (*image.Image, bool) {
	img, ok := in.Image(keptKey(d))
	return img, ok && d != "" && (img.ConfigDigest == d || img.ContentsDigest == d)
}

func keptKey(d digest.Digest) string { return "kept " + d.String() }
