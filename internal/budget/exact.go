package budget

import (
	"time"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/metric"
)

// MeasureExact is the measurement of an image as far as the image alone tells it: its
// digests, its layers and every exact metric that b gates. No trial is run.
func MeasureExact(b Budget, img *image.Image) Measurement {
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
	}
	for _, g := range b.Metrics {
		if def, ok := metric.Named(g.Metric); ok && def.Exact != nil {
			n := def.Exact(img)
			m.Metrics[def.Name] = Value{Number: &n}
		}
	}
	for _, l := range img.Layers {
		m.Layers = append(m.Layers, LayerSummary{
			DiffID: l.DiffID, Size: l.Content, Compressed: l.Size, Files: l.Files, Instruction: l.Instruction,
		})
	}
	return m
}
