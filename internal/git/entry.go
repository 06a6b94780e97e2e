package git

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// What a repository keeps about a linked worktree is its entry, the folder
// <common>/worktrees/<name>. The worktree's .git file leads to it with a line
// "gitdir: <entry>", and its gitdir file leads back with the path of the .git
// file (gitrepository-layout(5)).
const (
	dotGit    = ".git"
	worktrees = "worktrees"
)

// entryOf is the entry that belongs to the worktree at dir; empty when there
// is no worktree.
func entryOf(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	line, err := pointer(dir, dotGit)
	if err != nil {
		return "", err
	}
	path, ok := strings.CutPrefix(line, "gitdir: ")
	if !ok {
		return "", nil
	}
	entry := absolute(dir, path)
	if filepath.Base(filepath.Dir(entry)) != worktrees {
		return "", nil // a submodule
	}
	ours, err := leadsTo(entry, dir)
	if err != nil || !ours {
		return "", err
	}
	return entry, nil
}

// leadsTo reports whether the entry is that of a worktree at dir.
func leadsTo(entry, dir string) (bool, error) {
	line, err := pointer(entry, "gitdir")
	if err != nil || line == "" {
		return false, err
	}
	path := absolute(entry, line)
	if filepath.Base(path) != dotGit {
		return false, nil
	}
	back, err := resolved(filepath.Dir(path))
	if err != nil {
		return false, ignoreMissing(err)
	}
	here, err := resolved(dir)
	return err == nil && back == here, err
}

// maxPointer is more than any path has bytes.
const maxPointer = 64 << 10

// pointer reads the one line of the named file in dir, which leads elsewhere.
// It is empty when dir is not a folder, or has no regular file of that name.
func pointer(dir, name string) (string, error) {
	folder, err := os.Lstat(dir)
	if err != nil || !folder.IsDir() {
		return "", ignoreMissing(err)
	}
	path := filepath.Join(dir, name)
	file, err := os.Lstat(path)
	if err != nil || !file.Mode().IsRegular() || file.Size() > maxPointer {
		return "", ignoreMissing(err)
	}
	line, err := os.ReadFile(path)
	return strings.TrimRight(string(line), "\r\n"), ignoreMissing(err)
}

func absolute(dir, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil
	}
	return err
}

// lockPoll is how often a lock that somebody else has is asked for again.
const lockPoll = 10 * time.Millisecond

// lock keeps others of us from adding or removing an entry in the common
// folder at the same time. Git looks through all entries when it adds one, and
// dies when one of them is half there ("failed to read commondir"). The lock
// is one of the folder itself, so it leaves no file, and a killed process does
// not keep it. Where the file system has no such locks, we do without.
func lock(ctx context.Context, common string) (unlock func(), err error) {
	folder, err := os.Open(common)
	if err != nil {
		return nil, err
	}
	unlock = func() { _ = folder.Close() }
	for {
		err := unix.Flock(int(folder.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if !errors.Is(err, unix.EWOULDBLOCK) && !errors.Is(err, unix.EINTR) {
			return unlock, nil
		}
		select {
		case <-ctx.Done():
			unlock()
			return nil, context.Cause(ctx)
		case <-time.After(lockPoll):
		}
	}
}
