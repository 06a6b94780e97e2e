package store

import (
	"cmp"
	"errors"
	"os"
	"slices"
	"time"

	"github.com/opencontainers/go-digest"
)

// held is a file that keeps others: a blob, or the record of contents that are
// there without one.
type held struct {
	path string
	size int64 // with the contents
	used time.Time
}

// prune drops the blobs and the contents without a blob that were used least
// recently until the limit holds, and then every record that led to one of them.
// The lock is held alone.
func (s *Store) prune() error {
	var all []held
	for _, folder := range []string{blobFolder, indexedFolder} {
		found, err := s.heldIn(folder)
		if err != nil {
			return err
		}
		all = append(all, found...)
	}
	var total int64
	for _, h := range all {
		total += h.size
	}
	if total <= s.limit {
		return nil
	}
	slices.SortFunc(all, func(a, b held) int {
		return cmp.Or(a.used.Compare(b.used), cmp.Compare(a.path, b.path))
	})
	for _, h := range all {
		if total <= s.limit {
			break
		}
		if err := remove(h.path); err != nil {
			return err
		}
		total -= h.size
	}
	return s.sweep()
}

func (s *Store) heldIn(folder string) ([]held, error) {
	entries, err := os.ReadDir(s.path(folder, ""))
	if err != nil {
		return nil, err
	}
	var all []held
	for _, entry := range entries {
		stat, err := entry.Info()
		if err != nil {
			continue // gone since
		}
		contents, _ := s.contentsSize(digest.NewDigestFromEncoded(digest.SHA256, entry.Name()))
		all = append(all, held{s.path(folder, entry.Name()), stat.Size() + contents, stat.ModTime()})
	}
	return all, nil
}

// sweep drops the records that lead nowhere.
func (s *Store) sweep() error {
	isLayer := func(name string) bool {
		_, ok := s.recorded(digest.NewDigestFromEncoded(digest.SHA256, name))
		return ok
	}
	isIndexed := func(name string) bool {
		_, ok := s.indexed(digest.NewDigestFromEncoded(digest.SHA256, name))
		return ok
	}
	return errors.Join(
		s.sweepFolder(layerFolder, isLayer),
		s.sweepFolder(indexedFolder, isIndexed),
		s.sweepFolder(contentsFolder, func(name string) bool { return isLayer(name) || isIndexed(name) }),
		s.sweepFolder(indexFolder, func(name string) bool {
			var entry indexEntry
			if !s.read(indexFolder, name, &entry) {
				return false
			}
			return isLayer(entry.Blob.Encoded()) || isIndexed(entry.Blob.Encoded())
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
