package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"

	"github.com/opencontainers/go-digest"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/layer"
)

// errOtherLayer is a member whose name led to a layer that it is not.
var errOtherLayer = errors.New("a folder of the archive holds another layer than it did before")

// addLayer measures a member. What is wrong with one that the image turns out
// not to have does not matter, so a fault is kept until the layer is asked for,
// unless it has used up what the image may cost.
func (m *members) addLayer(ctx context.Context, name string, compression image.Compression, body io.Reader) error {
	found, err := m.readLayer(ctx, name, compression, body)
	var over *layer.CapError
	if errors.Is(err, errOtherLayer) || errors.As(err, &over) || ctx.Err() != nil {
		return err
	}
	if err != nil {
		m.faults[name] = err
		return nil
	}
	delete(m.faults, name) // of an earlier member of that name
	m.layers[name] = found
	return nil
}

// readLayer hashes a layer that is in the store already and measures one that
// is not. A tar that comes unpacked is compressed.
func (m *members) readLayer(ctx context.Context, name string, compression image.Compression, body io.Reader) (image.Layer, error) {
	claimed := blobDigest(name)
	plain := compression == image.Uncompressed
	if known, want, ok := m.known(name, claimed, plain); ok {
		size := known.Size
		if plain {
			size = known.Unpacked
		}
		got, err := digestUpTo(ctx, body, size)
		switch {
		case err != nil:
			return image.Layer{}, err
		case got == want:
			return m.take(known)
		case claimed == "":
			return image.Layer{}, errOtherLayer
		}
		return image.Layer{}, &layer.DigestError{Want: want, Got: got}
	}
	if m.allKnown && plain && claimed == "" {
		return m.recognise(ctx, name, body)
	}
	read, err := layer.Read(ctx, body, m.Store, layer.Options{Digest: claimed, Pack: true, Index: m.indexOnly, Allowance: m.allowance})
	if err != nil || !plain {
		return read, err
	}
	if m.indexOnly {
		return read, m.Hint(indexedName(name), read.Digest)
	}
	return read, errors.Join(m.remember(read), m.Hint(folderName(name), read.Digest))
}

// known is what the store has for a member of that name, and what the member
// must hash to if it is that.
func (m *members) known(name string, claimed digest.Digest, plain bool) (image.Layer, digest.Digest, bool) {
	if known, want, ok := m.packedBefore(name, claimed, plain); ok || !m.indexOnly {
		return known, want, ok
	}
	switch {
	case claimed != "":
		known, ok := m.Indexed(claimed)
		return known, claimed, ok
	case plain && m.trusting:
		known, ok := m.HintedIndexed(indexedName(name))
		return known, known.DiffID, ok
	}
	return image.Layer{}, "", false
}

// packedBefore is known, of a layer whose blob is there.
func (m *members) packedBefore(name string, claimed digest.Digest, plain bool) (image.Layer, digest.Digest, bool) {
	switch {
	case claimed != "" && plain:
		known, ok := m.packed(claimed)
		return known, claimed, ok
	case claimed != "":
		known, ok := m.Layer(claimed)
		return known, claimed, ok && known.Digest == claimed
	case plain && m.trusting:
		known, ok := m.Hinted(folderName(name))
		return known, known.DiffID, ok
	}
	return image.Layer{}, "", false
}

// recognise finds the layer by its content alone.
func (m *members) recognise(ctx context.Context, name string, body io.Reader) (image.Layer, error) {
	diffID, err := digestUpTo(ctx, body, m.largest)
	if err != nil {
		return image.Layer{}, err
	}
	known, ok := m.packed(diffID)
	if !ok {
		return image.Layer{}, errOtherLayer
	}
	if err := m.Hint(folderName(name), known.Digest); err != nil {
		return image.Layer{}, err
	}
	return m.take(known)
}

// digestUpTo reads no more than it takes to see that body is not the layer of
// that size. What is left of the member is charged when it is skipped.
func digestUpTo(ctx context.Context, body io.Reader, size int64) (digest.Digest, error) {
	return layer.Digest(ctx, io.LimitReader(body, size+1))
}

// folderName is the hint that a docker archive's member gives: its folder is
// named after the layers up to this one, so the same folder of another archive
// very likely holds the same layer.
func folderName(name string) string { return "folder " + packing + " " + name }

func indexedName(name string) string { return "indexed folder " + name }

// blobDigest is the digest that a member of an OCI layout is named after, or
// empty.
func blobDigest(name string) digest.Digest {
	dir, base := path.Split(name)
	d := digest.NewDigestFromEncoded(digest.SHA256, base)
	if dir != "blobs/sha256/" || d.Validate() != nil {
		return ""
	}
	return d
}

func blobName(d digest.Digest) string { return "blobs/sha256/" + d.Encoded() }

func (m *members) index() ([]byte, error) { return m.document("index.json", manifestLimit) }

func (m *members) manifest(_ context.Context, d descriptor) ([]byte, error) {
	return m.text("manifest", d, manifestLimit)
}

func (m *members) config(_ context.Context, d descriptor) ([]byte, error) {
	return m.text("config", d, configLimit)
}

func (m *members) text(what string, d descriptor, limit int64) ([]byte, error) {
	text, err := m.document(blobName(d.Digest), limit)
	if err != nil {
		return nil, fmt.Errorf("reading %s %s: %w", what, d.Digest, err)
	}
	return text, checkText(what, text, d)
}

// layer was measured when it came by; what is left is its descriptor's size,
// which is that of the tar where the tar came unpacked.
func (m *members) layer(_ context.Context, d descriptor) (image.Layer, error) {
	found, err := m.found(blobName(d.Digest))
	if err != nil {
		return image.Layer{}, err
	}
	size := found.Size
	if found.Digest != d.Digest || found.Compression == image.Uncompressed {
		size = found.Unpacked // read for its contents only, it has no other
	}
	if size != *d.Size {
		return image.Layer{}, &layer.SizeError{Want: *d.Size, Got: size}
	}
	return found, nil
}

func (m *members) found(name string) (image.Layer, error) {
	name = m.follow(name)
	if err := m.faults[name]; err != nil {
		return image.Layer{}, err
	}
	if found, ok := m.layers[name]; ok {
		return found, nil
	}
	if m.has(name) {
		return image.Layer{}, errors.New("it is not a tar, nor one packed with gzip or zstd")
	}
	return image.Layer{}, errNotThere
}
