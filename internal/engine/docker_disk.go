package engine

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"
)

// spare is how many bytes of the engine's disk a build has to leave: one that fills
// it takes everything else on the machine down with it.
const spare = 1 << 30

// LowDisk is a build that was not begun, or ended, since the engine's disk is
// nearly full.
type LowDisk struct {
	Folder string // the engine's
	Free   uint64 // bytes
	Step   string // that was running; empty where the build was not begun
}

func (e *LowDisk) Error() string {
	text := fmt.Sprintf("only %d MiB are free at %s, where the engine keeps images", e.Free>>20, e.Folder)
	if e.Step != "" {
		text += "; ended in " + e.Step
	}
	return text
}

// Hint says what a user can do about it.
func (e *LowDisk) Hint() string {
	return "free some space (docker system df tells what takes it), or see what the build writes"
}

// sparing ends what runs under the context it returns when the disk that the engine
// writes to has less than least bytes left. Where that is another machine's disk
// nothing is watched.
func (d *dockerEngine) sparing(ctx context.Context, least uint64) (context.Context, context.CancelFunc, error) {
	info, err := d.info(ctx)
	if err != nil || !d.sharesLoopback(info) {
		return ctx, func() {}, err
	}
	low := func() error {
		var s syscall.Statfs_t
		if err := syscall.Statfs(info.DockerRootDir, &s); err != nil {
			return nil // not for this user to see
		}
		if free := s.Bavail * uint64(s.Bsize); free < least {
			return &LowDisk{Folder: info.DockerRootDir, Free: free}
		}
		return nil
	}
	if err := low(); err != nil {
		return ctx, func() {}, err
	}
	watched, end := context.WithCancelCause(ctx)
	go func() {
		for tick := time.NewTicker(time.Second); ; {
			select {
			case <-watched.Done():
				tick.Stop()
				return
			case <-tick.C:
				if err := low(); err != nil {
					end(err)
				}
			}
		}
	}()
	return watched, func() { end(nil) }, nil
}

// lowDisk is why the context of sparing has ended, if it was for that.
func lowDisk(ctx context.Context) *LowDisk {
	var low *LowDisk
	if errors.As(context.Cause(ctx), &low) {
		return low
	}
	return nil
}
