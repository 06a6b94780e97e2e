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
layer. Looked at are pip, uv, Poetry, PDM, Pipenv, conda, npm, yarn, pnpm, Bun,
Bundler, Composer, apt, apk, dnf and zypper; not Go, Cargo, Maven and .NET, which
download for a build that stays behind in its stage. The mount has to hold the tool's
cache, be it where it is by itself or where an option (--cache-dir, --cache) or a
variable (PIP_CACHE_DIR, NPM_CONFIG_CACHE) puts it.
Where there can be none, the tool's own switch keeps it out of the layer:
--no-cache-dir or PIP_NO_CACHE_DIR for pip, whatever its value, --no-cache for uv and
apk, or removing it in the same RUN. For apt, removing the lists or the archives in the same RUN will
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
