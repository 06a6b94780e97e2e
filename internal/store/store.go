// Package store is the content-addressed cache on disk that images pass
// through: layer blobs, and records of what one pass over them measured. It
// knows nothing of sources, registries or engines.
//
// Below its folder:
//
//	blobs/sha256/<hex>   layer blobs
//	layers/<hex>         one record a blob
//	contents/<hex>       the index of what the layer in a blob holds
//	indexed/<hex>        one record a layer whose contents are there without its blob
//	index/<hash>         names (diff IDs, hints) that lead to a blob digest
//	images/<hash>        one record an image, by the key its source gave it
//	tmp/                 what is being written
//	lock                 held shared while open, exclusive while cleaning
package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/opencontainers/go-digest"
)

// DefaultLimit is how many bytes of blobs, and of what is in them, a store keeps
// when it is closed.
const DefaultLimit int64 = 20 << 30

// The folders of a store.
const (
	blobFolder     = "blobs/sha256"
	layerFolder    = "layers"
	contentsFolder = "contents"
	indexedFolder  = "indexed"
	indexFolder    = "index"
	imageFolder    = "images"
	tempFolder     = "tmp"
)

// Store is an open cache. It may be used by several goroutines, and its folder
// by several processes, at once.
type Store struct {
	dir   string
	limit int64
	lock  *os.File
}

// Open opens the store in dir, making it when there is none, and removes what
// processes that died were writing. It waits while another process prunes.
// Close prunes blobs down to limit bytes.
func Open(dir string, limit int64) (*Store, error) {
	// Only the user may read it: blobs of private images are in there.
	for _, folder := range []string{blobFolder, layerFolder, contentsFolder, indexedFolder, indexFolder, imageFolder, tempFolder} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o700); err != nil {
			return nil, fmt.Errorf("opening image cache %q: %w", dir, err)
		}
	}
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening image cache %q: %w", dir, err)
	}
	s := &Store{dir: dir, limit: limit, lock: lock}
	if alone(lock) {
		err = s.clearTemp()
	}
	if err == nil {
		err = share(lock)
	}
	if err != nil {
		lock.Close()
		return nil, fmt.Errorf("opening image cache %q: %w", dir, err)
	}
	return s, nil
}

// Close prunes the store to its limit, unless another process has it open, and
// lets go of it.
func (s *Store) Close() error {
	if s.lock == nil {
		return nil
	}
	var err error
	if alone(s.lock) {
		err = errors.Join(s.clearTemp(), s.prune())
	}
	err = errors.Join(err, s.lock.Close())
	s.lock = nil
	if err != nil {
		return fmt.Errorf("closing image cache %q: %w", s.dir, err)
	}
	return nil
}

func (s *Store) path(folder, name string) string { return filepath.Join(s.dir, folder, name) }

// clearTemp removes unfinished files. Their writers are dead, or the lock
// could not have been had alone.
func (s *Store) clearTemp() error {
	entries, err := os.ReadDir(s.path(tempFolder, ""))
	for _, entry := range entries {
		err = errors.Join(err, remove(s.path(tempFolder, entry.Name())))
	}
	return err
}

// remove is os.Remove for a file that may be gone already.
func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// checkDigest keeps anything but a SHA-256 digest out of file names.
func checkDigest(d digest.Digest) error {
	if err := d.Validate(); err != nil {
		return fmt.Errorf("digest %q: %w", d, err)
	}
	if d.Algorithm() != digest.SHA256 {
		return fmt.Errorf("digest %q: only sha256 is supported", d)
	}
	return nil
}
