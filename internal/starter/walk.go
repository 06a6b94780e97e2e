package starter

import (
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// How much of a repository is looked at.
const (
	mostEntries     = 50_000 // files and folders
	mostDockerfiles = 500
	mostSources     = 2_000    // files that are read for routes
	mostBytes       = 64 << 20 // of those, together
	largestFile     = 1 << 20
)

// passedBy are folders of what others wrote, or of what was built. So are those
// whose names begin with a dot.
var passedBy = strings.Fields(`node_modules vendor testdata venv env site-packages __pycache__ bower_components third_party target`)

// tests are folders whose routes are not the service's.
var tests = strings.Fields(`test tests __tests__ spec specs e2e fixtures`)

var (
	isDockerfile = regexp.MustCompile(`(?i)^(dockerfile|containerfile)(\.[^.].*)?$|^.+\.(dockerfile|containerfile)$`)
	// What a Dockerfile's name may end in that is none.
	isNoDockerfile = regexp.MustCompile(`(?i)(\.(dockerignore|containerignore|md|txt|tmpl|template|tpl|j2|jinja2?|in|erb|orig|bak|old|rej|swp|go|py|rb|js|ts)|~)$`)
)

// tree is what of a repository is of interest here.
type tree struct {
	files       fs.FS
	dockerfiles []string
	folders     []string // of those, each once
	sources     []string // those that frameworks may be told by, the upper folders' first
	notes       []string

	read  map[string][]trace // by source
	bytes int64
}

// walk goes through the folders level by level, so that a deep one does not use up
// what may be looked at before the others had their turn.
func walk(files fs.FS) *tree {
	t := &tree{files: files, read: map[string][]trace{}}
	seen := 0
	for level := []string{"."}; len(level) > 0; {
		var below []string
		for _, folder := range level {
			entries, err := fs.ReadDir(files, folder)
			if err != nil {
				t.note("left out %s: %v", printable(folder), err)
				continue
			}
			for _, entry := range entries { // sorted by name
				if seen++; seen > mostEntries {
					t.note("looked at the first %d files and folders alone: name a smaller folder", mostEntries)
					return t
				}
				if at := path.Join(folder, entry.Name()); entry.IsDir() && enters(entry.Name()) {
					below = append(below, at)
				} else if entry.Type().IsRegular() {
					t.add(at)
				}
			}
		}
		level = below
	}
	return t
}

func enters(folder string) bool {
	return !strings.HasPrefix(folder, ".") && !slices.Contains(passedBy, folder)
}

func (t *tree) add(at string) {
	switch name := path.Base(at); {
	case isDockerfile.MatchString(name) && !isNoDockerfile.MatchString(name):
		if len(t.dockerfiles) == mostDockerfiles {
			t.skipped("Dockerfiles", mostDockerfiles)
			return
		}
		t.dockerfiles = append(t.dockerfiles, at)
		if folder := path.Dir(at); !slices.Contains(t.folders, folder) {
			t.folders = append(t.folders, folder)
		}
	case !isSource(name) || inTests(at):
	case len(t.sources) < mostSources:
		t.sources = append(t.sources, at)
	default:
		t.skipped("source files", mostSources)
	}
}

func inTests(at string) bool {
	return slices.ContainsFunc(strings.Split(path.Dir(at), "/"), func(folder string) bool { return slices.Contains(tests, folder) })
}

// skipped notes once that there are more than are looked at.
func (t *tree) skipped(what string, most int) {
	note := fmt.Sprintf("looked at the first %d %s alone: name a smaller folder", most, what)
	if !slices.Contains(t.notes, note) {
		t.notes = append(t.notes, note)
	}
}

func (t *tree) note(format string, args ...any) {
	t.notes = append(t.notes, fmt.Sprintf(format, args...))
}

// readFile returns a regular file of at most largestFile bytes.
func readFile(files fs.FS, at string) ([]byte, error) {
	stat, err := fs.Stat(files, at) // before it is opened: to open a pipe is to wait for its writer
	if err != nil {
		return nil, err
	}
	if !stat.Mode().IsRegular() || stat.Size() > largestFile {
		return nil, fmt.Errorf("it is no regular file of at most %d bytes", largestFile)
	}
	f, err := files.Open(at)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, largestFile))
}
