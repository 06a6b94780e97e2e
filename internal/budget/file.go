package budget

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// sizeCap is held before anything is parsed: YAML parsers take seconds over
// input that is merely large.
const sizeCap = 64 << 10

// readFile returns the content of a regular file of at most sizeCap bytes. It
// follows no symbolic link and waits for no FIFO, and its errors never quote
// content: a link may point at what the reader of a log must not see.
func readFile(path string) ([]byte, error) {
	before, err := os.Lstat(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	if err := regular(path, before); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, unreadable(path, err)
	}
	defer f.Close()
	opened, err := f.Stat()
	if err != nil {
		return nil, unreadable(path, err)
	}
	if !os.SameFile(before, opened) {
		return nil, &FileError{Path: path, Problem: "was replaced while it was read", Accepted: "run again"}
	}
	data, err := io.ReadAll(io.LimitReader(f, sizeCap+1))
	if err != nil {
		return nil, unreadable(path, err)
	}
	return data, nil
}

// regular is an error that names what the file is, unless it is one.
func regular(path string, entry fs.FileInfo) error {
	kind := ""
	switch mode := entry.Mode(); {
	case mode.IsRegular():
		return nil
	case mode&fs.ModeSymlink != 0:
		kind = "a symbolic link"
	case mode.IsDir():
		kind = "a folder"
	case mode&fs.ModeNamedPipe != 0:
		kind = "a named pipe"
	case mode&fs.ModeSocket != 0:
		kind = "a socket"
	default:
		kind = "a device"
	}
	return &FileError{Path: path, Problem: "is " + kind + ", not a regular file", Accepted: "put a regular file in its place"}
}

func unreadable(path string, err error) *FileError {
	fault := &FileError{Path: path, Err: err}
	if errors.Is(err, fs.ErrNotExist) {
		fault.Problem = "is not there"
		return fault
	}
	var at *fs.PathError
	if errors.As(err, &at) { // it would name the path again
		err = at.Err
	}
	fault.Problem = fmt.Sprintf("reading: %v", err)
	return fault
}
