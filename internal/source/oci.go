package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"github.com/opencontainers/go-digest"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/layer"
)

// OCI is an image in an OCI image layout folder. Its path may end in a colon
// and the name of an image, where there are several.
var OCI = Kind{
	Name:  "oci",
	Given: func(s budget.Source) bool { return s.OCI != "" },
	Open: func(ctx context.Context, b budget.Budget, at Machine) (*image.Image, error) {
		return openOCI(ctx, b.Source.OCI, b.Platform, at)
	},
}

func openOCI(ctx context.Context, where string, want image.Platform, at Machine) (*image.Image, error) {
	path, name, stat, err := splitPath(where)
	if err != nil {
		return nil, err
	}
	if !stat.IsDir() {
		return nil, inputErrorf("for an image in one file use archive", "opening OCI layout %q: it is not a folder", path)
	}
	folder := &folder{path: path, shelf: at.shelf()}
	img, err := openLayout(ctx, folder, name, want, at)
	if err != nil {
		return nil, fmt.Errorf("reading OCI layout %q: %w", path, err)
	}
	img.Reference = where
	return img, nil
}

// layout is contents with an index.json to start from.
type layout interface {
	contents
	index() ([]byte, error)
}

// openLayout gets the image of that name and platform. One that was read
// before is not read again, since its manifest's digest stands for all of it.
func openLayout(ctx context.Context, from layout, name string, want image.Platform, at Machine) (*image.Image, error) {
	text, err := from.index()
	if err != nil {
		return nil, fmt.Errorf("reading index.json: %w", err)
	}
	index, err := parseDocument(text)
	if err != nil {
		return nil, fmt.Errorf("reading index.json: %w", err)
	}
	if !index.isIndex() {
		return nil, errors.New("reading index.json: it is not an image index")
	}
	if index, err = named(index, name); err != nil {
		return nil, err
	}
	d, err := choose(ctx, from, index, want)
	if err != nil {
		return nil, err
	}
	key := layoutKey(d.Digest)
	if img, ok := at.Store.Image(key); ok {
		return img, checkPlatform(img.Platform, want, d.platform())
	}
	img, err := openManifest(ctx, from, d, want)
	if err != nil {
		return nil, err
	}
	return img, at.note(key, img)
}

func layoutKey(manifest digest.Digest) string { return "layout " + packing + " " + manifest.String() }

// folder is an OCI image layout on disk.
type folder struct {
	path string
	shelf
}

func (f *folder) index() ([]byte, error) {
	return readSmall(filepath.Join(f.path, "index.json"), manifestLimit)
}

func (f *folder) manifest(_ context.Context, d descriptor) ([]byte, error) {
	return f.text("manifest", d, manifestLimit)
}

func (f *folder) config(_ context.Context, d descriptor) ([]byte, error) {
	return f.text("config", d, configLimit)
}

func (f *folder) text(what string, d descriptor, limit int64) ([]byte, error) {
	text, err := readSmall(f.blob(d.Digest), limit)
	if errors.Is(err, fs.ErrNotExist) {
		err = errNotThere
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s %s: %w", what, d.Digest, err)
	}
	return text, checkText(what, text, d)
}

func (f *folder) blob(d digest.Digest) string {
	return filepath.Join(f.path, "blobs", "sha256", d.Encoded())
}

// layer does not read a blob that the store holds: its name is its digest.
func (f *folder) layer(ctx context.Context, d descriptor) (image.Layer, error) {
	file, stat, err := openRegular(f.blob(d.Digest))
	if err != nil {
		return image.Layer{}, err
	}
	defer file.Close()
	if stat.Size() != *d.Size {
		return image.Layer{}, &layer.SizeError{Want: *d.Size, Got: stat.Size()}
	}
	if known, ok := f.packed(d.Digest); ok {
		return f.take(known)
	}
	if known, ok := f.Layer(d.Digest); ok && known.Digest == d.Digest && known.Compression != image.Uncompressed {
		return f.take(known)
	}
	if f.indexOnly {
		if known, ok := f.Indexed(d.Digest); ok {
			return f.take(known)
		}
	}
	read, err := layer.Read(ctx, file, f.Store, layer.Options{Digest: d.Digest, Size: *d.Size, Pack: true, Index: f.indexOnly, Allowance: f.allowance})
	if err == nil && read.DiffID == d.Digest && !f.indexOnly {
		err = f.remember(read)
	}
	return read, err
}

// readSmall reads a file whole that should not be large.
func readSmall(path string, limit int64) ([]byte, error) {
	file, _, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err != nil {
		return nil, err
	}
	return text, checkLimit("it", int64(len(text)), limit)
}
