package trial

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/layer"
)

// held returns a reference under which the engine holds img, and puts it there
// once when it does not: through the embedded registry, unshaped, kept until
// Close. A layer that the engine holds already is not sent again.
func (b *Bench) held(ctx context.Context, img *image.Image) (string, error) {
	if img.EngineRef != "" {
		return img.EngineRef, nil
	}
	if ref, ok := b.delivered[img.ConfigDigest]; ok {
		return ref, nil
	}
	// A progress line that cannot be written changes no measurement.
	_, _ = fmt.Fprintf(b.Progress, "copying %q into the engine, to start it\n", img.Reference)
	about, err := b.self(ctx)
	if err != nil {
		return "", err
	}
	layers := make([]blob, len(img.Layers))
	var folder string
	if compressed(img, image.Zstd) && !about.ZstdLayers {
		folder, err = b.Session.TempDir()
		if err != nil {
			return "", err
		}
	}
	ref, err := b.deliver(ctx, img, layers, folder)
	if folder != "" {
		err = errors.Join(err, b.Session.RemovePath(folder))
	}
	if err != nil {
		return "", fmt.Errorf("delivering %q to the engine: %w", img.Reference, err)
	}
	return ref, nil
}

// deliver fills layers and has the engine pull them. Zstandard layers are
// unpacked into folder when there is one: an engine that cannot take them gets
// the same tars plain.
func (b *Bench) deliver(ctx context.Context, img *image.Image, layers []blob, folder string) (string, error) {
	for i, l := range img.Layers {
		layers[i] = stored(l)
		if folder == "" || l.Compression != image.Zstd {
			continue
		}
		var err error
		layers[i], err = b.unpacked(ctx, l, filepath.Join(folder, fmt.Sprint(i)))
		if err != nil {
			return "", err
		}
	}
	config, err := marked(img.Config, b.Session.Nonce())
	if err != nil {
		return "", fmt.Errorf("marking config %s: %w", img.ConfigDigest, err)
	}
	copied, err := assemble(config, layers)
	if err != nil {
		return "", err
	}
	t, err := b.transfer(ctx, img, copied, budget.Link{})
	if err != nil {
		if t.ref != "" {
			err = errors.Join(err, b.removeImage(ctx, t.ref))
		}
		return "", err
	}
	b.delivered[img.ConfigDigest] = t.ref
	return t.ref, nil
}

// unpacked writes a Zstandard layer's tar to path.
func (b *Bench) unpacked(ctx context.Context, of image.Layer, path string) (plain blob, err error) {
	packed, err := b.Blobs.Blob(of.Digest)
	if err != nil {
		return plain, err
	}
	defer func() { err = errors.Join(err, packed.Close()) }()
	tar, err := layer.Unpack(untilDone{ctx, packed}, of.Compression)
	if err != nil {
		return plain, fmt.Errorf("reading layer %s: %w", of.Digest, err)
	}
	defer func() { err = errors.Join(err, tar.Close()) }()
	file, err := os.Create(path)
	if err != nil {
		return plain, err
	}
	size, err := io.Copy(file, tar)
	if err = errors.Join(err, file.Close()); err != nil {
		return plain, fmt.Errorf("reading layer %s: %w", of.Digest, err)
	}
	return blob{
		Descriptor: ocispec.Descriptor{MediaType: ocispec.MediaTypeImageLayer, Digest: of.DiffID, Size: size},
		head:       head{Path: path, Size: size},
	}, nil
}

// untilDone is a reader that stops when its context does.
type untilDone struct {
	ctx context.Context
	io.Reader
}

func (r untilDone) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}

// marked gives a config a digest of its own, so that removing the copy from the
// engine cannot remove an image that was there before. Engines ignore keys they
// do not know (OCI image specification, "Extensibility").
func marked(config []byte, nonce string) ([]byte, error) {
	var top map[string]json.RawMessage
	if err := json.Unmarshal(config, &top); err != nil {
		return nil, err
	}
	if top == nil {
		return nil, errors.New("it is not a JSON object")
	}
	top["org.image-budget.copy"] = json.RawMessage(`"` + nonce + `"`)
	return json.Marshal(top)
}
