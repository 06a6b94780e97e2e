package store

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// alone takes the lock exclusively if nobody else holds it. A store that is
// opened twice in one process counts as two holders, because flock belongs to
// the open file and not to the process.
func alone(lock *os.File) bool {
	return flock(lock, unix.LOCK_EX|unix.LOCK_NB) == nil
}

// share takes the lock together with others, waiting for one who is alone.
func share(lock *os.File) error {
	return flock(lock, unix.LOCK_SH)
}

func flock(f *os.File, how int) error {
	for {
		err := unix.Flock(int(f.Fd()), how)
		if !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}
