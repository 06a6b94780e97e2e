package lint

import (
	"path"
	"slices"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
)

// cache is how a tool keeps what it downloads.
type cache struct {
	at       string     // its folder, by default
	parts    []string   // of the path of a mount that holds it there
	moved    []string   // options and variables that put it elsewhere
	options  []string   // that keep it from being used
	switches []string   // variables that do so
	cleaning [][]string // commands that empty it, from the tool's name on
	folders  []string   // parts of a path that is removed to empty it
}

var caches = map[string]cache{
	"pip": {"/root/.cache/pip", []string{"pip", "/.cache"}, []string{"--cache-dir", "PIP_CACHE_DIR"}, []string{"--no-cache-dir", "--no-cache", "--cache-dir=/dev/null"}, []string{pipSwitch},
		[][]string{{"pip", "cache", "purge"}}, []string{"/.cache", "~/.cache"}},
	"uv": {"/root/.cache/uv", []string{"uv", "/.cache"}, []string{"--cache-dir", "UV_CACHE_DIR"}, []string{"--no-cache", "-n", "--no-cache-dir"}, []string{"UV_NO_CACHE"},
		[][]string{{"uv", "cache", "clean"}}, []string{"/.cache", "~/.cache"}},
	"poetry": {"/root/.cache/pypoetry", []string{"poetry", "/.cache"}, []string{"POETRY_CACHE_DIR"}, []string{"--no-cache"}, nil,
		[][]string{{"poetry", "cache", "clear"}}, []string{".cache", "cache/poetry", "POETRY_CACHE_DIR", "poetry_cache", "pypoetry"}},
	"pdm":    {"/root/.cache/pdm", []string{"pdm", "/.cache"}, []string{"PDM_CACHE_DIR"}, []string{"--no-cache"}, nil, [][]string{{"pdm", "cache", "clear"}}, []string{".cache"}},
	"pipenv": {"/root/.cache", []string{"pip", "/.cache"}, []string{"PIPENV_CACHE_DIR"}, nil, []string{pipSwitch}, nil, []string{".cache"}},
	"conda":  {"/opt/conda/pkgs", []string{"conda", "mamba", "/pkgs"}, []string{"CONDA_PKGS_DIRS"}, nil, nil, [][]string{{"conda", "clean"}}, []string{"conda/pkgs"}},
	"npm":    {"/root/.npm", []string{"npm"}, []string{"--cache", "NPM_CONFIG_CACHE", "npm_config_cache"}, nil, nil, [][]string{{"npm", "cache", "clean"}}, []string{".npm"}},
	"yarn": {"/usr/local/share/.cache/yarn", []string{"yarn", "/.cache"}, []string{"--cache-folder", "YARN_CACHE_FOLDER"}, nil, nil,
		[][]string{{"yarn", "cache", "clean"}}, []string{".cache", "yarn"}},
	"pnpm":   {"/root/.local/share/pnpm/store", []string{"pnpm"}, []string{"--store-dir", "npm_config_store_dir"}, nil, nil, [][]string{{"pnpm", "store", "prune"}}, []string{"pnpm"}},
	"bun":    {"/root/.bun/install/cache", []string{"bun"}, []string{"--cache-dir", "BUN_INSTALL_CACHE_DIR"}, []string{"--no-cache"}, nil, [][]string{{"bun", "pm", "cache", "rm"}}, []string{".bun"}},
	"bundle": {"/usr/local/bundle/cache", []string{"bundle"}, nil, nil, nil, nil, []string{"/cache", ".bundle"}},
	"composer": {"/root/.composer/cache", []string{"composer", "/tmp/cache"}, []string{"COMPOSER_CACHE_DIR"}, []string{"--no-cache"}, nil,
		[][]string{{"composer", "clear-cache"}, {"composer", "clearcache"}, {"composer", "cc"}}, []string{"composer", "/tmp/cache"}},
	"apt":    {"/var/cache/apt", []string{"/apt"}, nil, nil, nil, [][]string{{"apt", "clean"}, {"apt", "distclean"}, {"apt", "dist-clean"}}, []string{"/var/lib/apt", "/var/cache/apt"}},
	"apk":    {"/var/cache/apk", []string{"apk"}, []string{"--cache-dir"}, []string{"--no-cache"}, nil, [][]string{{"apk", "cache", "clean"}}, []string{"/var/cache/apk"}},
	"dnf":    {"/var/cache/dnf", []string{"dnf", "yum"}, nil, nil, nil, [][]string{{"dnf", "clean"}}, []string{"/var/cache/dnf", "/var/cache/yum"}},
	"zypper": {"/var/cache/zypp", []string{"zypp"}, nil, nil, nil, [][]string{{"zypper", "clean"}, {"zypper", "cc"}}, []string{"/var/cache/zypp"}},
}

// pipSwitch is a variable that has pip use no cache whatever its value: 0 and off
// do so too.
const pipSwitch = "PIP_NO_CACHE_DIR"

// kept reports whether a cache is kept between builds, or kept out of the layer by
// the install itself or by what follows it.
func (c cache) kept(step *Step, of Install, after []Command) bool {
	at, moved := c.folder(step, of)
	if c.mounted(step, at, moved) || of.Has(c.options...) || at == "/dev/null" {
		return true
	}
	for _, name := range c.switches {
		value, _ := of.Command.Env.Get(name)
		if of.Command.Env.on(name) || name == pipSwitch && value != "" {
			return true
		}
	}
	for _, later := range after {
		if later.removes(c.folders...) || later.removesFolder(at) {
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

// folder is where an install has its cache, and whether it is told so.
func (c cache) folder(step *Step, of Install) (at string, moved bool) {
	for _, by := range c.moved {
		value, ok := of.Command.Env.Get(by)
		for _, option := range of.Options {
			if name, given, joined := strings.Cut(option, "="); name == by && joined {
				value, ok = given, true
			}
		}
		if ok && value != "" && !strings.ContainsAny(value, "$~") {
			return join(orRoot(step.Workdir), value), true
		}
	}
	return c.at, false
}

// mounted reports whether a cache mount, or one in memory, holds the folder.
func (c cache) mounted(step *Step, at string, moved bool) bool {
	return slices.ContainsFunc(step.Mounts, func(m *instructions.Mount) bool {
		if m.Type != instructions.MountTypeCache && m.Type != instructions.MountTypeTmpfs {
			return false
		}
		target := join(orRoot(step.Workdir), m.Target)
		_, above := under(at, target)
		_, below := under(target, at)
		return above || below || !moved && slices.ContainsFunc(c.parts, func(part string) bool {
			return strings.Contains(target, part) && (part != "/.cache" || strings.HasSuffix(target, part))
		})
	})
}

// removesFolder reports whether a command deletes a folder, or all that is in it.
func (c Command) removesFolder(at string) bool {
	return c.Name() == "rm" && slices.ContainsFunc(c.Words[1:], func(word string) bool {
		_, ok := under(at, path.Clean(strings.TrimSuffix(word, "/*")))
		return ok
	})
}
