package store

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/opencontainers/go-digest"
)

// Blob opens a blob for reading. The error matches fs.ErrNotExist when the
// store does not hold it.
func (s *Store) Blob(d digest.Digest) (*os.File, error) {
	if err := checkDigest(d); err != nil {
		return nil, fmt.Errorf("opening blob: %w", err)
	}
	f, err := os.Open(s.path(blobFolder, d.Encoded()))
	if err != nil {
		return nil, fmt.Errorf("opening blob %s: %w", d, err)
	}
	s.touch(d)
	return f, nil
}

// Link makes path another name of a blob, which must not be written to: a hard link,
// or a symbolic one where path is on another file system.
func (s *Store) Link(d digest.Digest, path string) error {
	if err := checkDigest(d); err != nil {
		return fmt.Errorf("linking blob: %w", err)
	}
	blob, err := filepath.Abs(s.path(blobFolder, d.Encoded()))
	if err == nil {
		_, err = os.Stat(blob)
	}
	if err == nil && os.Link(blob, path) != nil {
		err = os.Symlink(blob, path)
	}
	if err != nil {
		return fmt.Errorf("linking blob %s: %w", d, err)
	}
	s.touch(d)
	return nil
}

// holds reports whether the blob is there in its full size. A file that was
// cut short counts as absent.
func (s *Store) holds(d digest.Digest, size int64) bool {
	if checkDigest(d) != nil {
		return false
	}
	stat, err := os.Stat(s.path(blobFolder, d.Encoded()))
	return err == nil && stat.Mode().IsRegular() && stat.Size() == size
}

// touch marks a blob as used, which keeps it from being pruned. That it fails,
// on a read-only file system for one, costs nothing but the mark.
func (s *Store) touch(d digest.Digest) {
	now := time.Now()
	_ = os.Chtimes(s.path(blobFolder, d.Encoded()), now, now)
}

// BlobWriter is a blob on its way into the store. It is seen by nobody until
// Commit. Call Abort when done with it in any case.
type BlobWriter struct {
	*unfinished
}

// Create starts a blob.
func (s *Store) Create() (*BlobWriter, error) {
	f, err := s.begin("blob-")
	if err != nil {
		return nil, fmt.Errorf("creating blob: %w", err)
	}
	return &BlobWriter{f}, nil
}

// Write appends to the blob.
func (w *BlobWriter) Write(p []byte) (int, error) {
	n, err := w.file.Write(p)
	if err != nil {
		return n, fmt.Errorf("writing blob: %w", err)
	}
	return n, nil
}

// Commit makes the blob part of the store under d, which must be the digest of
// what was written.
func (w *BlobWriter) Commit(d digest.Digest) error {
	err := checkDigest(d)
	if err == nil {
		// Without the sync a power cut could leave the name and the size with
		// other bytes, and they would be taken for the blob.
		err = w.file.Sync()
	}
	if err == nil {
		err = w.place(blobFolder, d)
	}
	if err != nil {
		return fmt.Errorf("storing blob %s: %w", d, err)
	}
	return nil
}
