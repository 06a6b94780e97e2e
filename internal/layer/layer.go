// Package layer is the one pass over a layer's bytes: as they stream by, they
// are unpacked, hashed, counted, indexed and put into the store, and memory does
// not grow with them. It knows nothing of manifests, sources or engines.
package layer

import (
	"context"
	"fmt"
	"io"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/image-budget/image-budget/internal/contents"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/store"
)

// Options is what the caller knows of the bytes, and wants of the blob.
type Options struct {
	// Digest is what the bytes must hash to, as they come; empty when unknown.
	Digest digest.Digest
	// Size is how many bytes there must be, as they come; 0 when unknown.
	Size int64
	// Pack gzips a plain tar, for a source in which a plain tar means that the
	// layer only exists unpacked.
	Pack bool
	// Index keeps of the layer only what it holds: no blob is packed or stored, so
	// that the layer is good for nothing but its contents. A tar that Pack would
	// gzip then has Size 0, since nobody knows it.
	Index bool
	// Allowance is what the image may still take; nil for a fresh DefaultCaps.
	Allowance *Allowance
}

// Read measures a layer, packed in any way that Sniff knows, and leaves its
// blob and its record in the store. It always reads to the last byte, so that
// both digests cover everything. A fault leaves nothing in the store.
func Read(ctx context.Context, r io.Reader, into *store.Store, o Options) (image.Layer, error) {
	if o.Allowance == nil {
		o.Allowance = DefaultCaps.Allowance()
	}
	blob, err := create(into, o)
	if err != nil {
		return image.Layer{}, err
	}
	defer blob.Abort()
	index := contents.NewBuilder(into.Scratch)
	defer index.Close()
	head, r, err := peek(&input{ctx: ctx, r: r, size: o.Size})
	if err != nil {
		return image.Layer{}, err
	}
	compression, _ := Sniff(head)
	read := readPacked
	if compression == image.Uncompressed {
		read = readPlain
		if o.Pack && !o.Index {
			read = readAndPack
		}
	}
	layer, came, err := read(r, blob, compression, newWalker(o.Allowance, index))
	if err != nil {
		return image.Layer{}, err
	}
	if o.Size != 0 && came.size != o.Size {
		return image.Layer{}, &SizeError{Want: o.Size, Got: came.size}
	}
	if o.Digest != "" && came.digest() != o.Digest {
		return image.Layer{}, &DigestError{Want: o.Digest, Got: came.digest()}
	}
	if o.Index {
		return keepIndex(layer, o, index, into)
	}
	return keep(layer, blob, index, into)
}

// blobWriter is where the blob goes.
type blobWriter interface {
	io.Writer
	Commit(digest.Digest) error
	Abort() error
}

func create(into *store.Store, o Options) (blobWriter, error) {
	if o.Index {
		return noBlob{}, nil
	}
	return into.Create()
}

// noBlob is a blob that is not kept.
type noBlob struct{}

func (noBlob) Write(p []byte) (int, error) { return len(p), nil }
func (noBlob) Commit(digest.Digest) error  { return nil }
func (noBlob) Abort() error                { return nil }

// keep completes the layer with the totals of its index, and leaves all of it
// in the store.
func keep(layer image.Layer, blob blobWriter, index *contents.Builder, into *store.Store) (image.Layer, error) {
	if err := blob.Commit(layer.Digest); err != nil {
		return image.Layer{}, err
	}
	layer, err := putContents(layer, index, into)
	if err != nil {
		return image.Layer{}, err
	}
	return layer, into.PutLayer(layer)
}

// keepIndex leaves no more in the store than what the layer holds, under the digest
// of the bytes as they came.
func keepIndex(layer image.Layer, o Options, index *contents.Builder, into *store.Store) (image.Layer, error) {
	layer, err := putContents(layer, index, into)
	if err != nil {
		return image.Layer{}, err
	}
	if o.Pack && layer.Compression == image.Uncompressed {
		layer.Size = 0
	}
	return layer, into.PutIndexed(layer)
}

