package trial

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/metric"
	"github.com/image-budget/image-budget/internal/session"
)

// Build is how an image is built again. It has been built as it is before, so that
// all of it is in the engine's cache.
type Build struct {
	Request engine.BuildRequest // which has no name
	Touch   string              // the file that changes, relative to the context
}

// NothingLost is a build that took all from the cache although a file of the context
// changed: no instruction uses that file.
type NothingLost struct {
	Touch string
}

func (e *NothingLost) Error() string {
	return fmt.Sprintf("every instruction was in the cache after %q had changed: the build does not use it", e.Touch)
}

// Hint says what a user can do about it.
func (e *NothingLost) Hint() string {
	return "name a source file that the image is built from: rebuild: {touch: FILE}"
}

// Rebuild builds an image once more, one file of the context changed as it has
// never been before, timed from the build call until the engine holds the image,
// which is removed.
func (b *Bench) Rebuild(ctx context.Context, img *image.Image) (sample metric.Sample, err error) {
	build, ok := b.Builds[img]
	if !ok {
		return sample, fmt.Errorf("building %q again: it is not known how it is built", img.Reference)
	}
	repo, tag := b.repository(img)
	var took *engine.BuildReport
	req := build.Request
	req.Name = "image-budget.local/" + repo + ":" + tag // no host: no registry is ever asked for it
	req.Salt = &engine.Salt{Path: build.Touch, Text: blank()}
	req.Forget = true // else every trial leaves all that it ran again there: gigabytes, of which none is used again
	req.Report = func(r engine.BuildReport) { took = &r }
	if err := b.Session.Will(session.Image, req.Name); err != nil {
		return sample, err
	}
	defer func() { err = errors.Join(err, b.removeImage(ctx, req.Name)) }()
	if err := b.Engine.Build(ctx, req, io.Discard); err != nil {
		return sample, err
	}
	if took == nil || len(took.Ran) == 0 {
		return sample, &NothingLost{build.Touch}
	}
	instructions := min(busy(took.Ran), took.Total)
	export := min(took.Export, took.Total-instructions)
	return metric.Sample{
		Total:  took.Total,
		Phases: []time.Duration{took.Total - instructions - export, instructions, export},
		Detail: lost(took.Ran),
	}, nil
}

// blank is text that changes a file and means nothing: blank lines, of which the
// lengths spell random bits. BuildKit's cache goes by content, and no trial may
// find what another has left there. Spaces alone, since a tab is an error in YAML.
func blank() []byte {
	var bits [16]byte
	_, _ = rand.Read(bits[:]) // crypto/rand never fails; it ends the program instead
	text := []byte("\n")
	for _, b := range bits {
		text = append(text, strings.Repeat(" ", int(b&15))+"\n"...)
	}
	return text
}

// busy is how long at least one of the steps was under way: stages run side by side.
func busy(steps []engine.Step) (total time.Duration) {
	var until time.Time
	for _, s := range steps { // in the order in which they began
		from := s.Begun
		if from.Before(until) {
			from = until
		}
		if s.Ended.After(from) {
			total += s.Ended.Sub(from)
			until = s.Ended
		}
	}
	return total
}

// mostSteps is how many of the instructions that ran again a reader is told of: the
// slowest are the cause.
const mostSteps = 3

// lost names the first instruction whose cache was lost, and what that cost.
func lost(ran []engine.Step) string {
	first, after := ran[0], slices.Clone(ran[1:])
	text := named(first) + " lost its cache"
	if len(after) == 0 {
		return fmt.Sprintf("%s and took %s; no instruction after it ran again", text, inSeconds(first))
	}
	slices.SortStableFunc(after, func(a, b engine.Step) int { return cmp.Compare(took(b), took(a)) })
	var slowest []string
	for _, s := range after[:min(len(after), mostSteps)] {
		slowest = append(slowest, fmt.Sprintf("%s after it took %s", named(s), inSeconds(s)))
	}
	text += "; " + strings.Join(slowest, ", ")
	if more := len(after) - len(slowest); more > 0 {
		text += fmt.Sprintf(", and %d more ran again", more)
	}
	return text
}

func took(s engine.Step) time.Duration { return s.Ended.Sub(s.Begun) }

func inSeconds(s engine.Step) string { return fmt.Sprintf("%.1fs", took(s).Seconds()) }

// unnamed is what BuildKit calls a stage that the Dockerfile gives no name.
var unnamed = regexp.MustCompile(`(^| )stage-\d+$`)

// named is an instruction, and its stage where that has a name.
func named(s engine.Step) string {
	text := cut(strings.Join(strings.Fields(s.Name), " "), 100)
	if s.Stage != "" && !unnamed.MatchString(s.Stage) {
		text += " (" + cut(s.Stage, 50) + ")"
	}
	return text
}
