package lint

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"
)

// Caps of what is read, in bytes. They are held before anything is parsed:
// parsers take seconds over input that is merely large.
const (
	dockerfileCap = 256 << 10
	ignoreCap     = 64 << 10
	manifestCap   = 256 << 10
)

// readFile returns the content of a regular file, or of what a link to one means.
// It waits for no FIFO.
func readFile(path string, longest int64) ([]byte, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, unreadable(path, err)
	}
	defer file.Close()
	return contentOf(file, path, longest)
}

// contentOf reads what was opened without waiting, as path.
func contentOf(file *os.File, path string, longest int64) ([]byte, error) {
	stat, err := file.Stat()
	if err != nil {
		return nil, unreadable(path, err)
	}
	if kind := kindOf(stat.Mode()); kind != "" {
		return nil, &DockerfileError{Path: path, Problem: "is " + kind + ", not a regular file", Accepted: "put a regular file in its place"}
	}
	data, err := io.ReadAll(io.LimitReader(file, longest+1))
	if err != nil {
		return nil, unreadable(path, err)
	}
	if int64(len(data)) > longest {
		fault := &DockerfileError{Path: path, Problem: fmt.Sprintf("is larger than %d KiB", longest>>10), Accepted: "make it smaller, for instance with scripts that the Dockerfile runs"}
		if strings.HasSuffix(path, ".dockerignore") {
			fault.Accepted = "make it smaller: name folders and patterns in place of single files"
		}
		return nil, fault
	}
	return data, nil
}

// kindOf names what a file is, unless it is a regular one.
func kindOf(mode fs.FileMode) string {
	switch {
	case mode.IsRegular():
		return ""
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	}
	return "a device"
}
