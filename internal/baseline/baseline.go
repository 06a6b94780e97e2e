// Package baseline finds the image that a candidate is held against, so that
// both can be measured side by side in one run: the one that was recorded, from
// the local cache, its reference or its commit, or another that the command
// line names. It knows nothing of trials and verdicts.
package baseline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/git"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/source"
)

// Found is the baseline image, or why there is none.
type Found struct {
	Image *image.Image // nil when it cannot be had
	Way   string       // how it was had; without an image, why not and what to do about it
	Built string       // what was built again to get it, such as "commit 3f2c1a2b9d4e"; else empty
}

// ways lead to a recorded image, the nearest first. Each says how it found it.
var ways = []func(context.Context, budget.Budget, budget.Measurement, source.Machine) (Found, error){
	cached,
	pulled,
	rebuilt,
}

// Find gets the recorded image. That it cannot be had is no error: Found says
// so. An error is the end of ctx.
func Find(ctx context.Context, b budget.Budget, recorded budget.Measurement, at source.Machine) (Found, error) {
	var missing []error
	for _, way := range ways {
		found, err := way(ctx, b, recorded, at)
		if err == nil {
			return found, nil
		}
		if ctx.Err() != nil {
			return Found{}, err
		}
		missing = append(missing, err)
	}
	return Found{Way: absence(missing)}, nil
}

// absence tells why no way led to the image, and the hint of the last one that
// has one: the later ways are those that work on every machine.
func absence(missing []error) string {
	var why []string
	hint := "record the baseline from a clean commit, or from an image in a registry"
	for _, err := range missing {
		why = append(why, oneLine(err.Error()))
		var mendable interface{ Hint() string }
		if errors.As(err, &mendable) && mendable.Hint() != "" {
			hint = mendable.Hint()
		}
	}
	return fmt.Sprintf("the baseline image cannot be had: %s; to have it: %s", strings.Join(why, "; "), hint)
}

// oneLine is an error with what a command printed last, of which the end tells
// most.
func oneLine(text string) string {
	const most = 400 // runes
	line := []rune(strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }), " / "))
	if len(line) > most {
		line = append([]rune(string(line[:most/4])+" ... "), line[len(line)-most*3/4:]...)
	}
	return string(line)
}

// cached finds it in the local cache, packed as it was when it was recorded.
func cached(_ context.Context, _ budget.Budget, recorded budget.Measurement, at source.Machine) (Found, error) {
	img, ok := source.Kept(at.Store, cmp.Or(recorded.ConfigDigest, recorded.ContentsDigest))
	if !ok {
		return Found{}, errors.New("the local cache does not hold it")
	}
	if !budget.SamePacking(recorded, img) {
		return Found{}, errors.New("the local cache holds it compressed in another way")
	}
	return Found{Image: img, Way: "beside the baseline image, from the local cache"}, nil
}

// pulled gets it from the registry that it was recorded from.
func pulled(ctx context.Context, b budget.Budget, recorded budget.Measurement, at source.Machine) (Found, error) {
	if recorded.Reference == "" {
		return Found{}, errors.New("the baseline has no reference")
	}
	img, err := source.Named(ctx, "docker://"+recorded.Reference, b.Platform, at)
	if err != nil {
		return Found{}, err
	}
	if img.ConfigDigest != recorded.ConfigDigest {
		return Found{}, fmt.Errorf("%s is another image than was recorded", recorded.Reference)
	}
	return Found{Image: img, Way: "beside the baseline image, from " + recorded.Reference}, nil
}

// rebuilt builds it again from its commit.
func rebuilt(ctx context.Context, b budget.Budget, recorded budget.Measurement, at source.Machine) (Found, error) {
	if recorded.Commit == "" {
		return Found{}, errors.New("the baseline has no commit")
	}
	img, commit, err := buildAt(ctx, b, recorded.Commit, at)
	if err != nil && commit.ID != "" {
		err = &source.Fault{Err: err, Fix: "record the baseline again, from a commit that builds where it is checked out by itself"}
	}
	if err != nil {
		return Found{}, err
	}
	what := "commit " + commit.ID[:12]
	return Found{Image: img, Way: "beside the image of " + what + ", built again", Built: what}, nil
}

// gitPrefix marks a revision of the repository on the command line.
const gitPrefix = "git:"

// Named gets the image that --against names: git:REVISION, built with the
// budget of that revision, or IMAGE as on the command line. A revision that is
// not there is the user's fault.
func Named(ctx context.Context, b budget.Budget, against string, at source.Machine) (Found, error) {
	revision, isCommit := strings.CutPrefix(against, gitPrefix)
	if !isCommit {
		img, err := source.Named(ctx, against, b.Platform, at)
		return Found{Image: img, Way: "beside " + against + " (--against)"}, err
	}
	img, commit, err := buildAt(ctx, b, revision, at)
	if err != nil {
		return Found{}, namedFault(fmt.Errorf("building %q: %w", against, err))
	}
	what := fmt.Sprintf("%s (commit %.12s)", against, commit.ID)
	return Found{Image: img, Way: "beside the image of " + what + ", built for this", Built: what}, nil
}

// namedFault makes a revision that is not there, or no repository to have it, a
// fault of the command line.
func namedFault(err error) error {
	var noCommit *git.NoCommit
	var noRepository *git.Missing
	switch {
	case errors.As(err, &noCommit):
		return &source.InputError{Err: err, Fix: noCommit.Hint()}
	case errors.As(err, &noRepository):
		return &source.InputError{Err: err, Fix: noRepository.Hint()}
	}
	return err
}
