package lint

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// DevelopmentDependencies finds what only developers need, in the image.
var DevelopmentDependencies = Rule{
	Name: "development-dependencies", Severity: Warning,
	Summary: "packages for development and tests are in the image",
	Why:     "test runners, linters and notebooks take hundreds of megabytes, and each is one more thing to patch",
	Fix:     "install what runs alone: uv sync --no-dev, poetry install --only main, npm ci --omit=dev",
	Doc: `Looked at are the stages that the image consists of, and those whose installed
packages are copied into it. Found are tools by their names (pytest, mypy, jupyter),
files of requirements whose name says dev, test, lint or docs, extras such as .[dev],
and uv, Poetry, PDM, Pipenv, npm, yarn, pnpm and bun where they install development
dependencies by default. With a context that has none of those, the default is fine.`,
	Bad: `-- Dockerfile --
FROM python:3.12-slim AS build
COPY requirements.txt requirements-dev.txt ./
RUN --mount=type=cache,target=/root/.cache/pip pip install --prefix=/install -r requirements.txt -r requirements-dev.txt

FROM python:3.12-slim
COPY --from=build /install /usr/local
USER 10001
HEALTHCHECK CMD ["python", "-m", "app.healthy"]
CMD ["python", "-m", "app"]
-- requirements.txt --
fastapi==0.115.0
-- requirements-dev.txt --
pytest==8.3.2
`,
	Good: `-- Dockerfile --
FROM python:3.12-slim AS build
COPY requirements.txt .
RUN --mount=type=cache,target=/root/.cache/pip pip install --prefix=/install -r requirements.txt

FROM build AS test
COPY requirements-dev.txt .
RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements-dev.txt

FROM python:3.12-slim
COPY --from=build /install /usr/local
USER 10001
HEALTHCHECK CMD ["python", "-m", "app.healthy"]
CMD ["python", "-m", "app"]
-- requirements.txt --
fastapi==0.115.0
-- requirements-dev.txt --
pytest==8.3.2
`,
	Check: func(s *Subject) (all []Finding) {
		for _, step := range s.BuiltSteps() {
			var reasons []string
			for _, of := range step.installs() {
				if s.reachesImage(step, of) {
					reasons = append(reasons, s.development(step, of)...)
				}
			}
			if len(reasons) > 0 {
				slices.Sort(reasons)
				all = append(all, step.finding("it installs what only development needs: "+list(slices.Compact(reasons))))
			}
		}
		return all
	},
}

// developmentTools are packages that no service runs. Those that end in a dash are
// the beginnings of names.
var developmentTools = []string{
	"pytest", "pytest-", "mypy", "ruff", "black", "flake8", "flake8-", "pylint", "isort", "tox", "nox", "jupyter", "jupyter-", "jupyterlab",
	"notebook", "ipykernel", "ipython", "ipdb", "ipywidgets", "coverage", "pre-commit", "sphinx", "sphinx-", "hypothesis", "pyright", "bandit",
	"debugpy", "autopep8", "yapf", "pydocstyle", "mkdocs", "mkdocs-", "types-", "pip-tools", "nodemon", "eslint", "eslint-", "prettier", "jest", "mocha",
	"vitest", "cypress", "playwright-test", "pytype", "pyflakes", "twine", "factory-boy", "faker", "locust",
}

func isDevelopmentTool(name string) bool {
	name = strings.TrimPrefix(name, "python3-")
	for _, of := range developmentTools {
		if name == of || strings.HasSuffix(of, "-") && strings.HasPrefix(name, of) {
			return true
		}
	}
	return false
}

func isDevelopmentWord(word string) bool {
	return slices.Contains([]string{"dev", "devel", "develop", "development", "test", "tests", "testing", "lint", "docs", "doc", "notebook", "notebooks", "ci"}, word)
}

// development is what a command installs for development.
func (s *Subject) development(step *Step, of Install) []string {
	var all []string
	for _, name := range of.Names() {
		if isDevelopmentTool(name) {
			all = append(all, name)
		}
	}
	for _, file := range of.Files {
		if slices.ContainsFunc(fileTokens(file), isDevelopmentWord) {
			all = append(all, file)
		}
	}
	for _, project := range of.Paths {
		for _, extra := range extrasOf(project) {
			if isDevelopmentWord(extra) {
				all = append(all, project)
			}
		}
	}
	for _, r := range s.requirementsOf(step, of) {
		if r.File != "" && isDevelopmentTool(r.Name) && !slices.ContainsFunc(fileTokens(r.File), isDevelopmentWord) {
			all = append(all, named(r))
		}
	}
	return append(all, s.byDefault(step, of)...)
}

