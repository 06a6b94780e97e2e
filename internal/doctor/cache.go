package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// leastDisk is the space that one large image needs: its blobs in the cache.
const leastDisk = 5 << 30

const moveCache = "set XDG_CACHE_HOME to a folder on another disk"

var cacheWritable = Check{
	Name: "cache",
	Run: func(_ context.Context, m Machine) Finding {
		dir, err := existing(m.CacheDir)
		if err == nil {
			err = tryWrite(dir)
		}
		if err != nil {
			return Finding{Level: Fail, Text: fmt.Sprintf("the cache folder cannot be written: %v", err), Fix: "mend its permissions, or " + moveCache}
		}
		return Finding{Level: OK, Text: m.CacheDir}
	},
}

// tryWrite makes a file in dir and removes it: only that tells of read-only
// mounts, quotas and access lists.
func tryWrite(dir string) error {
	f, err := os.CreateTemp(dir, ".image-budget-doctor-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

var diskSpace = Check{
	Name: "disk",
	Run: func(_ context.Context, m Machine) Finding {
		dir, err := existing(m.CacheDir)
		if err != nil {
			return Finding{} // said by the check before
		}
		free, err := freeSpace(dir)
		if err != nil {
			return Finding{Level: Warn, Text: fmt.Sprintf("the free space at %s is not known: %v", dir, err), Fix: "see that 5 GiB are free there"}
		}
		return space(free, dir)
	},
}

func space(free uint64, dir string) Finding {
	text := fmt.Sprintf("%s free at %s", gib(free), dir)
	if free < leastDisk {
		return Finding{Level: Fail, Text: text + ", and a large image wants " + gib(leastDisk), Fix: "free some space, or " + moveCache}
	}
	return Finding{Level: OK, Text: text}
}

// freeSpace is what an unprivileged process may still write under dir, in bytes.
func freeSpace(dir string) (uint64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, fmt.Errorf("asking for the space at %q: %w", dir, err)
	}
	return uint64(s.Bavail) * uint64(s.Bsize), nil
}

// existing is dir, or the closest folder above it that exists: the one in
// which dir would be made.
func existing(dir string) (string, error) {
	for at := filepath.Clean(dir); ; at = filepath.Dir(at) {
		info, err := os.Stat(at)
		switch {
		case err == nil && !info.IsDir():
			return "", fmt.Errorf("%q is not a folder", at)
		case err == nil:
			return at, nil
		case !errors.Is(err, fs.ErrNotExist) || at == filepath.Dir(at):
			return "", err
		}
	}
}
