package lint

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
)

// SourceBeforeDependencies finds sources that are copied before the dependencies
// are installed.
var SourceBeforeDependencies = Rule{
	Name: "source-before-dependencies", Severity: Warning,
	Summary: "the sources are copied before the dependencies are installed",
	Why:     "every change of a source file installs all dependencies again, and makes a new layer of them to push and pull",
	Fix:     "copy the manifests alone (COPY pyproject.toml uv.lock ./), install, and copy the sources after that",
	Doc: `An instruction is run again when a file before it has changed. In each stage that
the image needs, a COPY of the whole context, of a folder or of source files is looked
for that stands before the first install of the same kind of packages. Manifests and
lock files are no sources. A second install after the sources, such as uv sync for the
project itself, is fine when the first one came before them.`,
	Bad: `-- Dockerfile --
FROM python:3.12-slim AS build
WORKDIR /app
COPY app ./app
COPY requirements.txt .
RUN --mount=type=cache,target=/root/.cache/pip pip install --prefix=/install -r requirements.txt

FROM python:3.12-slim
COPY --from=build /install /usr/local
COPY --from=build /app /app
USER 10001
HEALTHCHECK CMD ["python", "/app/healthy.py"]
CMD ["python", "/app/main.py"]
-- requirements.txt --
fastapi==0.115.0
-- app/main.py --
`,
	Good: `-- Dockerfile --
FROM python:3.12-slim AS build
WORKDIR /app
COPY requirements.txt .
RUN --mount=type=cache,target=/root/.cache/pip pip install --prefix=/install -r requirements.txt
COPY app ./app

FROM python:3.12-slim
COPY --from=build /install /usr/local
COPY --from=build /app /app
USER 10001
HEALTHCHECK CMD ["python", "/app/healthy.py"]
CMD ["python", "/app/main.py"]
-- requirements.txt --
fastapi==0.115.0
-- app/main.py --
`,
	Check: func(s *Subject) (all []Finding) {
		for _, stage := range s.Built {
			all = append(all, s.sourceFirst(stage)...)
		}
		return all
	},
}

// sourceFirst holds one stage against the rule. One finding for a stage is enough:
// what is moved mends the others.
func (s *Subject) sourceFirst(stage *Stage) []Finding {
	before := map[Family]bool{} // installed ahead of the sources
	var copied *Step
	what := ""
	for _, step := range stage.Steps {
		if source, ok := s.copiesSource(step); ok && copied == nil {
			copied, what = step, source
		}
		for _, of := range step.installs() {
			switch {
			case onlyTools(of):
			case mountsContext(step):
				return []Finding{step.finding(fmt.Sprintf("%s installs with the whole context mounted: every change in it installs all again", of.Tool))}
			case copied == nil:
				before[of.Family] = true
			case !before[of.Family] || !of.onlyProject():
				f := copied.finding(fmt.Sprintf("%s is copied before %s installs packages", quoted(what), of.Tool))
				f.Fix = fmt.Sprintf("copy the manifests and lock files alone before the install of line %d, and move this below it", step.Line)
				if of.Family == System {
					f.Fix = fmt.Sprintf("move this below the install of line %d", step.Line)
				}
				return []Finding{f}
			}
		}
	}
	return nil
}

// onlyProject reports whether an install is of the project itself, once its
// dependencies are there.
func (of Install) onlyProject() bool {
	return len(of.Files) == 0 && len(of.Packages) == 0 && (len(of.Paths) > 0 || of.Family == Other)
}

// onlyTools reports whether an install is of package managers alone, as in pip
// install uv.
func onlyTools(of Install) bool {
	if of.Family != Python || len(of.Packages) == 0 {
		return false
	}
	for _, name := range of.Names() {
		if !slices.Contains([]string{"pip", "uv", "poetry", "pdm", "pipenv", "setuptools", "wheel", "hatch", "build"}, name) {
			return false
		}
	}
	return len(of.Files) == 0 && len(of.Paths) == 0
}

func mountsContext(step *Step) bool {
	return slices.ContainsFunc(step.Mounts, func(m *instructions.Mount) bool {
		return m.Type == instructions.MountTypeBind && m.From == "" && inFolder(m.Source) == ""
	})
}

// copiesSource is the first source of a COPY or ADD from the context that is no
// manifest.
func (s *Subject) copiesSource(step *Step) (string, bool) {
	if step.Copy == nil || step.Copy.From != "" {
		return "", false
	}
	for _, source := range step.Copy.Sources {
		if s.isSource(source) {
			return source, true
		}
	}
	return "", false
}

// sourceEndings are those of files that a programmer changes.
var sourceEndings = []string{".py", ".pyx", ".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx", ".go", ".rs", ".rb", ".java", ".kt", ".c", ".cc", ".cpp", ".h", ".php", ".ipynb", ".html", ".css", ".vue"}

// manifests are names of files that are no sources though they look like it, and
// of folders that hold nothing else.
var manifests = []string{"setup.py", "requirements", "deps", "dependencies", "wheels", "wheelhouse", "vendor", "patches", "constraints", ".yarn", "packages.txt", "certs"}

// plain are names of files without an ending.
var plain = []string{"makefile", "license", "licence", "readme", "pipfile", "gemfile", "procfile", "notice", "changelog", "copying", "rakefile"}

// isSource reports whether a source of COPY changes with the program.
func (s *Subject) isSource(source string) bool {
	if strings.Contains(source, "://") || strings.HasPrefix(source, "git@") {
		return false
	}
	name := inFolder(source)
	if name == "" || name == "*" {
		return true
	}
	base := strings.ToLower(path.Base(name))
	if slices.Contains(manifests, base) || strings.HasSuffix(base, "config.js") || strings.HasPrefix(base, "requirements") {
		return false
	}
	if slices.Contains(sourceEndings, path.Ext(base)) {
		return true
	}
	if s.Folder != nil && s.Folder.Has(name) {
		return s.Folder.IsDir(name) && !s.onlyManifests(name)
	}
	return !strings.Contains(base, ".") && !strings.Contains(base, "$") && !strings.ContainsAny(base, "*?[") && !slices.Contains(plain, base)
}

// onlyManifests reports whether a folder has no file in it that is a source.
func (s *Subject) onlyManifests(dir string) bool {
	for _, entry := range s.Folder.Entries() {
		if strings.HasPrefix(entry.Path, dir+"/") && !entry.Dir && !slices.Contains([]string{".txt", ".in", ".toml", ".lock", ".whl", ".conf", ".cfg", ".crt", ".pem", ".list", ".sh"}, path.Ext(entry.Path)) {
			return false
		}
	}
	return true
}
