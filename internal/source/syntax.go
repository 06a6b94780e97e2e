package source

import (
	"fmt"
	"os"
	"slices"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/image-budget/image-budget/internal/budget"
)

// ownFrontend is Docker's own frontend, in any version: whoever runs Docker's engine
// trusts it as much.
const ownFrontend = "index.docker.io/docker/dockerfile"

// syntaxArg is the build argument that names a frontend in place of a directive.
const syntaxArg = "BUILDKIT_SYNTAX"

// checkSyntax reports whether the Dockerfile names a frontend, a program that the
// engine fetches and that decides what is built. It fails for one that is neither
// Docker's own nor allowed by the budget: a change to a Dockerfile would be enough
// to have any program build the image that is measured.
func checkSyntax(build *budget.Build) (given bool, err error) {
	text, err := os.ReadFile(build.Dockerfile)
	if err != nil {
		return false, err
	}
	ref, _, at, given := parser.DetectSyntax(text)
	where := build.Dockerfile
	if given && len(at) > 0 {
		where = fmt.Sprintf("%s:%d", where, at[0].Start.Line)
	}
	if arg, set := build.Args[syntaxArg]; set {
		ref, given, where = arg, true, "the build argument "+syntaxArg
	}
	if !given || slices.Contains(build.Syntax, ref) {
		return given, nil
	}
	if parsed, err := name.ParseReference(ref); err == nil && parsed.Context().Name() == ownFrontend {
		return true, nil
	}
	return false, inputErrorf("take it out, name docker/dockerfile, or allow it by its digest: build: {syntax: [NAME@sha256:...]}",
		"%s: the frontend %q is not allowed to build the image", where, ref)
}