// defaults is how a tool is kept from installing what is for development, which it
// does by itself, and where that is named.
type defaults struct {
	verbs    []string // that do so
	options  []string // any of them keeps it from that
	switches []string // variables that do
	manifest string
}

var byTool = map[string]defaults{
	"uv":     {[]string{"sync"}, []string{"--no-dev", "--no-default-groups", "--only-group", "--no-group"}, []string{"UV_NO_DEV"}, "pyproject.toml"},
	"poetry": {[]string{"install", "sync"}, []string{"--only", "--without", "--no-dev", "--only-root"}, []string{"POETRY_WITHOUT"}, "pyproject.toml"},
	"pdm":    {[]string{"install", "sync"}, []string{"--prod", "--production", "--no-dev", "--no-default"}, nil, "pyproject.toml"},
	"npm":    {[]string{"ci", "install", "i", "clean-install"}, []string{"--omit", "--production", "--only", "--global", "-g"}, []string{"NPM_CONFIG_OMIT"}, "package.json"},
	"yarn":   {nil, []string{"--production", "--prod"}, nil, "package.json"},
	"pnpm":   {[]string{"install", "i"}, []string{"--prod", "--production", "-P"}, nil, "package.json"},
	"bun":    {[]string{"install", "i"}, []string{"--production", "-p"}, nil, "package.json"},
}

// byDefault is what a tool installs for development because it is not told
// otherwise, or because it is told to.
func (s *Subject) byDefault(step *Step, of Install) []string {
	if of.Tool == "pipenv" && of.Has("--dev", "-d") {
		return []string{"pipenv --dev"}
	}
	for _, option := range of.Options {
		if name, value, ok := strings.Cut(option, "="); ok && (name == "--group" || name == "--with" || name == "--extra" || name == "--extras" || name == "-E") && isDevelopmentWord(value) {
			return []string{option}
		}
	}
	tool, ok := byTool[of.Tool]
	_, rest := of.Command.tool()
	told := slices.Contains(of.Options, "--include=dev") || slices.Contains(of.Options, "--production=false")
	switch {
	case !ok || of.Family == Node && len(of.Packages) > 0 || of.Tool == "uv" && slices.Contains(rest, "pip"):
		return nil
	case len(tool.verbs) > 0 && !slices.ContainsFunc(rest, func(word string) bool { return slices.Contains(tool.verbs, word) }):
		return nil
	case !told && (of.Has(tool.options...) || of.inProduction(tool.switches)):
		return nil
	}
	found, read := s.developmentIn(step, of, tool.manifest)
	switch {
	case !read:
		return []string{fmt.Sprintf("what %s installs by default", of.Tool)}
	case len(found) > 0:
		return []string{fmt.Sprintf("what %s installs by default (%s)", of.Tool, list(found[:min(3, len(found))]))}
	}
	return nil
}

// inProduction reports whether a variable keeps a tool from installing what is for
// development.
func (of Install) inProduction(switches []string) bool {
	mode, _ := of.Command.Env.Get("NODE_ENV")
	return of.Family == Node && mode == "production" || slices.ContainsFunc(switches, of.Command.Env.on)
}

// developmentIn is what a manifest of the context names for development, and
// whether it could be read.
func (s *Subject) developmentIn(step *Step, of Install, manifest string) (found []string, read bool) {
	dir := of.directory(step)
	at, ok := s.fromContext(step, path.Join(dir, manifest))
	switch {
	case !ok:
		return nil, false
	case manifest != "package.json":
		return s.projectIn(at).development(), true
	}
	found, read = s.developmentOfNode(at)
	for _, option := range of.Options {
		if name, workspace, ok := strings.Cut(option, "="); ok && (name == "-w" || name == "--workspace") {
			if at, ok := s.fromContext(step, path.Join(dir, workspace, manifest)); ok {
				more, _ := s.developmentOfNode(at)
				found = append(found, more...)
			}
		}
	}
	return found, read
}
