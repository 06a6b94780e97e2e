package lint

import (
	"cmp"
	"context"
	"slices"

	"github.com/image-budget/image-budget/internal/image"
)

// Input is a Dockerfile and the folder it is built in.
type Input struct {
	Dockerfile string // path as it was asked for, shown in findings
	Context    string // folder; "" when unknown: rules about files in it are then silent
	Target     string // stage; "" for the last
	Args       map[string]string
	Platform   image.Platform // zero for linux/amd64
}

// Dockerfile holds a Dockerfile and its .dockerignore against BuildKit's own rules
// and All. Nothing is fetched and nothing is run. A file that cannot be read or
// parsed is a *DockerfileError.
func Dockerfile(ctx context.Context, in Input) (Result, error) {
	s, err := read(in)
	if err != nil {
		return Result{}, err
	}
	defer s.close()
	all, err := buildKit(ctx, s)
	if err != nil {
		return Result{}, err
	}
	s.passed = slices.Clone(all)
	for _, rule := range All {
		all = append(all, rule.run(s)...)
	}
	result := s.accepted(all)
	sortFindings(result.Findings, func(f Finding) Finding { return f })
	sortFindings(result.Suppressed, func(f Suppressed) Finding { return f.Finding })
	return result, ctx.Err()
}

func sortFindings[T any](all []T, of func(T) Finding) {
	slices.SortStableFunc(all, func(a, b T) int {
		x, y := of(a), of(b)
		return cmp.Or(cmp.Compare(x.Line, y.Line), cmp.Compare(x.EndLine, y.EndLine))
	})
}
