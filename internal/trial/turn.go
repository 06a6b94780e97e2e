package trial

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// turnPoll is how often somebody who waits looks whether it is their turn, at
// first. Who has waited for longer looks more often, and so is likely to be the
// next one: there is no queue, since one that stands in a queue may die there.
const (
	turnPoll    = 50 * time.Millisecond
	turnPollEnd = 2 * time.Millisecond
)

func pollAfter(waited time.Duration) time.Duration {
	return max(turnPollEnd, time.Duration(float64(turnPoll)/(1+waited.Seconds())))
}

// Turn is the right to run trials on this machine: two gates that time
// something at once would time each other.
type Turn struct {
	file *os.File
}

// turnNews is how often somebody who waits is told so.
const turnNews = 30 * time.Second

// TakeTurn waits until nobody else holds the lock file at path and takes it.
// Waiting is called when it has to wait, and every half minute of that, with
// how long it has been. It returns how long that was. The lock ends with the
// process, however that ends. Its error is a *TurnError, or that of ctx.
func TakeTurn(ctx context.Context, path string, waiting func(time.Duration)) (*Turn, time.Duration, error) {
	begun := time.Now()
	news := begun
	for {
		turn, err := tryTurn(path)
		if err != nil {
			return nil, 0, &TurnError{Path: path, Err: err}
		}
		now := time.Now()
		if turn != nil {
			if news.Equal(begun) { // nobody had it
				begun = now
			}
			return turn, now.Sub(begun), nil
		}
		if !now.Before(news) {
			waiting(now.Sub(begun))
			news = now.Add(turnNews)
		}
		if !sleep(ctx, pollAfter(now.Sub(begun))) {
			return nil, 0, ctx.Err()
		}
	}
}

// TurnError is a lock file that cannot be used.
type TurnError struct {
	Path string
	Err  error
}

func (e *TurnError) Error() string {
	return fmt.Sprintf("taking the turn to run trials, by %q: %v", e.Path, e.Err)
}
func (e *TurnError) Unwrap() error { return e.Err }

// Hint says what a user can do about it.
func (e *TurnError) Hint() string {
	return "remove the file once no other gate runs: all users of this machine take turns by it, and have to be able to read it"
}

// End gives the turn to the next one. The file goes with it, so that nothing is
// left behind, unless it is another user's: then it is theirs to remove.
func (t *Turn) End() error {
	err := os.Remove(t.file.Name())
	if errors.Is(err, fs.ErrPermission) {
		err = nil
	}
	return errors.Join(err, t.file.Close())
}

// tryTurn is nil while somebody else has it. Users share the file, in a folder
// where the kernel keeps them from opening each other's to write, and a lock
// needs no more than reading.
func tryTurn(path string) (*Turn, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if errors.Is(err, fs.ErrNotExist) {
		file, err = os.OpenFile(path, os.O_RDONLY|os.O_CREATE|os.O_EXCL|syscall.O_NOFOLLOW, 0o644)
		if errors.Is(err, fs.ErrExist) {
			return nil, nil // somebody was faster
		}
		if err == nil {
			err = file.Chmod(0o644) // whatever the umask says
		}
	}
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	switch {
	case errors.Is(err, syscall.EWOULDBLOCK), errors.Is(err, syscall.EINTR), err == nil && replaced(file):
		return nil, file.Close()
	case err != nil:
		return nil, errors.Join(err, file.Close())
	}
	return &Turn{file: file}, nil
}

// replaced reports that the file was removed between its opening and its lock:
// the one now at its path is another.
func replaced(file *os.File) bool {
	mine, err := file.Stat()
	if err != nil {
		return true
	}
	there, err := os.Lstat(file.Name())
	return err != nil || !os.SameFile(mine, there)
}
