package gate

import (
	"context"
	"fmt"
	"time"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/causes"
	"github.com/image-budget/image-budget/internal/growth"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/layer"
	"github.com/image-budget/image-budget/internal/secrets"
	"github.com/image-budget/image-budget/internal/source"
)

// comparedFiles is how many changes of files a check has.
const comparedFiles = 30

// side is an image that another one is compared with: all of it, or what a
// baseline says of it.
type side struct {
	of    budget.Measurement
	image *image.Image // nil where only the baseline is at hand
	since string       // of a baseline
}

// remembered is the side that a baseline file tells of, with the image where the
// cache has it.
func (m *Machine) remembered(ctx context.Context, recorded budget.Measurement) (side, error) {
	s := side{of: recorded, since: recorded.Recorded.Format(time.DateOnly)}
	if recorded.Commit != "" {
		s.since += fmt.Sprintf(" (commit %.12s)", recorded.Commit)
	}
	img, ok := source.Kept(m.store, recorded.ConfigDigest)
	if !ok || !budget.SamePacking(recorded, img) {
		return s, nil
	}
	if then, err := m.inventory(ctx, img); err == nil { // else the cache is damaged, and the file tells enough
		s.of.Contents, s.image = then, img
	}
	return s, ctx.Err()
}

// grown is what changed between two sides, with so many of the largest changes of
// files; nil where one of them does not say what its image held.
func (m *Machine) grown(ctx context.Context, old, now side, files int) (*growth.Growth, error) {
	if old.of.Contents == nil || now.of.Contents == nil {
		return nil, nil
	}
	g := growth.Between(old.of.Contents, now.of.Contents)
	g.Old.Since, g.New.Since = old.since, now.since
	if old.image == nil || now.image == nil {
		return g, nil
	}
	return g, g.CompareFiles(m.held(ctx, old), m.held(ctx, now), files)
}

func (m *Machine) held(ctx context.Context, s side) growth.Held {
	return growth.Held{Inventory: s.of.Contents, Open: layer.Contents(ctx, m.store, s.image)}
}

// explain says in a result what the image holds, what grew since the baseline, and
// before all other causes what made that of every limit that was broken.
func (m *Machine) explain(ctx context.Context, a *accepted, candidate *image.Image, now budget.Measurement, result *budget.ImageResult) error {
	result.Contents = now.Contents.Parts
	result.Warnings = append(result.Warnings, leaked(now.Contents.Secrets)...)
	if a.measurement != nil {
		old, err := a.side(ctx, m)
		if err != nil {
			return err
		}
		if result.Growth, err = m.grown(ctx, old, side{of: now, image: candidate}, comparedFiles); err != nil {
			return err
		}
	}
	result.Causes = append(causes.Of(result.Metrics, result.Growth, now.Contents), result.Causes...)
	return nil
}

// mostLeaked is how many secrets a report of a check names.
const mostLeaked = 10

// leaked says which secrets an image gives to everybody who pulls it.
func leaked(found []secrets.Found) []string {
	var all []string
	for n, s := range found {
		if n == mostLeaked {
			all = append(all, fmt.Sprintf("%d more secrets are in the image: image-budget explain lists them", len(found)-n))
			break
		}
		where := fmt.Sprintf("%s %s", s.Where, s.Name)
		if s.Where == secrets.File {
			where = fmt.Sprintf("file /%s, layer %d", s.Name, s.Layer)
		}
		if s.Gone {
			where += ", deleted later and still there"
		}
		all = append(all, fmt.Sprintf("the image holds a secret: %s (%s)", s.Kind, where))
	}
	return all
}

// side is the accepted image, or what its baseline says of it.
func (a *accepted) side(ctx context.Context, at *Machine) (side, error) {
	if a.named != nil {
		return side{of: *a.measurement, image: a.named}, nil
	}
	return at.remembered(ctx, *a.measurement)
}
