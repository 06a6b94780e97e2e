package store

import (
	"fmt"

	"github.com/opencontainers/go-digest"

	"github.com/image-budget/image-budget/internal/image"
)

// PutIndexed records a layer of which the store has the contents and no blob. It
// is found by Indexed alone, so that nobody takes it for more.
func (s *Store) PutIndexed(layer image.Layer) error {
	for _, d := range []digest.Digest{layer.Digest, layer.DiffID} {
		if err := checkDigest(d); err != nil {
			return fmt.Errorf("recording an indexed layer: %w", err)
		}
	}
	size, ok := s.contentsSize(layer.Digest)
	if !ok {
		return fmt.Errorf("recording indexed layer %s: what it holds is not in the store", layer.Digest)
	}
	layer.Instruction = ""
	if err := s.write(indexedFolder, layer.Digest.Encoded(), layerRecord{layer, size}); err != nil {
		return fmt.Errorf("recording indexed layer %s: %w", layer.Digest, err)
	}
	return nil
}

// Indexed is what is known of a layer whose contents the store holds, by the digest
// of its bytes as they came. Its blob need not be there.
func (s *Store) Indexed(d digest.Digest) (image.Layer, bool) {
	if layer, ok := s.layer(d); ok {
		return layer, true
	}
	return s.indexed(d)
}

// HintedIndexed is the layer that Hint remembered for name, if its contents are
// there.
func (s *Store) HintedIndexed(name string) (image.Layer, bool) {
	var entry indexEntry
	if !s.read(indexFolder, fileName(name), &entry) || entry.Name != name {
		return image.Layer{}, false
	}
	return s.Indexed(entry.Blob)
}

func (s *Store) indexed(d digest.Digest) (image.Layer, bool) {
	var record layerRecord
	if checkDigest(d) != nil || !s.read(indexedFolder, d.Encoded(), &record) || record.Digest != d {
		return image.Layer{}, false
	}
	size, ok := s.contentsSize(d)
	return record.Layer, ok && size == record.ContentsSize
}
