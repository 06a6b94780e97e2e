package store

import (
	"cmp"
	"errors"
	"os"
	"slices"
	"time"

	"github.com/opencontainers/go-digest"
)

// prune drops the blobs that were used least recently, with their contents,
// until the limit holds, and then every record that led to one of them. The
// lock is held alone.
func (s *Store) prune() error {
	type blob struct {
		name string
		size int64
		used time.Time
	}
	entries, err := os.ReadDir(s.path(blobFolder, ""))
	if err != nil {
		return err
	}
	var blobs []blob
	var total int64
	for _, entry := range entries {
		stat, err := entry.Info()
		if err != nil {
			continue // gone since
		}
		contents, _ := s.contentsSize(digest.NewDigestFromEncoded(digest.SHA256, entry.Name()))
		b := blob{entry.Name(), stat.Size() + contents, stat.ModTime()}
		blobs = append(blobs, b)
		total += b.size
	}
	if total <= s.limit {
		return nil
	}
	slices.SortFunc(blobs, func(a, b blob) int {
		return cmp.Or(a.used.Compare(b.used), cmp.Compare(a.name, b.name))
	})
	for _, b := range blobs {
		if total <= s.limit {
			break
		}
		if err := remove(s.path(blobFolder, b.name)); err != nil {
			return err
		}
		total -= b.size
	}
	return s.sweep()
}

// sweep drops the records that lead nowhere.
func (s *Store) sweep() error {
	isLayer := func(name string) bool {
		_, ok := s.recorded(digest.NewDigestFromEncoded(digest.SHA256, name))
		return ok
	}
	return errors.Join(
		s.sweepFolder(layerFolder, isLayer),
		s.sweepFolder(contentsFolder, isLayer),
		s.sweepFolder(indexFolder, func(name string) bool {
			var entry indexEntry
			if !s.read(indexFolder, name, &entry) {
				return false
			}
			_, ok := s.recorded(entry.Blob)
			return ok
		}),
		s.sweepFolder(imageFolder, func(name string) bool {
			var record imageRecord
			return s.read(imageFolder, name, &record) && s.whole(&record.Image)
		}),
	)
}

func (s *Store) sweepFolder(folder string, keep func(name string) bool) error {
	entries, err := os.ReadDir(s.path(folder, ""))
	for _, entry := range entries {
		if !keep(entry.Name()) {
			err = errors.Join(err, remove(s.path(folder, entry.Name())))
		}
	}
	return err
}
