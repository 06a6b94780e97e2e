package lint

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// ToolchainInRuntime finds compilers in the image.
var ToolchainInRuntime = Rule{
	Name: "toolchain-in-runtime", Severity: Warning,
	Summary: "compilers and headers are in the image",
	Why:     "they take 200 to 500 MB, nothing needs them once the packages are built, and an intruder finds a compiler",
	Fix:     "install and compile in a stage of its own, and take only the result: COPY --from=build /app/.venv /app/.venv",
	Doc: `Compilers, headers (-dev, -devel) and build tools are for building. They are found
where a stage that the image consists of installs them and the same RUN does not
remove them: a later RUN cannot make the layer smaller. What apt-mark auto marks is
removed by apt-get purge --auto-remove. A base image that is a
toolchain itself (golang, rust, maven, a JDK, CUDA's devel) is found too. Stages that files
are only copied from may have all of it.`,
	Bad: `-- Dockerfile --
FROM python:3.12-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends build-essential libpq-dev libpq5 \
    && rm -rf /var/lib/apt/lists/*
USER 10001
HEALTHCHECK CMD ["python", "-m", "app.healthy"]
CMD ["python", "-m", "app"]
`,
	Good: `-- Dockerfile --
FROM python:3.12-slim AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends build-essential libpq-dev \
    && rm -rf /var/lib/apt/lists/*
COPY requirements.txt .
RUN --mount=type=cache,target=/root/.cache/pip pip install --prefix=/install -r requirements.txt

FROM python:3.12-slim
COPY --from=build /install /usr/local
USER 10001
HEALTHCHECK CMD ["python", "-m", "app.healthy"]
CMD ["python", "-m", "app"]
-- requirements.txt --
psycopg2==2.9.10
`,
	Check: func(s *Subject) (all []Finding) {
		if base := s.Final().Root(); base.Known && isToolchainImage(base.Base) {
			all = append(all, base.finding(fmt.Sprintf("the image is built on %s, which is made for building", quoted(base.Base))))
		}
		for _, step := range s.RuntimeSteps() {
			if left := toolchainLeft(step); len(left) > 0 {
				all = append(all, step.finding("it installs what only a build needs, into the image: "+list(left)))
			}
		}
		return all
	},
}

// tools are names of packages that hold compilers and what is built with them.
// Those that end in a dash are the beginnings of names.
var tools = []string{
	"build-essential", "build-base", "alpine-sdk", "base-devel", "gcc", "gcc-", "g++", "g++-", "clang", "clang-", "llvm-", "gfortran", "gfortran-",
	"cpp", "make", "cmake", "ninja-build", "ninja", "meson", "autoconf", "automake", "libtool", "pkg-config", "pkgconf", "bison", "flex", "nasm",
	"swig", "patchelf", "rustc", "cargo", "rustup", "golang", "golang-", "maven", "gradle", "npm", "yarnpkg", "node-gyp", "default-jdk",
	"default-jdk-", "nvidia-cuda-toolkit", "cuda-toolkit", "cuda-toolkit-", "cuda-nvcc-", "cuda-compiler-", "development tools", "linux-headers",
	"linux-headers-", "kernel-headers", "kernel-devel", "dpkg-dev",
}

// isTool reports whether a system package is one of a toolchain.
func isTool(name string) bool {
	name = strings.ToLower(name)
	if strings.HasPrefix(name, "gcc-") && strings.HasSuffix(name, "-base") { // what libgcc needs
		return false
	}
	for _, end := range []string{"-dev", "-devel", "-jdk", "-jdk-headless"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	for _, tool := range tools {
		if name == tool || strings.HasSuffix(tool, "-") && strings.HasPrefix(name, tool) {
			return true
		}
	}
	return false
}

// toolchainLeft is the tools that a RUN installs and does not remove.
func toolchainLeft(step *Step) []string {
	_, left := toolchain(step)
	return left
}

// toolchain is the tools that a RUN installs, and those of them that it leaves.
func toolchain(step *Step) (all, left []string) {
	virtual := map[string][]string{} // apk's groups
	var auto []string                // what apt takes for installed by itself
	for _, c := range step.Commands {
		name, rest := c.tool()
		if of, ok := c.install(); ok && of.Family == System {
			found := toolsOf(of)
			all, left = append(all, found...), append(left, found...)
			for _, option := range of.Options {
				if group, ok := strings.CutPrefix(option, "--virtual="); ok {
					virtual[group] = found
				} else if group, ok := strings.CutPrefix(option, "-t="); ok && of.Tool == "apk" {
					virtual[group] = found
				}
			}
			continue
		}
		switch {
		case strings.Contains(strings.Join(c.Words, " "), "sh.rustup.rs"):
			all, left = append(all, "rustup"), append(left, "rustup")
		case c.says("apt", "build-dep"):
			all, left = append(all, "what apt build-dep installs"), append(left, "what apt build-dep installs")
		case c.says("apt-mark", "auto"):
			auto = append(auto, without(left, without(left, rest))...)
		case c.says("apt-mark", "manual"):
			auto = without(auto, rest)
		case isRemoval(name, rest):
			left = without(left, rest)
			for _, word := range rest {
				left = without(left, virtual[word])
				if word == "--auto-remove" || word == "--autoremove" || word == "autoremove" {
					left = without(left, auto)
				}
			}
		}
	}
	slices.Sort(left)
	return all, slices.Compact(left)
}

// toolsOf are those that an install names.
func toolsOf(of Install) (found []string) {
	for _, word := range of.Packages {
		if tool := systemPackage(word); isTool(tool) {
			found = append(found, tool)
		}
	}
	return found
}

// without are the tools that none of the words means, which may be patterns.
func without(tools, words []string) []string {
	return slices.DeleteFunc(slices.Clone(tools), func(tool string) bool {
		return slices.ContainsFunc(words, func(word string) bool {
			matched, _ := path.Match(word, tool)
			return matched || systemPackage(word) == tool || word == ".*"
		})
	})
}

func isRemoval(name string, rest []string) bool {
	for _, word := range rest {
		switch word {
		case "purge", "remove", "autoremove", "del", "erase":
			return slices.Contains([]string{"apt", "apk", "dnf", "zypper"}, name)
		}
	}
	return false
}

// systemPackage is a package without version, release and architecture. Names
// may have dots and pluses: g++, python3.12.
func systemPackage(word string) string {
	if at := strings.IndexAny(word, "=<>~/:"); at > 0 {
		word = word[:at]
	}
	return word
}

// isToolchainImage goes by names of official images and by tags that say it.
func isToolchainImage(base string) bool {
	name := parseReference(base)
	if !name.ok {
		return false
	}
	if name.official() && slices.Contains([]string{"golang", "rust", "gcc", "maven", "gradle", "buildpack-deps", "haskell", "swift"}, name.last()) {
		return true
	}
	if name.official() && slices.Contains([]string{"openjdk", "eclipse-temurin", "amazoncorretto", "ibm-semeru-runtimes", "sapmachine"}, name.last()) &&
		!strings.Contains(name.tag, "jre") && !strings.Contains(name.tag, "headless") {
		return true
	}
	for _, part := range strings.Split(name.tag, "-") {
		if part == "devel" || part == "sdk" || strings.TrimRight(part, "0123456789") == "jdk" {
			return true
		}
	}
	return strings.HasSuffix(name.repository, "dotnet/sdk")
}
