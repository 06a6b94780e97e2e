package source

import (
	"context"
	"errors"
	"fmt"

	"github.com/opencontainers/go-digest"
	"golang.org/x/sync/errgroup"

	"github.com/image-budget/image-budget/internal/ancestry"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/layer"
	"github.com/image-budget/image-budget/internal/store"
)

// contents is where the blobs of an image are: in a registry, in an OCI layout
// folder, in an archive that was read. Every method checks digest and size.
type contents interface {
	// manifest is an index or a manifest.
	manifest(context.Context, descriptor) ([]byte, error)
	config(context.Context, descriptor) ([]byte, error)
	// layer measures a layer and leaves it in the store.
	layer(context.Context, descriptor) (image.Layer, error)
	// assemble puts the image together from what the others returned.
	assemble(context.Context, config, []image.Layer) (*image.Image, error)
}

// errNotThere is matched by the errors of contents that miss a blob.
var errNotThere = errors.New("it is not there")

// layersAtOnce is how many layers are read at the same time: enough to hide
// the round trips, few enough to bound the memory of their decompressors.
const layersAtOnce = 2

// openManifest gets the image that d leads to.
func openManifest(ctx context.Context, from contents, d descriptor, want image.Platform) (*image.Image, error) {
	text, err := from.manifest(ctx, d)
	if err != nil {
		return nil, err
	}
	manifest, err := parseDocument(text)
	if err != nil {
		return nil, fmt.Errorf("reading manifest %s: %w", d.Digest, err)
	}
	if manifest.isIndex() {
		return nil, fmt.Errorf("reading manifest %s: it is an index", d.Digest)
	}
	text, err = from.config(ctx, *manifest.Config)
	if err != nil {
		return nil, err
	}
	config, err := parseConfig(text)
	if err != nil {
		return nil, err
	}
	// Before the layers, so that the wrong platform is not downloaded first.
	if err := checkPlatform(config.platform(), want, d.platform()); err != nil {
		return nil, err
	}
	if err := config.checkCount(len(manifest.Layers)); err != nil {
		return nil, err
	}
	layers, err := openLayers(ctx, from, manifest.Layers)
	if err != nil {
		return nil, err
	}
	img, err := from.assemble(ctx, config, layers)
	if err != nil {
		return nil, err
	}
	img.ManifestDigest = d.Digest
	img.Annotations = ancestry.Annotations(manifest.annotations())
	return img, nil
}

// openLayers reads each blob once, also where a manifest has it twice.
func openLayers(ctx context.Context, from contents, all []descriptor) ([]image.Layer, error) {
	first := map[digest.Digest]int{}
	layers := make([]image.Layer, len(all))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(layersAtOnce)
	for i, d := range all {
		if _, twice := first[d.Digest]; twice {
			continue
		}
		first[d.Digest] = i
		group.Go(func() (err error) {
			layers[i], err = oneLayer(ctx, from, d)
			if err != nil {
				return fmt.Errorf("reading layer %d of %d (%s): %w", i+1, len(all), d.Digest, err)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for i, d := range all {
		layers[i] = layers[first[d.Digest]]
	}
	return layers, nil
}

// oneLayer turns a panic into an error. On a goroutine of its own it would end
// the process with nothing cleaned up, and what is read comes from outside.
func oneLayer(ctx context.Context, from contents, d descriptor) (_ image.Layer, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return from.layer(ctx, d)
}

// shelf is the store as one image's layers go into it.
type shelf struct {
	*store.Store
	allowance *layer.Allowance
	indexOnly bool // see Machine.Index
}

func (m Machine) shelf() shelf {
	return shelf{Store: m.Store, allowance: m.Caps.Allowance(), indexOnly: m.Index}
}

// assemble puts an image together whose layers are all in the store, whichever
// source it comes from.
func (s shelf) assemble(ctx context.Context, c config, layers []image.Layer) (*image.Image, error) {
	img, err := c.image(layers)
	if err != nil || s.indexOnly {
		return img, err
	}
	img.ContentsDigest, err = layer.ContentsDigest(ctx, s.Store, img)
	return img, err
}

// take charges the image with a layer that was found in the store.
func (s shelf) take(known image.Layer) (image.Layer, error) {
	return known, s.allowance.Charge(known)
}

// packed is the layer that an uncompressed tar became when it was compressed
// here. A blob that a registry stores for the same tar does not count: its
// size is another, and which of the two is known must not matter.
func (s shelf) packed(diffID digest.Digest) (image.Layer, bool) {
	return s.Hinted(packedName(diffID))
}

// remember notes a layer that was compressed here.
func (s shelf) remember(packed image.Layer) error {
	return s.Hint(packedName(packed.DiffID), packed.Digest)
}

func packedName(diffID digest.Digest) string { return "packed " + packing + " " + diffID.String() }
