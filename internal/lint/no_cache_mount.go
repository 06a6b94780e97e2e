package lint

import (
	"fmt"
	"slices"
	"strings"
)

// NoCacheMount finds installs that keep what they download in the layer, or fetch
// it again in each build.
var NoCacheMount = Rule{
	Name: "no-cache-mount", Severity: Warning,
	Summary: "packages are installed without a cache mount",
	Why:     "what is downloaded stays in the layer, and every change of the dependencies downloads all of it again",
	Fix:     "mount the tool's cache for the RUN that installs",
	Doc: `A cache mount keeps what a package manager downloads between builds and out of the
layer. Where there can be none, the tool's own switch keeps it out of the layer:
--no-cache-dir or PIP_NO_CACHE_DIR=1 for pip, --no-cache for uv and apk, or removing
it in the same RUN. For apt, removing the lists or the archives in the same RUN will
do, since Debian's images delete the archives by themselves.`,
	Bad: `-- Dockerfile --
FROM python:3.12-slim AS build
COPY requirements.txt .
RUN pip install --prefix=/install -r requirements.txt

FROM python:3.12-slim
COPY --from=build /install /usr/local
USER 10001
HEALTHCHECK CMD ["python", "-m", "app.healthy"]
CMD ["python", "-m", "app"]
-- requirements.txt --
fastapi==0.115.0
`,
	Good: `-- Dockerfile --
FROM python:3.12-slim AS build
COPY requirements.txt .
RUN --mount=type=cache,target=/root/.cache/pip pip install --prefix=/install -r requirements.txt

FROM python:3.12-slim
COPY --from=build /install /usr/local
USER 10001
HEALTHCHECK CMD ["python", "-m", "app.healthy"]
CMD ["python", "-m", "app"]
-- requirements.txt --
fastapi==0.115.0
`,
	Check: func(s *Subject) (all []Finding) {
		for _, step := range s.BuiltSteps() {
			var names []string
			for n, c := range step.Commands {
				of, ok := c.install()
				if !ok {
					continue
				}
				cache, ok := caches[of.Tool]
				if ok && !slices.Contains(names, of.Tool) && !cache.kept(step, of, step.Commands[n+1:]) {
					names = append(names, of.Tool)
				}
			}
			if len(names) == 0 {
				continue
			}
			message := strings.Join(names, " and ") + " installs without a cache mount: every change downloads all of it again"
			if len(names) > 1 {
				message = strings.Replace(message, "installs", "install", 1)
			}
			if s.InRuntime(step.Stage) && (len(names) > 1 || names[0] != "apt") { // Debian's images delete apt's
				message += ", and the cache stays in the image"
			}
			f := step.finding(message)
			f.Fix = fmt.Sprintf("write RUN --mount=type=cache,target=%s in place of RUN", caches[names[0]].at)
			if names[0] == "apt" { // which locks its folders
				f.Fix = "write RUN --mount=type=cache,target=/var/cache/apt,sharing=locked in place of RUN, or end it with rm -rf /var/lib/apt/lists/*"
			}
			all = append(all, f)
		}
		return all
	},
}

// cache is how a tool keeps what it downloads.
type cache struct {
	at       string     // its folder, by default
	parts    []string   // of the path of a mount that holds it
	options  []string   // that keep it from being used
	switches []string   // variables that do so
	cleaning [][]string // commands that empty it, from the tool's name on
	folders  []string   // parts of a path that is removed to empty it
}

var caches = map[string]cache{
	"pip":    {"/root/.cache/pip", []string{"cache", "pip"}, []string{"--no-cache-dir", "--cache-dir=/dev/null"}, []string{"PIP_NO_CACHE_DIR"}, [][]string{{"pip", "cache", "purge"}}, []string{"/.cache", "~/.cache"}},
	"uv":     {"/root/.cache/uv", []string{"cache", "uv"}, []string{"--no-cache", "-n", "--no-cache-dir"}, []string{"UV_NO_CACHE"}, [][]string{{"uv", "cache", "clean"}}, []string{"/.cache", "~/.cache"}},
	"poetry": {"/root/.cache/pypoetry", []string{"cache", "poetry"}, []string{"--no-cache"}, nil, [][]string{{"poetry", "cache", "clear"}}, []string{".cache", "cache/poetry", "POETRY_CACHE_DIR", "poetry_cache", "pypoetry"}},
	"pdm":    {"/root/.cache/pdm", []string{"cache", "pdm"}, []string{"--no-cache"}, nil, [][]string{{"pdm", "cache", "clear"}}, []string{".cache"}},
	"pipenv": {"/root/.cache", []string{"cache", "pip"}, nil, []string{"PIP_NO_CACHE_DIR"}, nil, []string{".cache"}},
	"conda":  {"/opt/conda/pkgs", []string{"conda", "mamba", "cache"}, nil, nil, [][]string{{"conda", "clean"}}, []string{"conda/pkgs"}},
	"npm":    {"/root/.npm", []string{"npm", "cache"}, nil, nil, [][]string{{"npm", "cache", "clean"}}, []string{".npm"}},
	"yarn":   {"/usr/local/share/.cache/yarn", []string{"yarn", "cache"}, nil, nil, [][]string{{"yarn", "cache", "clean"}}, []string{".cache", "yarn"}},
	"pnpm":   {"/root/.local/share/pnpm/store", []string{"pnpm", "cache"}, nil, nil, [][]string{{"pnpm", "store", "prune"}}, []string{"pnpm"}},
	"bun":    {"/root/.bun/install/cache", []string{"bun", "cache"}, []string{"--no-cache"}, nil, [][]string{{"bun", "pm", "cache", "rm"}}, []string{".bun"}},
	"apt":    {"/var/cache/apt", []string{"/apt"}, nil, nil, [][]string{{"apt", "clean"}, {"apt", "distclean"}, {"apt", "dist-clean"}}, []string{"/var/lib/apt", "/var/cache/apt"}},
	"apk":    {"/var/cache/apk", []string{"apk"}, []string{"--no-cache"}, nil, [][]string{{"apk", "cache", "clean"}}, []string{"/var/cache/apk"}},
	"dnf":    {"/var/cache/dnf", []string{"dnf", "yum"}, nil, nil, [][]string{{"dnf", "clean"}}, []string{"/var/cache/dnf", "/var/cache/yum"}},
	"zypper": {"/var/cache/zypp", []string{"zypp"}, nil, nil, [][]string{{"zypper", "clean"}, {"zypper", "cc"}}, []string{"/var/cache/zypp"}},
}

// kept reports whether a cache is kept between builds, or kept out of the layer by
// the install itself or by what follows it.
func (c cache) kept(step *Step, of Install, after []Command) bool {
	if step.Cached(c.parts...) || of.Has(c.options...) && len(c.options) > 0 {
		return true
	}
	for _, name := range c.switches {
		if of.Command.Env.on(name) {
			return true
		}
	}
	for _, later := range after {
		if later.removes(c.folders...) {
			return true
		}
		for _, words := range c.cleaning {
			if later.says(words[0], words[1:]...) {
				return true
			}
		}
	}
	return false
}
