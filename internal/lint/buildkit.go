package lint

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/containerd/platforms"
	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerui"
	sublint "github.com/moby/buildkit/frontend/subrequests/lint"
	"github.com/moby/buildkit/solver/pb"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// unknownArg stands for build arguments that a FROM needs and that neither the
// Dockerfile nor the caller gives: with it the file can be held against the rules.
// What it makes of a name is fetched as little as any other.
const unknownArg = "unknown"

// epoch is the build argument that may have BuildKit ask a source for its time.
const epoch = "SOURCE_DATE_EPOCH"

// buildKit is what BuildKit's own linter finds. It converts the Dockerfile as for
// a build, with answers of ours in place of engine and registry, so that nothing is
// fetched. A syntax directive is not followed.
func buildKit(ctx context.Context, s *Subject) ([]Finding, error) {
	client, err := dockerui.NewClient(&offline{folder: s.Folder})
	if err != nil {
		return nil, unparsable(s.Dockerfile, err)
	}
	asErrors := false
	if client.LinterConfig = s.checks(); client.LinterConfig != nil {
		// BuildKit would report one error in place of what it found.
		asErrors, client.LinterConfig.ReturnAsError = client.LinterConfig.ReturnAsError, false
	}
	platform := platforms.Normalize(ocispec.Platform{OS: s.Platform.OS, Architecture: s.Platform.Architecture, Variant: s.Platform.Variant})
	if isWindows(s.Final().Root().Base) { // which nothing else can be built on
		platform.OS = "windows"
	}
	source := llb.NewSourceMap(nil, s.Dockerfile, "Dockerfile", s.text)
	source.Definition = &llb.Definition{}
	results, err := dockerfile2llb.DockerfileLint(ctx, s.text, dockerfile2llb.ConvertOpt{
		Config: dockerui.Config{
			BuildArgs: s.arguments(), Target: s.Target,
			TargetPlatforms: []ocispec.Platform{platform}, BuildPlatforms: []ocispec.Platform{platform},
		},
		Client:         client,
		SourceMap:      source,
		TargetPlatform: &platform,
		MetaResolver:   &offline{},
	})
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, unparsable(s.Dockerfile, err)
	case results.Error != nil:
		line, _ := spanOf(&results.Error.Location)
		return nil, &DockerfileError{Path: s.Dockerfile, Line: line, Problem: "parsing: " + hidden(results.Error.Message)}
	}
	var all []Finding
	for _, warning := range results.Warnings {
		if s.guessed(warning) {
			continue
		}
		rule := buildKitRule(warning.RuleName)
		f := Finding{
			Rule: warning.RuleName, File: s.Dockerfile, Severity: cmp.Or(rule.Severity, Warning),
			Message: clipped(warning.Detail, 300), Why: cmp.Or(rule.Why, warning.Description), Fix: rule.Fix, URL: warning.URL,
		}
		if asErrors {
			f.Severity = Error
		}
		f.Line, f.EndLine = spanOf(warning.Location)
		all = append(all, f)
	}
	return unique(all), nil
}

// checks is what the file's check directive asks of BuildKit's linter; nil for one
// that BuildKit is to complain of.
func (s *Subject) checks() *linter.Config {
	text, _, _, _ := parser.ParseDirective("check", s.text)
	config, err := linter.ParseLintOptions(text)
	if err != nil {
		return nil
	}
	return config
}

// arguments are those of the build, and unknownArg for those that are missing in
// a FROM. They are copied, since the conversion changes them.
func (s *Subject) arguments() map[string]string {
	args := maps.Clone(s.Args)
	if args == nil {
		args = map[string]string{}
	}
	if _, err := strconv.ParseInt(args[epoch], 10, 64); err != nil { // one that means the time of a source
		delete(args, epoch)
	}
	for _, stage := range s.Stages {
		if stage.Known {
			continue
		}
		for at := s.globals; at != nil; at = at.before {
			if at.unset && strings.Contains(stage.Base, at.key) {
				args[at.key] = unknownArg
			}
		}
	}
	return args
}

// guessed reports whether a finding is one only because the config of a base image
// is not known here: any variable may be set by it. What is near to the name of a
// known one is taken for misspelled.
func (s *Subject) guessed(warning sublint.Warning) bool {
	if warning.RuleName != linter.RuleUndefinedVar.Name || strings.Contains(warning.Detail, "(did you mean ") {
		return false
	}
	line, _ := spanOf(warning.Location)
	for _, stage := range slices.Backward(s.Stages) {
		if stage.Line <= line {
			root := stage.Root()
			_, known := variablesOf(root.Base)
			return root.Base != scratch && !known
		}
	}
	return false
}

// spanOf is the first and the last line of a location; 0 for none.
func spanOf(at *pb.Location) (first, last int) {
	for _, r := range at.GetRanges() {
		if first == 0 || int(r.Start.GetLine()) < first {
			first = int(r.Start.GetLine())
		}
		last = max(last, int(r.End.GetLine()))
	}
	return first, last
}

// unique drops what is said twice of the same lines: a stage is converted once for
// each that needs it.
func unique(all []Finding) []Finding {
	seen := map[Finding]bool{}
	return slices.DeleteFunc(all, func(f Finding) bool {
		again := seen[f]
		seen[f] = true
		return again
	})
}
