package lint

import (
	"slices"
	"strings"
)

// SingleStage finds images that are built where they run.
var SingleStage = Rule{
	Name: "single-stage", Severity: Warning,
	Summary: "what builds and what runs is one stage",
	Why:     "everything that the build needs stays in the image: compilers, package managers' caches, sources",
	Fix:     "build in a stage of its own, FROM ... AS build, and COPY --from=build only the result into the final one",
	Doc: `Found where the image needs one stage alone and something is compiled or installed
in it that a second stage would leave behind. Where packages are only installed, and
nothing compiled, it is a remark. An image that only copies files is fine with one
stage.`,
	Bad: `-- Dockerfile --
FROM debian:12-slim
RUN apt-get update && apt-get install -y --no-install-recommends gcc && rm -rf /var/lib/apt/lists/*
COPY serve.c .
RUN gcc -o /serve serve.c
USER 10001
HEALTHCHECK CMD ["/serve", "-check"]
CMD ["/serve"]
`,
	Good: `-- Dockerfile --
FROM debian:12-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc && rm -rf /var/lib/apt/lists/*
COPY serve.c .
RUN gcc -o /serve serve.c

FROM debian:12-slim
COPY --from=build /serve /serve
USER 10001
HEALTHCHECK CMD ["/serve", "-check"]
CMD ["/serve"]
`,
	Check: func(s *Subject) []Finding {
		if len(s.Built) > 1 {
			return nil
		}
		for _, step := range s.RuntimeSteps() { // files of an image come from a build elsewhere
			if step.Copy != nil && step.Copy.From != "" && len(compiled(s)) == 0 {
				return nil
			}
		}
		stage := s.Final()
		if did := compiled(s); len(did) > 0 {
			return []Finding{stage.finding("the image is built in the stage that it runs from, with " + list(did))}
		}
		if did := installed(s); len(did) > 0 {
			f := stage.finding("packages are installed in the stage that the image runs from, with " + list(did))
			f.Severity = Info
			return []Finding{f}
		}
		return nil
	},
}

// compilers are programs that make something of sources, and the first argument
// that has them do it, where they do other things too.
var compilers = map[string][]string{
	"gcc": nil, "cc": nil, "g++": nil, "c++": nil, "clang": nil, "make": nil, "cmake": nil, "ninja": nil, "meson": nil, "rustc": nil, "javac": nil,
	"tsc": nil, "go": {"build", "install"}, "cargo": {"build", "install"}, "mvn": {"package", "install", "verify"}, "gradle": {"build", "bootJar"},
	"gradlew": {"build", "bootJar"}, "dotnet": {"publish", "build"}, "npm": {"run", "build"}, "yarn": {"build", "run"}, "pnpm": {"build", "run"},
}

// compiled is what the image's own stages compile with, or install to compile with.
func compiled(s *Subject) []string {
	var all []string
	for _, step := range s.RuntimeSteps() {
		tools, left := toolchain(step)
		if all = append(all, left...); len(tools) > 0 && len(left) == 0 { // it builds, and takes its tools away again
			continue
		}
		for _, c := range step.Commands {
			name, rest := c.tool()
			verbs, ok := compilers[name]
			if !ok || len(verbs) > 0 && !slices.ContainsFunc(rest, func(word string) bool { return slices.Contains(verbs, word) }) {
				continue
			}
			if _, installs := c.install(); !installs {
				all = append(all, strings.Join(c.Words[:min(2, len(c.Words))], " "))
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// installed is the package managers of languages that they install with.
func installed(s *Subject) []string {
	var all []string
	for _, step := range s.RuntimeSteps() {
		for _, of := range step.installs() {
			if of.Family != System {
				all = append(all, of.Tool)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
