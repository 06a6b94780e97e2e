package enginetest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/opencontainers/go-digest"
	"golang.org/x/sync/errgroup"

	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/image"
)

// Add puts an image into the engine's store under a reference.
func (f *Fake) Add(ref string, img v1.Image) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.images[tagged(ref)] = img
}

// Images is the references of the images there now, sorted.
func (f *Fake) Images() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	refs := []string{}
	for ref := range f.images {
		refs = append(refs, ref)
	}
	slices.Sort(refs)
	return refs
}

// Image finds an image by reference or by ID.
func (f *Fake) Image(ctx context.Context, ref string) (engine.HeldImage, error) {
	if err := f.enter(ctx, "Image"); err != nil {
		return engine.HeldImage{}, err
	}
	img, err := f.find(ref)
	if err != nil {
		return engine.HeldImage{}, err
	}
	config, err := img.ConfigFile()
	if err != nil {
		return engine.HeldImage{}, err
	}
	held := engine.HeldImage{
		ID:       id(img),
		Platform: image.Platform{OS: config.OS, Architecture: config.Architecture, Variant: config.Variant},
	}
	for _, diffID := range config.RootFS.DiffIDs {
		held.DiffIDs = append(held.DiffIDs, digest.Digest(diffID.String()))
	}
	return held, nil
}

// Save writes a docker archive.
func (f *Fake) Save(ctx context.Context, ref string) (io.ReadCloser, error) {
	if err := f.enter(ctx, "Save"); err != nil {
		return nil, err
	}
	img, err := f.find(ref)
	if err != nil {
		return nil, err
	}
	parsed, err := name.ParseReference(ref)
	if err != nil {
		parsed = name.MustParseReference("saved:latest") // an ID
	}
	r, w := io.Pipe()
	go func() { w.CloseWithError(tarball.Write(parsed, img, w)) }()
	return r, nil
}

// Build asks Builder.
func (f *Fake) Build(ctx context.Context, req engine.BuildRequest, progress io.Writer) error {
	if err := f.enter(ctx, "Build"); err != nil {
		return err
	}
	if f.Builder == nil {
		return errors.New("building: the fake has no Builder")
	}
	img, err := f.Builder(ctx, req, progress)
	if err != nil {
		return err
	}
	f.Add(req.Name, img)
	return nil
}

// Pull downloads and unpacks the layers that no image here has, three at a time.
func (f *Fake) Pull(ctx context.Context, ref string, platform image.Platform) error {
	if err := f.enter(ctx, "Pull"); err != nil {
		return err
	}
	parsed, err := name.ParseReference(ref, name.Insecure)
	if err != nil {
		return fmt.Errorf("pulling %q: %w", ref, err)
	}
	options := []remote.Option{remote.WithContext(ctx)}
	if platform != (image.Platform{}) {
		options = append(options, remote.WithPlatform(v1.Platform{OS: platform.OS, Architecture: platform.Architecture, Variant: platform.Variant}))
	}
	img, err := remote.Image(parsed, options...)
	if err != nil {
		return fmt.Errorf("pulling %q: %w", ref, err)
	}
	if err := f.fetch(ctx, img); err != nil {
		return fmt.Errorf("pulling %q: %w", ref, err)
	}
	f.Add(ref, img)
	return nil
}

func (f *Fake) fetch(ctx context.Context, img v1.Image) error {
	config, err := img.ConfigFile()
	if err != nil {
		return err
	}
	layers, err := img.Layers()
	if err != nil {
		return err
	}
	if len(layers) != len(config.RootFS.DiffIDs) {
		return fmt.Errorf("the manifest has %d layers, the config %d diff IDs", len(layers), len(config.RootFS.DiffIDs))
	}
	held := f.layers()
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(3)
	for i, layer := range layers {
		if want := config.RootFS.DiffIDs[i]; !held[want] {
			work.Go(func() error { return f.unpack(ctx, layer, want) })
		}
	}
	return work.Wait()
}

// unpack reads a whole layer, as an engine does that keeps it.
func (f *Fake) unpack(ctx context.Context, layer v1.Layer, want v1.Hash) error {
	if err := f.refuseZstd(layer); err != nil {
		return err
	}
	content, err := layer.Uncompressed()
	if err != nil {
		return err
	}
	defer content.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, content); err != nil {
		return err
	}
	if got := hex.EncodeToString(hash.Sum(nil)); got != want.Hex {
		return fmt.Errorf("filesystem layer verification failed: diff ID is sha256:%s, the config says %s", got, want)
	}
	return ctx.Err()
}

func (f *Fake) refuseZstd(layer v1.Layer) error {
	mediaType, err := layer.MediaType()
	if err != nil || f.Self.ZstdLayers || !strings.HasSuffix(string(mediaType), "zstd") {
		return err
	}
	return errors.New("invalid tar header: this engine cannot unpack zstd")
}

// layers is the diff IDs of every image here.
func (f *Fake) layers() map[v1.Hash]bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	held := map[v1.Hash]bool{}
	for _, img := range f.images {
		if config, err := img.ConfigFile(); err == nil {
			for _, diffID := range config.RootFS.DiffIDs {
				held[diffID] = true
			}
		}
	}
	return held
}

// RemoveImage drops a reference, unless a container needs it.
func (f *Fake) RemoveImage(ctx context.Context, ref string) error {
	if err := f.enter(ctx, "RemoveImage"); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.containers {
		if tagged(c.spec.Image) == tagged(ref) {
			return fmt.Errorf("removing image %q: %w", ref, errInUse)
		}
	}
	delete(f.images, tagged(ref))
	return nil
}

func (f *Fake) find(ref string) (v1.Image, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if img, ok := f.images[tagged(ref)]; ok {
		return img, nil
	}
	for _, img := range f.images {
		if id(img) == ref {
			return img, nil
		}
	}
	return nil, fmt.Errorf("finding image %q: %w", ref, engine.ErrNoImage)
}

// tagged is the reference with the tag that engines add when it has none.
func tagged(ref string) string {
	if last := ref[strings.LastIndex(ref, "/")+1:]; !strings.ContainsAny(last, ":@") {
		return ref + ":latest"
	}
	return ref
}

func id(img v1.Image) string {
	hash, err := img.ConfigName()
	if err != nil {
		return ""
	}
	return hash.String()
}
