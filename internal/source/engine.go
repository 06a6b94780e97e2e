package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/opencontainers/go-digest"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/image"
)

// Engine is an image in the store of the engine under test.
var Engine = Kind{
	Name:  "engine",
	Given: func(s budget.Source) bool { return s.Engine != "" },
	Open: func(ctx context.Context, b budget.Budget, at Machine) (*image.Image, error) {
		return openEngine(ctx, b.Source.Engine, b.Platform, at)
	},
}

func openEngine(ctx context.Context, ref string, want image.Platform, at Machine) (*image.Image, error) {
	e, err := at.Engine(ctx)
	if err != nil {
		return nil, err
	}
	img, err := openHeld(ctx, e, ref, want, at)
	if errors.Is(err, engine.ErrNoImage) {
		return nil, &Fault{Err: err, Fix: "pull or build it first, or name it with pull, so that its registry is asked"}
	}
	return img, err
}

// openHeld gets an image that the engine holds. ref is looked up once: from
// then on the engine's own ID stands for the image, also in the trials, so that
// a tag which moves meanwhile does no harm.
func openHeld(ctx context.Context, e engine.Engine, ref string, want image.Platform, at Machine) (*image.Image, error) {
	held, err := e.Image(ctx, ref)
	if err != nil {
		return nil, err
	}
	// The ID is a digest of everything in the image, so what was read of it
	// once holds for good.
	key := fmt.Sprintf("engine %s %s %s", packing, held.ID, want)
	img, known := at.Store.Image(key)
	if !known {
		at.say("saving %s from the engine", ref)
		save := func(ctx context.Context) (io.ReadCloser, error) { return e.Save(ctx, held.ID) }
		img, err = readArchive(ctx, archive{open: save, want: want, diffIDs: held.DiffIDs}, at)
		if err != nil {
			return nil, fmt.Errorf("reading image %q from the engine: %w", ref, err)
		}
	}
	if err := checkHeld(held, img); err != nil {
		return nil, fmt.Errorf("reading image %q from the engine: %w", ref, err)
	}
	if !known {
		if err := at.note(key, img); err != nil {
			return nil, err
		}
	}
	img.Reference, img.EngineRef = ref, held.ID
	return img, nil
}

// checkHeld holds what was saved against what the engine says of the image. An
// engine that holds several platforms under one ID describes only one.
func checkHeld(held engine.HeldImage, img *image.Image) error {
	if held.Platform.OS != img.Platform.OS || held.Platform.Architecture != img.Platform.Architecture {
		return nil
	}
	var saved []digest.Digest
	for _, l := range img.Layers {
		saved = append(saved, l.DiffID)
	}
	if slices.Equal(saved, held.DiffIDs) {
		return nil
	}
	if len(saved) != len(held.DiffIDs) {
		return fmt.Errorf("it has %d layers, but the engine says %d", len(saved), len(held.DiffIDs))
	}
	for i := range saved {
		if saved[i] != held.DiffIDs[i] {
			return fmt.Errorf("layer %d of %d has diff ID %s, but the engine says %s", i+1, len(saved), saved[i], held.DiffIDs[i])
		}
	}
	return nil
}
