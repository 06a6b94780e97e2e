package waste

import "strings"

// Caches are what package managers keep so that the next install is faster. Not
// every folder called cache is one: matplotlib and fontconfig keep lists of fonts
// that make each start faster, Playwright and Puppeteer keep the browser itself,
// Deno its modules, Poetry whole environments, and Yarn runs packages out of
// .yarn/cache. Caches of models are models.
var Caches = &Category{
	Name:  "caches",
	Title: "package caches",
	Why:   "A package manager keeps what it downloaded and built for its next run, and an image that runs installs nothing; only a container that installs packages when it starts uses it.",
	Fix:   "Mount the cache in the instruction that installs, as RUN --mount=type=cache,target=/root/.cache/pip, or remove it there: pip --no-cache-dir, apk --no-cache, conda clean -afy, rm -rf /var/lib/apt/lists/*.",
	matches: func(s *subject) bool {
		return cacheFolders.hold(s.Path) || isCondaCache(s.Path)
	},
}

var cacheFolders = below(`.cache/pip .cache/uv .cache/pypoetry/cache .cache/pypoetry/artifacts .cache/pipenv .cache/pip-tools .cache/pdm .cache/hatch
	.cache/conda .cache/rattler /var/cache/pip /root/.pip/cache .uv-cache .uv_cache pip-cache
	/var/lib/apt/lists /var/cache/apt /var/cache/apk /etc/apk/cache /var/cache/dnf /var/cache/yum /var/cache/libdnf5 /var/cache/zypp /var/cache/pacman
	_cacache .npm/_logs .cache/yarn .cache/pnpm .pnpm-store .local/share/pnpm/store .bun/install/cache .cache/node-gyp .cache/bower
	.cache/go-build /go/pkg/mod /root/go/pkg/mod .cargo/registry .cargo/git /usr/local/cargo/registry /usr/local/cargo/git
	/usr/local/bundle/cache .bundle/cache .gem/cache .composer/cache .cache/composer .m2/repository .gradle/caches .ivy2/cache
	.cache/bazel .ccache .cache/ccache .sccache .cache/sccache`)

var condaRoots = named("conda .conda miniconda* anaconda* miniforge* mambaforge* micromamba mamba")

// isCondaCache goes by the folder that pkgs is in, since conda lies anywhere.
func isCondaCache(path string) bool {
	before, after, ok := strings.Cut(path, "/pkgs/")
	return ok && after != "" && condaRoots.have(strings.ToLower(before[strings.LastIndexByte(before, '/')+1:]))
}
