package ancestry

import (
	"slices"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/opencontainers/go-digest"

	"github.com/image-budget/image-budget/internal/image"
)

// The keys of labels and annotations that say what an image was built on, see
// the OCI image specification, annotations.md.
const (
	baseName   = "org.opencontainers.image.base.name"
	baseDigest = "org.opencontainers.image.base.digest"
)

// Annotations are those of a manifest that name the base image; nil for none.
func Annotations(all map[string]string) map[string]string {
	var kept map[string]string
	for _, key := range []string{baseName, baseDigest} {
		if value := all[key]; value != "" && len(value) <= maxName {
			if kept == nil {
				kept = map[string]string{}
			}
			kept[key] = value
		}
	}
	return kept
}

// maxName bounds the name of an image, in bytes. A repository has 255 at the most,
// a tag 128, and a digest of SHA-512 136.
const maxName = 600

// statement is what an image itself says of its base.
type statement struct {
	name   string        // a reference; empty for none
	digest digest.Digest // of its manifest; empty for none
	by     string
}

// said is what the annotations say, since they are of this manifest and no other,
// and else the labels. Labels are handed down: those that the base image has not
// from this image name its own base, and say nothing here.
func said(img *image.Image, labels map[string]string, handedDown bool) statement {
	if s := stated(img.Annotations, "annotations"); s.by != "" || handedDown {
		return s
	}
	return stated(labels, "labels")
}

func stated(by map[string]string, what string) statement {
	var s statement
	if text := by[baseName]; len(text) <= maxName {
		if _, err := name.ParseReference(text); err == nil {
			s.name, s.by = text, what
		}
	}
	if d := digest.Digest(by[baseDigest]); len(d) <= maxName && d.Validate() == nil {
		s.digest, s.by = d, what
	}
	return s
}

// over is base with what is stated put over it. How many layers the base has can
// be told from the base image alone, where that is at hand and all of its layers
// are there.
func (s statement) over(base image.Base, layers []image.Layer, held func(digest.Digest) []image.Layer) image.Base {
	if s.name != "" {
		base.Name, base.By = s.name, s.by
	}
	if s.digest == "" || held == nil {
		return base
	}
	same := func(a, b image.Layer) bool { return a.DiffID == b.DiffID }
	of := held(s.digest)
	if len(of) > 0 && len(of) <= len(layers) && slices.EqualFunc(of, layers[:len(of)], same) {
		base.Layers, base.By = len(of), s.by
	}
	return base
}

// handsDown reports whether the base image, which made the first steps, has been
// given a label that names its own base, and this image none.
func (h history) handsDown(steps int) bool {
	for i, s := range slices.Backward(h) {
		if s.instruction == "LABEL" && strings.Contains(s.text, baseName) {
			return i < steps
		}
	}
	return false
}
