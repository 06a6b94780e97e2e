package trial

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTurns(t *testing.T) {
	path := filepath.Join(t.TempDir(), "trials.lock")
	var all sync.WaitGroup
	var running, waited, delays atomic.Int32
	for range 5 {
		all.Go(func() {
			turn, wait, err := TakeTurn(context.Background(), path, func(time.Duration) { waited.Add(1) })
			if err != nil {
				t.Error(err)
				return
			}
			if wait > 0 {
				delays.Add(1)
			}
			if running.Add(1) != 1 {
				t.Error("two have the turn at once")
			}
			time.Sleep(20 * time.Millisecond)
			running.Add(-1)
			if err := turn.End(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	require.EqualValues(t, 4, waited.Load(), "each is told once")
	require.EqualValues(t, 4, delays.Load())
	require.NoFileExists(t, path, "nothing is left behind")
}

// Whatever the umask of who came first, others can take their turn.
func TestTurnOfOthers(t *testing.T) {
	old := syscall.Umask(0o077)
	defer syscall.Umask(old)
	path := filepath.Join(t.TempDir(), "trials.lock")
	turn, _, err := TakeTurn(t.Context(), path, func(time.Duration) {})
	require.NoError(t, err)
	stat, err := os.Stat(path)
	require.NoError(t, err)
	require.EqualValues(t, 0o644, stat.Mode().Perm())
	require.NoError(t, turn.End())
}

func TestTurnCancelled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "trials.lock")
	turn, wait, err := TakeTurn(t.Context(), path, func(time.Duration) { t.Error("there is nobody to wait for") })
	require.NoError(t, err)
	require.Zero(t, wait)
	ctx, cancel := context.WithCancel(t.Context())
	_, _, err = TakeTurn(ctx, path, func(time.Duration) { cancel() })
	require.ErrorIs(t, err, context.Canceled)
	require.NoError(t, turn.End())
}

// What a dead process left is no lock, and what is no regular file is no way to
// hang a run.
func TestTurnFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "trials.lock")
	require.NoError(t, os.WriteFile(path, nil, 0o444))
	turn, _, err := TakeTurn(t.Context(), path, func(time.Duration) { t.Error("nobody has it") })
	require.NoError(t, err)
	require.NoError(t, turn.End())

	require.NoError(t, os.Symlink("/etc/passwd", path))
	_, _, err = TakeTurn(t.Context(), path, func(time.Duration) {})
	var unusable *TurnError
	require.ErrorAs(t, err, &unusable)
}

// Who has waited for long is likely to be next.
func TestTurnsAreFair(t *testing.T) {
	require.Equal(t, turnPoll, pollAfter(0))
	require.Equal(t, turnPoll/10, pollAfter(9*time.Second))
	require.Equal(t, turnPollEnd, pollAfter(time.Hour))
}
