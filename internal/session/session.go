// Package session records what a run makes outside its own memory, before it
// makes it, so that whatever a killed run left can be removed by the next one.
//
// One run has one record file, <dir>/sessions/<nonce>, locked (flock) for as
// long as its process lives; the kernel drops the lock of a dead process. A
// later run that can take the lock knows that the owner is gone. Nothing but
// these records ever says what may be removed: labels and names found in an
// engine prove nothing, since an image can carry any label.
//
// The package knows nothing of engines; whoever reaps asks one to remove what
// a record names.
package session

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Session is the record of the run that this process is.
type Session struct {
	*Record
	temps int // folders that TempDir made
}

// Start begins a session whose record is kept under dir, the cache folder,
// which is made when it is not there. Close ends it.
func Start(dir string) (*Session, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("starting a session in %q: %w", dir, err)
	}
	unlock, err := lockFolder(dir)
	if err != nil {
		return nil, fmt.Errorf("starting a session in %q: %w", dir, err)
	}
	defer unlock()

	var random [8]byte
	_, _ = rand.Read(random[:]) // crypto/rand never fails; it ends the program instead
	nonce := hex.EncodeToString(random[:])
	path := filepath.Join(dir, folder, nonce)
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("starting a session: %w", err)
	}
	if err := errors.Join(lock(file), syncFolder(filepath.Dir(path))); err != nil {
		return nil, errors.Join(fmt.Errorf("starting session %q: %w", path, err), file.Close(), os.Remove(path))
	}
	return &Session{Record: &Record{dir: dir, nonce: nonce, file: file}}, nil
}

// On notes the address of the engine on which containers and images will be
// made, so that nobody looks for them on another one.
func (s *Session) On(host string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.host = host
	return s.write(on, Thing{Kind: "engine", Name: host})
}

// Will notes that a thing is about to be made, and returns when the note is on
// disk. When it fails, the thing must not be made. The name has to contain the
// nonce, and a Path has to lie inside a folder that TempDir gave, so that no
// record can ever name what belongs to somebody else.
func (s *Session) Will(kind Kind, name string) error {
	thing := Thing{Kind: kind, Name: name}
	if err := s.ours(thing); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.write(made, thing); err != nil {
		return err
	}
	if err := s.file.Sync(); err != nil {
		return fmt.Errorf("recording %s %q: %w", kind, name, err)
	}
	s.left = append(s.left, thing)
	return nil
}

// TempDir makes an empty folder for this run and records it. Remove it with
// RemovePath; Close removes those that are still there.
func (s *Session) TempDir() (string, error) {
	s.mu.Lock()
	s.temps++
	path := filepath.Join(s.tempRoot(), fmt.Sprint(s.temps))
	s.mu.Unlock()
	if err := s.Will(Path, path); err != nil {
		return "", err
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return "", fmt.Errorf("making temporary folder %q: %w", path, err)
	}
	return path, nil
}
