package gate

import (
	"context"
	"os"
	"path/filepath"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/layer"
	"github.com/image-budget/image-budget/internal/lint"
)

// LintImage holds the image that ref names on the command line against the rules
// of images. Nothing is run.
func LintImage(ctx context.Context, ref string, want image.Platform, at *Machine) ([]lint.Finding, error) {
	img, err := at.read(ctx, ref, want)
	if err != nil {
		return nil, err
	}
	of, err := inventory.Take(img, layer.Contents(ctx, at.store, img), inventory.Options{})
	if err != nil {
		return nil, err
	}
	subject, err := lint.ReadImage(ref, img.Config, of.Secrets)
	if err != nil {
		return nil, err
	}
	return lint.Image(subject), nil
}

// LintInput is the Dockerfile of a budget's build and how it is built. Its path is
// as somebody in the working directory would write it.
func LintInput(b budget.Budget) lint.Input {
	build := b.Source.Build
	return lint.Input{
		Dockerfile: fromHere(build.Dockerfile), Context: fromHere(build.Context),
		Target: build.Target, Args: build.Args, Platform: b.Platform,
	}
}

// fromHere is an absolute path relative to the working directory, where that can be.
func fromHere(path string) string {
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	rel, err := filepath.Rel(here, path)
	if err != nil {
		return path
	}
	return rel
}

// lintCandidate holds a candidate against the rules of images, and the Dockerfile that it
// was built from, if it was, against those of Dockerfiles. What could not be looked
// at is in what it returns; nil is a budget that wants none of it.
func lintCandidate(ctx context.Context, b budget.Budget, img *image.Image, of *inventory.Inventory) *budget.Linted {
	if b.Lint == budget.LintOff {
		return nil
	}
	var all budget.Linted
	var file lint.Result
	if b.Source.Build != nil {
		var err error
		if file, err = lint.Dockerfile(ctx, LintInput(b)); err != nil {
			all.Faults = append(all.Faults, budget.Reason(err))
		}
	}
	all.Findings = append(all.Findings, file.Findings...)
	subject, err := lint.ReadImage(b.Image, img.Config, of.Secrets)
	if err != nil {
		all.Faults = append(all.Faults, budget.Reason(err))
		return &all
	}
	all.Findings = append(all.Findings, lint.Without(lint.Image(subject), file)...)
	return &all
}
