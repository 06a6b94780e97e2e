package budget

import (
	"fmt"

	"github.com/opencontainers/go-digest"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/metric"
)

// SameImage says why now is the baseline's image, so that every ratio of the
// two is 1 wherever and whenever they are measured: one config digest, which
// stands for all of an image, or one contents digest, which stands for all that
// a container sees. Empty when it is another image, or is not known to be the
// same.
func SameImage(base, now Measurement) string {
	switch {
	case base.ConfigDigest != "" && base.ConfigDigest == now.ConfigDigest:
		return "the image is the baseline's: one config digest"
	case base.ContentsDigest != "" && base.ContentsDigest == now.ContentsDigest:
		return "a container sees what it saw in the baseline's image: one contents digest"
	}
	return ""
}

// For is the baseline as one of its timed metrics sees it: where that was
// accepted by itself, of another image, only that image's contents are known.
func (m Measurement) For(name string) Measurement {
	if own := m.Metrics[name].Contents; own != "" {
		m.ConfigDigest, m.ManifestDigest, m.ContentsDigest = "", "", own
		m.Reference, m.Commit, m.Contents = "", "", nil
	}
	return m
}

// SameLayers says why a pull of now transfers and unpacks the same as one of
// the baseline's image, but for less than 1 %: of the bytes of the layers, as
// they are compressed and as they are unpacked, what only one of the images has
// is less than that in both. Empty when it is more, or is not known.
func SameLayers(base, now Measurement) string {
	if base.Contents == nil || now.Contents == nil || len(base.Contents.Layers) == 0 || len(now.Contents.Layers) == 0 {
		return ""
	}
	was, is := sums(base.Contents.Layers), sums(now.Contents.Layers)
	shared := sums(common(base.Contents.Layers, now.Contents.Layers))
	if was.compressed = compressedTotal(base); was.compressed == 0 {
		return ""
	}
	if !nearly(shared.content, was.content) || !nearly(shared.content, is.content) ||
		!nearly(shared.compressed, was.compressed) || !nearly(shared.compressed, is.compressed) {
		return ""
	}
	if shared.layers == was.layers && shared.layers == is.layers {
		return "the layers are the baseline's"
	}
	return fmt.Sprintf("%d of %d layers are the baseline's, and what differs is under 1 %% of the bytes", shared.layers, is.layers)
}

// layerSums adds up layers, in bytes.
type layerSums struct {
	layers, content, compressed int64
}

func sums(layers []inventory.Layer) (s layerSums) {
	for _, l := range layers {
		s.layers++
		s.content += l.Size
		s.compressed += l.Compressed
	}
	return s
}

// common is the layers of now that base has too, as often as it has them.
func common(base, now []inventory.Layer) []inventory.Layer {
	left := map[digest.Digest]int{}
	for _, l := range base {
		left[l.DiffID]++
	}
	var both []inventory.Layer
	for _, l := range now {
		if left[l.DiffID] > 0 {
			left[l.DiffID]--
			both = append(both, l)
		}
	}
	return both
}

// compressedTotal is what all blobs of a baseline's image have, from the layers
// where the image is at hand and else from its metric; 0 when neither says so.
func compressedTotal(base Measurement) int64 {
	if base.Contents != nil {
		if total := sums(base.Contents.Layers).compressed; total > 0 {
			return total
		}
	}
	if recorded := base.Metrics[metric.CompressedSize.Name].Number; recorded != nil {
		return *recorded
	}
	return 0
}

// nearly reports whether a part differs from the whole by under 1 % of it. It
// may be more than the whole: one layer may be packed in two ways.
func nearly(part, whole int64) bool {
	return whole >= 0 && (part == whole || max(part-whole, whole-part) < whole/100)
}

// SamePacking reports whether an image's blobs are as large, within 1 %, as
// those that were recorded, or that is not known. Pulls of one image in two
// compressions do not take the same time.
func SamePacking(recorded Measurement, img *image.Image) bool {
	was := compressedTotal(recorded)
	var is int64
	for _, l := range img.Layers {
		is += l.Size
	}
	return was == 0 || nearly(is, was)
}
