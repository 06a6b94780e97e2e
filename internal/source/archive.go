package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/opencontainers/go-digest"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/image"
)

// Archive is an image in one file: what docker save writes, or an OCI layout
// in a tar, as it is or compressed. Its path may end in a colon and the name
// of an image, where there are several.
var Archive = Kind{
	Name:  "archive",
	Given: func(s budget.Source) bool { return s.Archive != "" },
	Open: func(ctx context.Context, b budget.Budget, at Machine) (*image.Image, error) {
		return openArchive(ctx, b.Source.Archive, b.Platform, at)
	},
}

func openArchive(ctx context.Context, where string, want image.Platform, at Machine) (*image.Image, error) {
	path, name, stat, err := splitPath(where)
	if err != nil {
		return nil, err
	}
	if !stat.Mode().IsRegular() {
		return nil, inputErrorf("for an OCI layout folder use oci", "opening archive %q: it is not a regular file", path)
	}
	// An archive that has not changed need not be read again.
	before := stamp(path)
	key := fmt.Sprintf("archive %s %s %q %s", packing, before, name, want)
	if img, ok := at.Store.Image(key); ok && before != "" {
		img.Reference = where
		return img, nil
	}
	at.say("reading archive %s", path)
	file := func(context.Context) (io.ReadCloser, error) { return os.Open(path) }
	img, err := readArchive(ctx, archive{open: file, name: name, want: want}, at)
	if err != nil {
		return nil, fmt.Errorf("reading archive %q: %w", path, err)
	}
	if before != "" && before == stamp(path) {
		if err := at.note(key, img); err != nil {
			return nil, err
		}
	}
	img.Reference = where
	return img, nil
}

// archive is an image as a stream of members.
type archive struct {
	open func(context.Context) (io.ReadCloser, error)
	name string // of the image; empty for the only one
	want image.Platform
	// diffIDs are the layers that must be in it, base first; nil when nobody
	// has said.
	diffIDs []digest.Digest
}

// readArchive reads the stream once, in whatever order its members come. When
// a folder's name promised a layer that turned out to be another, it reads
// once more without listening to names.
func readArchive(ctx context.Context, a archive, at Machine) (*image.Image, error) {
	for _, trusting := range []bool{true, false} {
		found := newMembers(at.shelf(), trusting, a.diffIDs)
		err := found.readFrom(ctx, a.open)
		if errors.Is(err, errOtherLayer) && trusting {
			continue
		}
		if err != nil {
			return nil, err
		}
		return found.image(ctx, a, at)
	}
	return nil, errOtherLayer // not reached: only a trusting reader returns it
}

// readFrom opens the stream, reads it and closes it.
func (m *members) readFrom(ctx context.Context, open func(context.Context) (io.ReadCloser, error)) (err error) {
	stream, err := open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stream.Close()) }()
	return m.read(ctx, stream)
}

// image finds the image among the members. The OCI index is preferred where
// there are both, since it has the manifest's digest.
func (m *members) image(ctx context.Context, a archive, at Machine) (*image.Image, error) {
	switch {
	case m.has("index.json"):
		return openLayout(ctx, m, a.name, a.want, at)
	case m.has("manifest.json"):
		return m.dockerImage(ctx, a.name, a.want)
	}
	return nil, faultf("write it with docker save, or as an OCI archive", "it holds neither index.json nor manifest.json, so it is no image")
}
