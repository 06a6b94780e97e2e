package store

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"

	"github.com/opencontainers/go-digest"
)

// headerSize is the length of a record's header, whatever its body.
var headerSize = len(header(nil))

// Contents opens the index of what the layer in blob d holds, for reading to
// its end: only there is known whether it is whole. A *DamagedError in place
// of io.EOF says that it was not, and has been removed.
func (s *Store) Contents(d digest.Digest) (io.ReadCloser, error) {
	if err := checkDigest(d); err != nil {
		return nil, fmt.Errorf("opening contents: %w", err)
	}
	f, err := os.Open(s.path(contentsFolder, d.Encoded()))
	if err != nil {
		return nil, fmt.Errorf("opening contents of layer %s: %w", d, err)
	}
	head := make([]byte, headerSize)
	if _, err := io.ReadFull(f, head); err != nil {
		return nil, errors.Join(s.damaged(d), f.Close())
	}
	return &contentsReader{store: s, digest: d, file: f, head: head, hash: sha256.New()}, nil
}

type contentsReader struct {
	store  *Store
	digest digest.Digest
	file   *os.File
	head   []byte
	hash   hash.Hash
}

func (r *contentsReader) Read(p []byte) (int, error) {
	n, err := r.file.Read(p)
	r.hash.Write(p[:n])
	if err == io.EOF { //nolint:errorlint // io.Reader returns it bare
		if want := headerOf([sha256.Size]byte(r.hash.Sum(nil))); !bytes.Equal(r.head, want) {
			err = r.store.damaged(r.digest)
		}
	}
	return n, err
}

func (r *contentsReader) Close() error { return r.file.Close() }

func (s *Store) damaged(d digest.Digest) error {
	return &DamagedError{Layer: d, Err: remove(s.path(contentsFolder, d.Encoded()))}
}

// DamagedError is an index in the store that is not what was written there.
type DamagedError struct {
	Layer digest.Digest // of its blob
	Err   error         // why the index could not be removed; else nil
}

func (e *DamagedError) Error() string {
	message := fmt.Sprintf("what the image cache has noted of layer %s is damaged", e.Layer)
	if e.Err != nil {
		message += ": " + e.Err.Error()
	}
	return message
}

func (e *DamagedError) Unwrap() error { return e.Err }

// Hint says what to do.
func (e *DamagedError) Hint() string {
	return "run it again: the layer is measured anew then"
}

// contentsSize is how many bytes the contents of a layer have on disk.
func (s *Store) contentsSize(d digest.Digest) (int64, bool) {
	stat, err := os.Stat(s.path(contentsFolder, d.Encoded()))
	if err != nil || !stat.Mode().IsRegular() {
		return 0, false
	}
	return stat.Size(), true
}

// ContentsWriter is the index of a layer on its way into the store. It is seen
// by nobody until Commit. Call Abort when done with it in any case.
type ContentsWriter struct {
	*unfinished
	hash hash.Hash
}

// CreateContents starts the index of a layer.
func (s *Store) CreateContents() (*ContentsWriter, error) {
	f, err := s.begin("contents-")
	if err != nil {
		return nil, fmt.Errorf("creating contents: %w", err)
	}
	w := &ContentsWriter{f, sha256.New()}
	if _, err := w.file.Write(make([]byte, headerSize)); err != nil {
		return nil, errors.Join(fmt.Errorf("creating contents: %w", err), w.Abort())
	}
	return w, nil
}

// Write appends to the index.
func (w *ContentsWriter) Write(p []byte) (int, error) {
	w.hash.Write(p)
	n, err := w.file.Write(p)
	if err != nil {
		return n, fmt.Errorf("writing contents: %w", err)
	}
	return n, nil
}

// Commit makes the index that of the layer in blob d. Like a record it is not
// synced, because a damaged one is noticed.
func (w *ContentsWriter) Commit(d digest.Digest) error {
	err := checkDigest(d)
	if err == nil {
		_, err = w.file.WriteAt(headerOf([sha256.Size]byte(w.hash.Sum(nil))), 0)
	}
	if err == nil {
		err = w.place(contentsFolder, d)
	}
	if err != nil {
		return fmt.Errorf("storing contents of layer %s: %w", d, err)
	}
	return nil
}

// Scratch is a file on the store's disk that is gone once it is closed.
func (s *Store) Scratch() (*os.File, error) {
	f, err := os.CreateTemp(s.path(tempFolder, ""), "scratch-")
	if err != nil {
		return nil, fmt.Errorf("creating a temporary file: %w", err)
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(fmt.Errorf("creating a temporary file: %w", err), f.Close())
	}
	return f, nil
}
