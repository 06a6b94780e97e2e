package store

import (
	"fmt"

	"github.com/image-budget/image-budget/internal/image"
)

// imageRecord is an image under the key its source gave it.
type imageRecord struct {
	Key   string
	Image image.Image
}

// Image is the image recorded under key, if every layer of it is there.
func (s *Store) Image(key string) (*image.Image, bool) {
	var record imageRecord
	if !s.read(imageFolder, fileName(key), &record) || record.Key != key || !s.whole(&record.Image) {
		return nil, false
	}
	for _, layer := range record.Image.Layers {
		s.touch(layer.Digest)
	}
	return &record.Image, true
}

// PutImage records an image whose layers are all in the store. The key is
// whatever its source can tell the same image by next time, such as an
// engine's ID or a manifest digest.
func (s *Store) PutImage(key string, img *image.Image) error {
	if !s.whole(img) {
		return fmt.Errorf("recording image %q: not every layer of it is in the store", key)
	}
	if err := s.write(imageFolder, fileName(key), imageRecord{Key: key, Image: *img}); err != nil {
		return fmt.Errorf("recording image %q: %w", key, err)
	}
	return nil
}

func (s *Store) whole(img *image.Image) bool {
	for _, layer := range img.Layers {
		held, ok := s.recorded(layer.Digest)
		if !ok || held.Size != layer.Size {
			return false
		}
	}
	return true
}
