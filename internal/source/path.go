package source

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// splitPath takes a path, or a path with a colon and the name of an image
// behind it, as skopeo writes it. What is there decides which it is.
func splitPath(where string) (path, name string, stat fs.FileInfo, err error) {
	if stat, err = os.Stat(where); err == nil {
		return where, "", stat, nil
	}
	for i, r := range where {
		if r != ':' || i == 0 {
			continue
		}
		if stat, splitErr := os.Stat(where[:i]); splitErr == nil {
			return where[:i], where[i+1:], stat, nil
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = inputErrorf("check the path, and that what writes it has run before", "finding image %q: there is no such file or folder", where)
		return "", "", nil, err
	}
	return "", "", nil, &InputError{Err: fmt.Errorf("finding image %q: %w", where, err), Fix: "check the path"}
}

// openRegular opens a file for reading. A pipe or a device would block, or
// never end.
func openRegular(path string) (*os.File, fs.FileInfo, error) {
	stat, err := os.Stat(path)
	if err != nil {
		return nil, nil, err
	}
	if !stat.Mode().IsRegular() {
		return nil, nil, fmt.Errorf("opening %q: it is not a regular file", path)
	}
	file, err := os.Open(path)
	return file, stat, err
}

// settled is how old a file's last change must be for its stamp to count: a
// file system that keeps coarse times could hide a later one.
const settled = 2 * time.Second

// stamp identifies a file's content without reading it, by what git's index
// goes by too: device, inode, size, and the times of the last change to the
// content and to the inode, of which nobody can set the latter. It is empty
// when the file changed just now.
func stamp(path string) string {
	var stat unix.Stat_t
	if err := unix.Stat(path, &stat); err != nil {
		return ""
	}
	changed := time.Unix(stat.Ctim.Unix())
	if time.Since(changed) < settled {
		return ""
	}
	return fmt.Sprint(stat.Dev, " ", stat.Ino, " ", stat.Size, " ", stat.Mtim.Nano(), " ", stat.Ctim.Nano(), " ", strings.TrimSpace(path))
}
