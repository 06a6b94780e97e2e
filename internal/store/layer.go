package store

import (
	"fmt"

	"github.com/opencontainers/go-digest"

	"github.com/image-budget/image-budget/internal/image"
)

// layerRecord is a layer, and how many bytes its contents have on disk.
type layerRecord struct {
	image.Layer
	ContentsSize int64
}

// indexEntry leads from a name to a blob.
type indexEntry struct {
	Name string
	Blob digest.Digest
}

// Layer is what is known of a layer whose blob and contents the store holds, by
// its blob digest or by its diff ID. Of several blobs with one diff ID it is the
// one recorded last. Instruction is empty, since it belongs to an image.
func (s *Store) Layer(d digest.Digest) (image.Layer, bool) {
	if layer, ok := s.layer(d); ok {
		return layer, true
	}
	return s.Hinted(diffName(d))
}

func (s *Store) layer(d digest.Digest) (image.Layer, bool) {
	layer, ok := s.recorded(d)
	if ok {
		s.touch(d)
	}
	return layer, ok
}

// recorded is layer without the mark of use.
func (s *Store) recorded(d digest.Digest) (image.Layer, bool) {
	var record layerRecord
	if checkDigest(d) != nil || !s.read(layerFolder, d.Encoded(), &record) {
		return image.Layer{}, false
	}
	if record.Digest != d || !s.holds(d, record.Size) {
		return image.Layer{}, false
	}
	size, ok := s.contentsSize(d)
	return record.Layer, ok && size == record.ContentsSize
}

// PutLayer records a layer whose blob and contents were committed before.
func (s *Store) PutLayer(layer image.Layer) error {
	for _, d := range []digest.Digest{layer.Digest, layer.DiffID} {
		if err := checkDigest(d); err != nil {
			return fmt.Errorf("recording layer: %w", err)
		}
	}
	if !s.holds(layer.Digest, layer.Size) {
		return fmt.Errorf("recording layer %s: no blob of %d bytes is in the store", layer.Digest, layer.Size)
	}
	size, ok := s.contentsSize(layer.Digest)
	if !ok {
		return fmt.Errorf("recording layer %s: what it holds is not in the store", layer.Digest)
	}
	layer.Instruction = ""
	if err := s.write(layerFolder, layer.Digest.Encoded(), layerRecord{layer, size}); err != nil {
		return fmt.Errorf("recording layer %s: %w", layer.Digest, err)
	}
	return s.Hint(diffName(layer.DiffID), layer.Digest)
}

// Hint remembers that name led to the layer with this blob. It is no more than
// that: whoever follows it checks the bytes.
func (s *Store) Hint(name string, blob digest.Digest) error {
	if err := s.write(indexFolder, fileName(name), indexEntry{Name: name, Blob: blob}); err != nil {
		return fmt.Errorf("recording layer %s: %w", blob, err)
	}
	return nil
}

// Hinted is the layer that Hint remembered for name, if its blob is there.
func (s *Store) Hinted(name string) (image.Layer, bool) {
	var entry indexEntry
	if !s.read(indexFolder, fileName(name), &entry) || entry.Name != name {
		return image.Layer{}, false
	}
	return s.layer(entry.Blob)
}

func diffName(d digest.Digest) string { return "diff " + d.String() }
