package trial

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/metric"
	"github.com/image-budget/image-budget/internal/session"
)

// Pull runs one cold pull: freshly salted layers, over the budget's link, timed
// from the engine's pull call to its return. The download ends with the last
// byte served; what follows is extraction. It fails with *CacheHit when the
// engine did not fetch every byte and with *ZstdUnsupported when it cannot.
func (b *Bench) Pull(ctx context.Context, img *image.Image) (sample metric.Sample, err error) {
	if err := b.takes(ctx, img); err != nil {
		return sample, err
	}
	copied, err := salted(img, rand.Reader)
	if err != nil {
		return sample, err
	}
	transfer, err := b.transfer(ctx, img, copied, b.Link)
	if err == nil {
		err = transfer.complete(copied.layerBytes())
	}
	if err == nil && b.keeps(img) {
		b.delivered[img.ConfigDigest] = transfer.ref
	} else if transfer.ref != "" {
		err = errors.Join(err, b.removeImage(ctx, transfer.ref))
	}
	if err != nil {
		return sample, err
	}
	return metric.Sample{
		Total:  transfer.total,
		Phases: []time.Duration{transfer.download, transfer.total - transfer.download},
	}, nil
}

// keeps reports that a pulled copy of the image stays for its starts, which
// need one that the engine holds: salt changes no file.
func (b *Bench) keeps(img *image.Image) bool {
	return b.Starts && img.EngineRef == "" && b.delivered[img.ConfigDigest] == ""
}

// takes fails when the engine cannot unpack the image's layers as they are.
func (b *Bench) takes(ctx context.Context, img *image.Image) error {
	if !compressed(img, image.Zstd) {
		return nil
	}
	about, err := b.self(ctx)
	if err == nil && !about.ZstdLayers {
		return &ZstdUnsupported{Engine: about.Name + " " + about.Version}
	}
	return err
}

func compressed(img *image.Image, how image.Compression) bool {
	for _, layer := range img.Layers {
		if layer.Compression == how {
			return true
		}
	}
	return false
}

// transfer is one pull through the embedded registry.
type transfer struct {
	ref             string // empty while nothing was recorded under it
	total, download time.Duration
	bytes           int64 // of layers that were served
}

// complete fails unless the layers were transferred once each.
func (t transfer) complete(want int64) error {
	switch {
	case t.bytes < want:
		return &CacheHit{Served: t.bytes, Want: want}
	case t.bytes > want:
		return fmt.Errorf("pulling %q: the engine fetched %d bytes of layers that have %d: a transfer was cut and repeated", t.ref, t.bytes, want)
	}
	return nil
}

// transfer has the engine pull the copy over a link. When the result has a
// reference, the caller removes it, also after an error.
func (b *Bench) transfer(ctx context.Context, img *image.Image, copied *served, over budget.Link) (t transfer, err error) {
	if err := b.listen(ctx); err != nil {
		return t, err
	}
	repo, tag := b.repository(img)
	pulling, broken := context.WithCancelCause(ctx)
	defer broken(nil)
	offered, err := newOffer(repo, tag, copied, b.Blobs, newLink(over), broken)
	if err != nil {
		return t, err
	}
	ref := b.host + "/" + repo + ":" + tag
	if err := b.Session.Will(session.Image, ref); err != nil {
		return t, err
	}
	t.ref = ref
	b.registry.show(offered)
	begun := time.Now()
	err = b.Engine.Pull(pulling, ref, img.Platform)
	t.total = time.Since(begun)
	b.registry.withdraw(offered)
	if cause := context.Cause(pulling); cause != nil && ctx.Err() == nil {
		err = cause // and not the engine's word for being interrupted
	}
	if err != nil {
		return t, fmt.Errorf("pulling a copy of %q: %w", img.Reference, err)
	}
	t.bytes = offered.transferred(copied)
	t.download = min(t.total, max(0, offered.count.end().Sub(begun)))
	return t, nil
}
