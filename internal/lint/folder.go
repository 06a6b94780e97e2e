package lint

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
)

// Folder is the context of a build: its files, and which of them .dockerignore
// leaves out. Nothing outside the folder is read, wherever links point.
type Folder struct {
	root      *os.Root
	path      string
	Patterns  []string // of .dockerignore
	Ignore    string   // path of the file that they are in; empty for none
	matcher   *patternmatcher.PatternMatcher
	listed    []Entry
	walked    bool
	truncated bool // there is more than was listed
}

// Entry is a file or folder of a context.
type Entry struct {
	Path  string // in the context, with slashes
	Dir   bool
	Bytes int64
}

// openFolder opens a context. beside is where the .dockerignore of this Dockerfile
// alone would be, which wins over the context's.
func openFolder(dir, beside string) (*Folder, error) {
	if stat, err := os.Stat(dir); err != nil {
		return nil, unreadable(dir, err)
	} else if !stat.IsDir() {
		return nil, &DockerfileError{Path: dir, Problem: "is not a folder", Accepted: "name the folder that the Dockerfile is built in"}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, unreadable(dir, err)
	}
	f := &Folder{root: root, path: dir}
	if err := f.readIgnore(beside); err != nil {
		root.Close() //nolint:errcheck // only read
		return nil, err
	}
	return f, nil
}

func (f *Folder) readIgnore(beside string) error {
	at := beside
	text, err := readFile(beside, ignoreCap)
	if errors.Is(err, fs.ErrNotExist) {
		at = filepath.Join(f.path, ".dockerignore")
		text, err = f.Read(".dockerignore", ignoreCap)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.matcher, err = patternmatcher.New(nil)
		return err
	case err != nil:
		return err
	}
	f.Ignore = at
	if f.Patterns, err = ignorefile.ReadAll(bytes.NewReader(text)); err != nil {
		return &DockerfileError{Path: at, Problem: "parsing: " + hidden(err.Error()), Err: err}
	}
	if f.matcher, err = patternmatcher.New(f.Patterns); err != nil {
		return &DockerfileError{Path: at, Problem: "parsing: " + hidden(err.Error()), Err: err}
	}
	return nil
}

// Read returns the content of a regular file of the context.
func (f *Folder) Read(name string, longest int64) ([]byte, error) {
	shown := filepath.Join(f.path, filepath.FromSlash(name))
	file, err := f.root.OpenFile(inFolder(name), os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, unreadable(shown, err)
	}
	defer file.Close()
	return contentOf(file, shown, longest)
}

// inFolder is a source of COPY as a path in the context: it cannot leave it.
func inFolder(source string) string {
	return strings.TrimPrefix(path.Clean("/"+source), "/")
}

// Ignored reports whether .dockerignore leaves a file or folder out.
func (f *Folder) Ignored(name string) bool {
	ignored, err := f.matcher.MatchesOrParentMatches(name)
	return err == nil && ignored
}

// IsDir reports whether a source is a folder of the context.
func (f *Folder) IsDir(source string) bool {
	stat, err := f.root.Stat(dotted(inFolder(source)))
	return err == nil && stat.IsDir()
}

// Has reports whether there is anything of that name.
func (f *Folder) Has(source string) bool {
	_, err := f.root.Lstat(dotted(inFolder(source)))
	return err == nil
}

func dotted(name string) string {
	if name == "" {
		return "."
	}
	return name
}

// mostEntries is how much of a context is looked through.
const mostEntries = 50_000

// closedFolders are not looked into: what they are says their name.
var closedFolders = map[string]bool{
	".git": true, ".hg": true, ".svn": true, "node_modules": true, ".venv": true, "venv": true, "__pycache__": true,
	".tox": true, ".nox": true, ".mypy_cache": true, ".ruff_cache": true, ".pytest_cache": true, "site-packages": true,
}

// Entries are the files and folders of the context, also those that are left out.
// Folders of dependencies and caches are not looked into.
func (f *Folder) Entries() []Entry {
	if f.walked {
		return f.listed
	}
	f.walked = true
	_ = fs.WalkDir(f.root.FS(), ".", func(name string, d fs.DirEntry, err error) error { // a part that cannot be read is not looked into
		if err != nil || name == "." {
			return nil
		}
		if len(f.listed) >= mostEntries {
			f.truncated = true
			return fs.SkipAll
		}
		entry := Entry{Path: name, Dir: d.IsDir()}
		if info, err := d.Info(); err == nil && d.Type().IsRegular() {
			entry.Bytes = info.Size()
		}
		f.listed = append(f.listed, entry)
		if d.IsDir() && (closedFolders[d.Name()] || f.Ignored(name) && !f.matcher.Exclusions()) {
			return fs.SkipDir
		}
		return nil
	})
	return f.listed
}

// cut reports whether there is more than Entries lists.
func (f *Folder) cut() bool {
	f.Entries()
	return f.truncated
}