// putContents writes the index, whose totals complete the layer.
func putContents(layer image.Layer, index *contents.Builder, into *store.Store) (image.Layer, error) {
	held, err := into.CreateContents()
	if err != nil {
		return image.Layer{}, err
	}
	defer held.Abort()
	totals, err := index.Write(held)
	if err != nil {
		return image.Layer{}, err
	}
	layer.Content, layer.Files = totals.Size, totals.Files
	return layer, held.Commit(layer.Digest)
}

// readPacked reads a compressed blob: reading, hashing and storing it,
// unpacking it, and looking at what is in it each have a goroutine.
func readPacked(r io.Reader, blob io.Writer, compression image.Compression, w *walker) (image.Layer, *sum, error) {
	stored := newSum()
	packed := readAhead(r, stored, blob)
	defer packed.Close()
	tar, err := Unpack(packed, compression)
	if err != nil {
		return image.Layer{}, nil, err
	}
	defer tar.Close()
	ahead := readAhead(tar)
	defer ahead.Close()
	layer, _, err := measure(ahead, w)
	if err != nil {
		return image.Layer{}, nil, err
	}
	// A decompressor may stop before the last byte; the blob does not.
	if _, err := io.Copy(io.Discard, packed); err != nil {
		return image.Layer{}, nil, err
	}
	return stored.describe(layer, compression), stored, nil
}

// readPlain reads a tar that is stored as it is.
func readPlain(r io.Reader, blob io.Writer, _ image.Compression, w *walker) (image.Layer, *sum, error) {
	tar := newSum()
	ahead := readAhead(r, blob, tar) // hashed there, since looking into it takes as long
	defer ahead.Close()
	layer, err := walkAll(ahead, w)
	if err != nil {
		return image.Layer{}, nil, err
	}
	return tar.describe(tar.unpacked(layer), image.Uncompressed), tar, nil
}

// readAndPack reads a tar that is stored gzipped.
func readAndPack(r io.Reader, blob io.Writer, _ image.Compression, w *walker) (image.Layer, *sum, error) {
	stored := newSum()
	pack := newPacker(io.MultiWriter(stored, blob))
	ahead := readAhead(r, pack)
	defer ahead.Close()
	layer, tar, err := measure(ahead, w)
	if err != nil {
		return image.Layer{}, nil, err
	}
	if err := pack.Close(); err != nil {
		return image.Layer{}, nil, err
	}
	return stored.describe(layer, image.Gzip), tar, nil
}

// measure reads an uncompressed tar to its end. What its files come to is known
// once the index is written.
func measure(r io.Reader, w *walker) (image.Layer, *sum, error) {
	tar := newSum()
	layer, err := walkAll(io.TeeReader(r, tar), w)
	return tar.unpacked(layer), tar, err
}

// walkAll looks at everything in an uncompressed tar, and reads it to its end.
func walkAll(r io.Reader, w *walker) (image.Layer, error) {
	counted := &charged{r: r, allowance: w.allowance}
	if err := w.walk(counted); err != nil {
		return image.Layer{}, err
	}
	if _, err := io.CopyBuffer(io.Discard, onlyReader{counted}, make([]byte, chunkSize)); err != nil {
		return image.Layer{}, fmt.Errorf("reading what follows the tar: %w", err)
	}
	return image.Layer{Entries: w.entries, Text: w.text}, nil
}

// unpacked completes the layer with the tar that s has seen to its end.
func (s *sum) unpacked(layer image.Layer) image.Layer {
	layer.DiffID, layer.DiffState, layer.Unpacked = s.digest(), s.state(), s.size
	return layer
}

// mediaTypes are what a blob of ours is called.
var mediaTypes = map[image.Compression]string{
	image.Uncompressed: ocispec.MediaTypeImageLayer,
	image.Gzip:         ocispec.MediaTypeImageLayerGzip,
	image.Zstd:         ocispec.MediaTypeImageLayerZstd,
}

// describe completes the layer with the blob that s has seen to its end.
func (s *sum) describe(layer image.Layer, compression image.Compression) image.Layer {
	layer.MediaType = mediaTypes[compression]
	layer.Compression = compression
	layer.Digest, layer.Size, layer.BlobState = s.digest(), s.size, s.state()
	return layer
}
