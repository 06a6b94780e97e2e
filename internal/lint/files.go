package lint

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// PathError is a path at which there is nothing to lint.
type PathError struct {
	Problem  string // with the path
	Accepted string // what to do instead, as an order
	Err      error  // the cause, where the operating system gave one
}

func (e *PathError) Error() string { return e.Problem }

func (e *PathError) Unwrap() error { return e.Err }

// Hint says what to do instead.
func (e *PathError) Hint() string { return e.Accepted }

// UserFault marks the error as one of the user's.
func (e *PathError) UserFault() {}

// Files lists the Dockerfiles that path means: itself, or those of a folder, not
// of folders in it, by their names. That there is none is an error: nothing that
// was looked at is no pass. Its errors are *PathError.
func Files(path string) ([]string, error) {
	stat, err := os.Stat(path)
	if err != nil {
		return nil, &PathError{Problem: fmt.Sprintf("reading %q: %v", path, cause(err)), Accepted: "name a Dockerfile, or a folder that has one", Err: err}
	}
	if !stat.IsDir() {
		return []string{path}, regular(path, stat)
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, &PathError{Problem: fmt.Sprintf("reading folder %q: %v", path, cause(err)), Err: err}
	}
	var files []string
	for _, entry := range entries { // sorted by name
		if !isDockerfile(entry.Name()) {
			continue
		}
		file := filepath.Join(path, entry.Name())
		stat, err := os.Stat(file)
		switch {
		case err != nil:
			return nil, &PathError{Problem: fmt.Sprintf("reading %q: %v", file, cause(err)), Err: err}
		case stat.IsDir(): // docker/Dockerfile.d and the like
			continue
		}
		if err := regular(file, stat); err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	if len(files) == 0 {
		return nil, &PathError{Problem: fmt.Sprintf("there is no Dockerfile in folder %q", path), Accepted: "name the Dockerfile, or the folder that has it"}
	}
	return files, nil
}

// isDockerfile goes by the name, as editors do. What ends in .dockerignore
// belongs to the Dockerfile whose name comes before that.
func isDockerfile(name string) bool {
	if strings.HasSuffix(name, ".dockerignore") {
		return false
	}
	return name == "Dockerfile" || name == "Containerfile" || strings.HasPrefix(name, "Dockerfile.") || strings.HasSuffix(name, ".Dockerfile")
}

// regular refuses what would block whoever reads it, as a pipe does.
func regular(path string, stat os.FileInfo) error {
	if stat.Mode().IsRegular() {
		return nil
	}
	return &PathError{Problem: fmt.Sprintf("%q is not a regular file", path), Accepted: "name a Dockerfile, or a folder that has one"}
}

// cause is an error of the operating system without the path, which stands
// before it.
func cause(err error) error {
	if path, ok := err.(*os.PathError); ok { //nolint:errorlint // as os returns it
		return path.Err
	}
	return err
}
