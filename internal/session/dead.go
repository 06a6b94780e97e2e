package session

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"

	"golang.org/x/sys/unix"
)

const (
	folder     = "sessions" // of the records, inside the cache folder
	folderLock = ".lock"    // held while a record is created, or records are looked through
)

var nonce = regexp.MustCompile(`^[0-9a-f]{16}$`)

// Dead returns the records under dir whose process is gone, each now locked by
// this process, so that no other run reaps the same one. The caller removes
// what they name, says so with Done or RemovePath, and closes every one. A
// record that names nothing is closed here.
func Dead(dir string) ([]*Record, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("looking for dead sessions in %q: %w", dir, err)
	}
	unlock, err := lockFolder(dir)
	if err != nil {
		return nil, fmt.Errorf("looking for dead sessions in %q: %w", dir, err)
	}
	defer unlock()
	entries, err := os.ReadDir(filepath.Join(dir, folder))
	if err != nil {
		return nil, fmt.Errorf("looking for dead sessions: %w", err)
	}
	var dead []*Record
	var errs []error
	for _, entry := range entries {
		if !nonce.MatchString(entry.Name()) || !entry.Type().IsRegular() {
			continue
		}
		record, err := take(dir, entry.Name())
		switch {
		case err != nil:
			errs = append(errs, err)
		case record != nil && len(record.left) == 0:
			errs = append(errs, record.Close())
		case record != nil:
			dead = append(dead, record)
		}
	}
	return dead, errors.Join(errs...)
}

// take locks and reads one record; nil when its process lives, or when another
// reaper has it or has just removed it.
func take(dir, name string) (*Record, error) {
	path := filepath.Join(dir, folder, name)
	file, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND, 0)
	if err != nil {
		return nil, ignoreMissing(err)
	}
	err = lock(file)
	if errors.Is(err, unix.EWOULDBLOCK) || (err == nil && unlinked(file)) {
		return nil, file.Close()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("locking session %q: %w", path, err), file.Close())
	}
	lines, err := io.ReadAll(file)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("reading session %q: %w", path, err), file.Close())
	}
	record := &Record{dir: dir, nonce: name, file: file, torn: true}
	things, host := parse(string(lines))
	record.host = host
	for _, thing := range things {
		if record.ours(thing) == nil { // a name without the nonce was not written by a session
			record.left = append(record.left, thing)
		}
	}
	return record, nil
}

// lock takes the file's exclusive lock or fails with EWOULDBLOCK. The lock is
// the open file's, so it ends with the process; Go opens files close-on-exec,
// so no child keeps it.
func lock(file *os.File) error { return unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB) }

// unlinked reports whether the file was removed between open and lock.
func unlinked(file *os.File) bool {
	var stat unix.Stat_t
	return unix.Fstat(int(file.Fd()), &stat) == nil && stat.Nlink == 0
}

// lockFolder makes the folder of the records and waits for its lock, which
// closes the gap between creating a record and locking it.
func lockFolder(dir string) (unlock func(), err error) {
	path := filepath.Join(dir, folder)
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(filepath.Join(path, folderLock), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		err = unix.Flock(int(file.Fd()), unix.LOCK_EX)
		if !errors.Is(err, unix.EINTR) {
			break
		}
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return func() { _ = file.Close() }, nil
}

// syncFolder puts a new file's name on disk.
func syncFolder(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}
