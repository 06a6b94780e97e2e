package store

import (
	"os"

	"github.com/opencontainers/go-digest"
)

// unfinished is a file on its way into the store.
type unfinished struct {
	store *Store
	file  *os.File // nil once it is placed or dropped
}

func (s *Store) begin(prefix string) (*unfinished, error) {
	f, err := os.CreateTemp(s.path(tempFolder, ""), prefix)
	if err != nil {
		return nil, err
	}
	return &unfinished{store: s, file: f}, nil
}

// place puts the file into a folder of the store, named after d.
func (u *unfinished) place(folder string, d digest.Digest) error {
	if err := u.file.Close(); err != nil {
		return err
	}
	if err := os.Rename(u.file.Name(), u.store.path(folder, d.Encoded())); err != nil {
		return err
	}
	u.file = nil
	return nil
}

// Abort drops the file, unless it was committed.
func (u *unfinished) Abort() error {
	if u.file == nil {
		return nil
	}
	name := u.file.Name()
	_ = u.file.Close() // may be closed by a commit that went wrong
	u.file = nil
	return remove(name)
}
