package lint

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/moby/patternmatcher"
)

// ContextUnfiltered finds copies of the whole context with what has no place in an
// image.
var ContextUnfiltered = Rule{
	Name: "context-unfiltered", Severity: Warning,
	Summary: "the whole context is copied, with what .dockerignore should leave out",
	Why:     "history, tests, data and local environments land in the layer, each of their changes makes it anew, and .env is a secret that leaks",
	Fix:     "leave it out in .dockerignore, or copy only the folders that the service needs",
	Doc: `Looked at is COPY . (or ADD, or a *) in the stages that the image needs, when the
context is known. .git and .env are asked for always, since they come with the first
clone and the first run; virtual environments, node_modules, caches, tests, notebooks,
data and model files when the context has them. That a context of more than 50000
files and folders was not looked at whole is a remark where it is copied. The
.dockerignore beside the Dockerfile (Dockerfile.dockerignore) wins over the context's,
as in a build.`,
	Bad: `-- Dockerfile --
FROM python:3.12-slim
WORKDIR /app
COPY . .
USER 10001
HEALTHCHECK CMD ["python", "/app/healthy.py"]
CMD ["python", "/app/main.py"]
-- .dockerignore --
.env
-- main.py --
-- tests/test_main.py --
-- explore.ipynb --
`,
	Good: `-- Dockerfile --
FROM python:3.12-slim
WORKDIR /app
COPY . .
USER 10001
HEALTHCHECK CMD ["python", "/app/healthy.py"]
CMD ["python", "/app/main.py"]
-- .dockerignore --
.git
.env
tests
**/*.ipynb
-- main.py --
-- tests/test_main.py --
-- explore.ipynb --
`,
	Check: func(s *Subject) (all []Finding) {
		if s.Folder == nil {
			return nil
		}
		for _, step := range s.BuiltSteps() {
			if len(all) == 0 && s.copiesMuch(step.Copy) && s.Folder.cut() {
				f := step.finding(fmt.Sprintf("the context has more than %d files and folders and was not looked at whole: what is copied of it may hold more", mostEntries))
				f.Severity, f.Fix = Info, "leave out in .dockerignore what the build does not need"
				all = append(all, f)
			}
			if !copiesWhole(step.Copy) {
				continue
			}
			var messages, patterns []string
			for _, kind := range s.unwantedIn(step.Copy) {
				messages = append(messages, kind.message())
				patterns = append(patterns, kind.pattern)
			}
			if len(messages) == 0 {
				continue
			}
			file := "there is no .dockerignore"
			if s.Folder.Ignore != "" {
				file = path.Base(s.Folder.Ignore) + " does not leave out"
			}
			text := fmt.Sprintf("the whole context is copied, and %s: %s", file, strings.Join(messages, ", "))
			if s.Folder.Ignore == "" {
				text = fmt.Sprintf("the whole context is copied, and there is no .dockerignore to leave out %s", strings.Join(messages, ", "))
			}
			f := step.finding(text)
			f.Fix = "write into .dockerignore, a line each: " + strings.Join(patterns, " ")
			all = append(all, f)
		}
		return all
	},
}

// copiesWhole reports whether a COPY or ADD takes all of the context.
func copiesWhole(c *Copy) bool {
	return c != nil && c.From == "" && slices.ContainsFunc(c.Sources, func(source string) bool {
		name := inFolder(source)
		return !strings.Contains(source, "://") && (name == "" || name == "*" || name == "**")
	})
}

// copiesMuch reports whether a COPY or ADD takes a folder of the context, or what a
// pattern means.
func (s *Subject) copiesMuch(c *Copy) bool {
	return c != nil && c.From == "" && slices.ContainsFunc(c.Sources, func(source string) bool {
		return !strings.Contains(source, "://") && (isGlob(source) || s.Folder.IsDir(source))
	})
}

// unwanted is a kind of files that have no place in an image.
type unwanted struct {
	name    string
	pattern string // that leaves them out
	always  string // a path that is asked for, whether it is there or not
	is      func(Entry) bool
	example string
}

func (u unwanted) message() string {
	if u.example == "" || u.example == u.name {
		return u.name
	}
	return u.name + " (" + clipped(u.example, 60) + ")"
}

func dirs(names ...string) func(Entry) bool {
	return func(e Entry) bool { return e.Dir && slices.Contains(names, path.Base(e.Path)) }
}

// kinds are in the order in which they are named.
var kinds = []unwanted{
	{name: ".git", pattern: "**/.git", always: ".git", is: func(e Entry) bool { return path.Base(e.Path) == ".git" }},
	{name: ".env", pattern: "**/.env", always: ".env", is: func(e Entry) bool { return !e.Dir && path.Base(e.Path) == ".env" }},
	{name: "virtual environments", pattern: "**/.venv **/venv", is: dirs(".venv", "venv")},
	{name: "node_modules", pattern: "**/node_modules", is: dirs("node_modules")},
	{name: "caches", pattern: "**/__pycache__ **/.*_cache", is: dirs("__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".tox", ".nox")},
	{name: "tests", pattern: "**/tests **/test", is: dirs("tests", "test", "__tests__")},
	{name: "notebooks", pattern: "**/*.ipynb", is: func(e Entry) bool { return path.Ext(e.Path) == ".ipynb" }},
	{name: "data", pattern: "data", is: func(e Entry) bool { return e.Dir && slices.Contains([]string{"data", "dataset", "datasets"}, e.Path) }},
	{name: "model files", pattern: "", is: Entry.isModel},
}

// unwantedIn is what a copy of the whole context takes along.
func (s *Subject) unwantedIn(c *Copy) []unwanted {
	excluded, err := patternmatcher.New(c.Excludes)
	if err != nil {
		return nil
	}
	out := func(name string) bool {
		matched, err := excluded.MatchesOrParentMatches(name)
		return s.Folder.Ignored(name) || err == nil && matched
	}
	found := make([]*unwanted, len(kinds))
	for _, entry := range s.Folder.Entries() {
		for n, kind := range kinds {
			if found[n] == nil && kind.is(entry) && !out(entry.Path) {
				kind.example = entry.Path
				if kind.pattern == "" {
					kind.pattern = "**/*" + path.Ext(entry.Path)
				}
				found[n] = &kind
			}
		}
	}
	var all []unwanted
	for n, kind := range kinds {
		switch {
		case found[n] != nil:
			all = append(all, *found[n])
		case kind.always != "" && !out(kind.always):
			all = append(all, kind)
		}
	}
	return all
}
