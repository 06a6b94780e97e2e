package trial

import (
	"bytes"
	"crypto/sha256"
	"encoding"
	"encoding/json"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/image-budget/image-budget/internal/image"
)

// saltSize is one tar block, so that a layer stays a whole number of blocks.
const saltSize = 512

// served is an image as the embedded registry serves it. Its layers are
// described, not copied: a blob is one on disk and a few bytes after it.
type served struct {
	manifest ocispec.Descriptor
	body     []byte // of the manifest
	config   blob
	layers   []blob
}

// blob is what is on disk under head, then tail.
type blob struct {
	ocispec.Descriptor
	head head
	tail []byte
}

// head is where the first bytes of a blob are: in the store under Digest, or
// in the file Path. The zero head has none.
type head struct {
	Digest digest.Digest
	Path   string
	Size   int64
}

// salted returns img with every layer followed by 512 bytes from random after
// its tar's end marker. A tar reader stops at that marker, so no file changes;
// but the blob digest and the diff ID do, so an engine that holds the image
// downloads and unpacks every layer again. Two layers that are the same blob
// get different salts, and so are both downloaded.
//
// Gzip members may follow each other (RFC 1952, section 2.2) and so may
// Zstandard frames (RFC 8878, section 3): the salt is one more of its kind.
func salted(img *image.Image, random io.Reader) (*served, error) {
	diffIDs := make([]digest.Digest, len(img.Layers))
	layers := make([]blob, len(img.Layers))
	for i, layer := range img.Layers {
		salt := make([]byte, saltSize)
		if _, err := io.ReadFull(random, salt); err != nil {
			return nil, fmt.Errorf("salting layer %s: %w", layer.Digest, err)
		}
		tail, err := pack(salt, layer.Compression)
		if err != nil {
			return nil, fmt.Errorf("salting layer %s: %w", layer.Digest, err)
		}
		diffIDs[i], err = resume(layer.DiffState, salt)
		if err != nil {
			return nil, fmt.Errorf("salting layer %s: resuming its diff ID: %w", layer.Digest, err)
		}
		layers[i], err = stored(layer).followedBy(tail, layer.BlobState)
		if err != nil {
			return nil, fmt.Errorf("salting layer %s: resuming its digest: %w", layer.Digest, err)
		}
	}
	config, err := rewrite(img.Config, diffIDs)
	if err != nil {
		return nil, fmt.Errorf("salting config %s: %w", img.ConfigDigest, err)
	}
	return assemble(config, layers)
}

// stored is the layer as the store has it.
func stored(layer image.Layer) blob {
	return blob{
		Descriptor: ocispec.Descriptor{MediaType: layer.MediaType, Digest: layer.Digest, Size: layer.Size},
		head:       head{Digest: layer.Digest, Size: layer.Size},
	}
}

// followedBy appends tail; state is the blob's SHA-256 state before it.
func (b blob) followedBy(tail, state []byte) (blob, error) {
	sum, err := resume(state, tail)
	if err != nil {
		return blob{}, err
	}
	b.tail = tail
	b.Digest, b.Size = sum, b.Size+int64(len(tail))
	return b, nil
}

// pack puts salt into what may follow a blob of that compression.
func pack(salt []byte, how image.Compression) ([]byte, error) {
	var packed bytes.Buffer
	switch how {
	case image.Uncompressed:
		return salt, nil
	case image.Gzip:
		w, err := gzip.NewWriterLevel(&packed, gzip.StatelessCompression)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(salt); err != nil {
			return nil, err
		}
		if err := w.Close(); err != nil {
			return nil, err
		}
		return packed.Bytes(), nil
	case image.Zstd:
		w, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
		if err != nil {
			return nil, err
		}
		return w.EncodeAll(salt, nil), w.Close()
	}
	return nil, fmt.Errorf("unknown compression %q", how)
}

// resume returns the SHA-256 digest of what state has seen and then more.
func resume(state, more []byte) (digest.Digest, error) {
	hash := sha256.New()
	if err := hash.(encoding.BinaryUnmarshaler).UnmarshalBinary(state); err != nil {
		return "", err
	}
	hash.Write(more)
	return digest.NewDigest(digest.SHA256, hash), nil
}

// rewrite replaces the diff IDs of a config and keeps everything else.
func rewrite(config []byte, diffIDs []digest.Digest) ([]byte, error) {
	var top, rootfs map[string]json.RawMessage
	if err := json.Unmarshal(config, &top); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(top["rootfs"], &rootfs); err != nil {
		return nil, fmt.Errorf("reading rootfs: %w", err)
	}
	var err error
	if rootfs["diff_ids"], err = json.Marshal(diffIDs); err != nil {
		return nil, err
	}
	if top["rootfs"], err = json.Marshal(rootfs); err != nil {
		return nil, err
	}
	return json.Marshal(top)
}

// assemble puts config and layers under an OCI manifest.
func assemble(config []byte, layers []blob) (*served, error) {
	s := &served{layers: layers, config: blob{tail: config, Descriptor: ocispec.Descriptor{
		MediaType: ocispec.MediaTypeImageConfig, Digest: digest.FromBytes(config), Size: int64(len(config)),
	}}}
	descriptors := make([]ocispec.Descriptor, len(layers))
	for i, layer := range layers {
		descriptors[i] = layer.Descriptor
	}
	var err error
	s.body, err = json.Marshal(ocispec.Manifest{
		Versioned: specs.Versioned{SchemaVersion: 2},
		MediaType: ocispec.MediaTypeImageManifest,
		Config:    s.config.Descriptor,
		Layers:    descriptors,
	})
	s.manifest = ocispec.Descriptor{
		MediaType: ocispec.MediaTypeImageManifest, Digest: digest.FromBytes(s.body), Size: int64(len(s.body)),
	}
	return s, err
}

// layerBytes is what a cold pull has to transfer of the layers.
func (s *served) layerBytes() int64 {
	var sum int64
	for _, layer := range s.layers {
		sum += layer.Size
	}
	return sum
}
