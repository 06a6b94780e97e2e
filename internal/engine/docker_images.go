package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/docker/docker/api/types/image"
	"github.com/opencontainers/go-digest"

	ours "github.com/image-budget/image-budget/internal/image"
)

func (d *dockerEngine) Image(ctx context.Context, ref string) (HeldImage, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	held, err := d.api.ImageInspect(ctx, ref)
	if gone(err) {
		return HeldImage{}, fmt.Errorf("finding image %q: %w", ref, ErrNoImage)
	}
	if err != nil {
		return HeldImage{}, d.fault(err, "finding image %q", ref)
	}
	found := HeldImage{
		ID:       held.ID,
		Platform: ours.Platform{OS: held.Os, Architecture: held.Architecture, Variant: held.Variant},
	}
	for _, diffID := range held.RootFS.Layers {
		found.DiffIDs = append(found.DiffIDs, digest.Digest(diffID))
	}
	return found, nil
}

func (d *dockerEngine) Save(ctx context.Context, ref string) (io.ReadCloser, error) {
	archive, err := d.api.ImageSave(ctx, []string{ref})
	if gone(err) {
		return nil, fmt.Errorf("saving image %q: %w", ref, ErrNoImage)
	}
	if err != nil {
		return nil, d.fault(err, "saving image %q", ref)
	}
	return archive, nil
}

// settleTime is what an engine may need to notice that its caller hung up.
const settleTime = 250 * time.Millisecond

// Pull sends no credentials: trials pull from a registry of the gate's own.
// One that is cancelled returns a little later, since hanging up is all that
// stops the engine, and an image in its last step would appear after the caller
// had removed it.
func (d *dockerEngine) Pull(ctx context.Context, ref string, platform ours.Platform) error {
	pull := d.pull
	if d.podman() {
		pull = d.podmanPull
	}
	progress, err := pull(ctx, ref, platform)
	if err != nil {
		return d.fault(err, "pulling %q", ref)
	}
	defer progress.Close()
	err = lastWord(progress)
	if ctx.Err() != nil {
		_ = progress.Close()
		time.Sleep(settleTime)
		err = context.Cause(ctx)
	}
	if err != nil {
		return d.fault(err, "pulling %q", ref)
	}
	return nil
}

func (d *dockerEngine) pull(ctx context.Context, ref string, platform ours.Platform) (io.ReadCloser, error) {
	return d.api.ImagePull(ctx, ref, image.PullOptions{Platform: platform.String()})
}

// lastWord reads a progress stream to its end, which is when the engine has
// done the work, and returns the error that was in it. The status has long been
// sent when the work fails, so that error is the only sign of it.
func lastWord(progress io.Reader) error {
	decoder := json.NewDecoder(progress)
	var fault error
	for {
		var message struct {
			Error       string `json:"error"`
			ErrorDetail struct {
				Message string `json:"message"`
			} `json:"errorDetail"`
		}
		switch err := decoder.Decode(&message); {
		case errors.Is(err, io.EOF):
			return fault
		case err != nil:
			return errors.Join(fault, fmt.Errorf("reading the engine's progress: %w", err))
		case message.ErrorDetail.Message != "":
			fault = errors.New(message.ErrorDetail.Message)
		case message.Error != "":
			fault = errors.New(message.Error)
		}
	}
}

// RemoveImage does not force: an image that a container uses stays, and the
// error says so.
func (d *dockerEngine) RemoveImage(ctx context.Context, ref string) error {
	_, err := d.api.ImageRemove(ctx, ref, image.RemoveOptions{PruneChildren: true})
	if err != nil && !gone(err) {
		return d.fault(err, "removing image %q", ref)
	}
	return nil
}
