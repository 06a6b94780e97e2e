package budget

import (
	"time"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/metric"
)

// MeasureExact is the measurement of an image as far as the image alone tells it:
// its digests, what it is made of, and every exact metric that b gates. No trial
// is run.
func MeasureExact(b Budget, img *image.Image, of *inventory.Inventory) Measurement {
	m := Measurement{
		Image:          b.Image,
		Platform:       img.Platform,
		ConfigDigest:   img.ConfigDigest,
		ManifestDigest: img.ManifestDigest,
		ContentsDigest: img.ContentsDigest,
		Reference:      img.Reference,
		Recorded:       time.Now().UTC().Truncate(time.Second),
		Link:           b.Link,
		Metrics:        map[string]Value{},
		Contents:       of,
	}
	for _, g := range b.Metrics {
		if def, ok := metric.Named(g.Metric); ok && def.Exact != nil {
			n := def.Exact(of)
			m.Metrics[def.Name] = Value{Number: &n}
		}
	}
	return m
}
