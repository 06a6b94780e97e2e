package budget

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Save writes m as the baseline file at path: whole or, whatever fails and
// whenever the process ends, not at all. A Save that was killed may leave a
// temporary file, which the next one in that folder removes.
func Save(path string, m Measurement) error {
	return locked(path, func(folder *os.File) error { return save(folder, path, m) })
}

// Update is Save of what change makes of the baseline at path, nil when there
// is none. Nobody else writes in between, so two updates at once lose nothing.
func Update(path string, change func(old *Measurement) (Measurement, error)) error {
	return locked(path, func(folder *os.File) error {
		old, err := LoadBaseline(path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		m, err := change(old)
		if err != nil {
			return err
		}
		return save(folder, path, m)
	})
}

func save(folder *os.File, path string, m Measurement) error {
	data, err := encodeBaseline(m)
	if err != nil {
		return err
	}
	if err := readsBack(path, data); err != nil {
		return fmt.Errorf("encoding the baseline of %q: %w", m.Image, err)
	}
	return replace(folder, path, data)
}

// readsBack is an error unless data is a baseline that says all that m said.
func readsBack(path string, data []byte) error {
	m, err := decodeBaseline(path, data)
	if err != nil {
		return err
	}
	again, err := encodeBaseline(*m)
	if err == nil && !bytes.Equal(data, again) {
		err = errors.New("it reads back as something else")
	}
	return err
}

// lockPatience is how long a Save waits for others, each of which takes
// milliseconds.
const lockPatience = 30 * time.Second

// locked runs do while no other process does in the folder of path. The lock
// is on the folder itself, so it leaves no file, and ends with the process.
func locked(path string, do func(folder *os.File) error) error {
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return unreadable(filepath.Dir(path), err)
	}
	defer folder.Close()
	for begin := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		err := syscall.Flock(int(folder.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return do(folder)
		}
		busy := errors.Is(err, syscall.EWOULDBLOCK) || errors.Is(err, syscall.EINTR)
		if !busy || time.Since(begin) > lockPatience {
			return fmt.Errorf("locking %q: %w", folder.Name(), err)
		}
	}
}

// temporary begins the names of files that are being written.
const temporary = ".image-budget-"

// replace puts data in the place of the file at path, by way of a file beside
// it: a rename is atomic on one filesystem, and lasts once the folder is synced.
func replace(folder *os.File, path string, data []byte) error {
	if old, err := os.Lstat(path); err == nil {
		if err := regular(path, old); err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := removeStale(folder); err != nil {
		return err
	}
	temp := filepath.Join(filepath.Dir(path), temporary+rand.Text()+".tmp")
	if err := writeSynced(temp, data); err != nil {
		return errors.Join(err, removeIfThere(temp))
	}
	if err := os.Rename(temp, path); err != nil {
		return errors.Join(err, removeIfThere(temp))
	}
	return folder.Sync()
}

// removeStale removes the temporary files of runs that were killed: nobody
// else writes while the folder is locked.
func removeStale(folder *os.File) error {
	entries, err := os.ReadDir(folder.Name())
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if name := entry.Name(); strings.HasPrefix(name, temporary) && strings.HasSuffix(name, ".tmp") && entry.Type().IsRegular() {
			if err := removeIfThere(filepath.Join(folder.Name(), name)); err != nil {
				return err
			}
		}
	}
	return nil
}

func removeIfThere(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// writeSynced makes a new file at path whose content is on the disk.
func writeSynced(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}
