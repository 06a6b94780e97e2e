package baseline

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/source"
)

// Sources are what a baseline's image is built from, checked out for as long as it
// takes to build it again and again.
type Sources struct {
	Build engine.BuildRequest // which was built once, and so is in the engine's cache
	Touch string              // the file that changes between builds
	Way   string              // how they were had; without a Build, why not and what to do about it
	out   checkout
}

// Had reports whether there is something to build.
func (s Sources) Had() bool { return s.Build.Context != "" }

// Remove removes the checkout.
func (s Sources) Remove(ctx context.Context, at source.Machine) error { return s.out.remove(ctx, at) }

// FindSources gets what the recorded image was built from: its commit. That it
// cannot be had is no error: Sources says so. An error is the end of ctx.
func FindSources(ctx context.Context, b budget.Budget, recorded budget.Measurement, at source.Machine) (Sources, error) {
	if recorded.Commit == "" {
		return Sources{Way: "what the baseline's image was built from cannot be had: the baseline has no commit; to have it: record the baseline from a clean commit"}, nil
	}
	s, err := sourcesAt(ctx, b, recorded.Commit, at)
	if err != nil && ctx.Err() != nil {
		return s, err
	}
	if err != nil {
		s.Way = "what the baseline's image was built from cannot be had: " + oneLine(err.Error())
	}
	return s, nil
}

// NamedSources gets the sources of the revision that --against names. An image has
// none.
func NamedSources(ctx context.Context, b budget.Budget, against string, at source.Machine) (Sources, error) {
	revision, isCommit := strings.CutPrefix(against, gitPrefix)
	if !isCommit {
		return Sources{Way: fmt.Sprintf("--against names an image, and a rebuild needs what it is built from: name a commit, %sREVISION", gitPrefix)}, nil
	}
	s, err := sourcesAt(ctx, b, revision, at)
	if err != nil && ctx.Err() == nil {
		s.Way = fmt.Sprintf("%s cannot be built: %s", against, oneLine(err.Error()))
		err = nil
	}
	return s, err
}

// sourcesAt checks a revision out and builds it once. A file to change that the
// revision's budget does not name is that of b.
func sourcesAt(ctx context.Context, b budget.Budget, revision string, at source.Machine) (s Sources, err error) {
	s.out, err = checkOut(ctx, b, revision, at)
	if err == nil {
		then := s.out.budget
		if then.Rebuild.Touch == "" {
			then.Rebuild = b.Rebuild
		}
		s.Touch = then.Rebuild.Touch
		s.Way = fmt.Sprintf("beside a rebuild of commit %.12s", s.out.commit.ID)
		s.Build, err = source.Warm(ctx, then, at)
	}
	if err != nil {
		err = errors.Join(err, s.Remove(ctx, at))
		return Sources{}, err
	}
	return s, nil
}
