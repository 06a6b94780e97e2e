// Package image is the gate's model of a container image on disk: its config
// and its layers, whatever source they came from. It knows nothing of engines,
// registries, budgets or where blobs are kept.
package image

import (
	"encoding/json"
	"fmt"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// Image is one image for one platform, every blob of it in the local store.
type Image struct {
	Reference      string        // as its source names it; may be empty
	Platform       Platform      // of the config, which the source has checked against its descriptor
	ManifestDigest digest.Digest // when a registry or a layout gave one, else empty
	ConfigDigest   digest.Digest // SHA-256 of Config
	ContentsDigest digest.Digest // of what a container sees: paths, types, modes, owners, links, file contents, and the run-time config; no times
	Config         []byte        // the config blob as stored
	Layers         []Layer       // base first
	EngineRef      string        // how the engine under test holds it, when it does; else empty
	Base           Base          // what it was built on

	// Annotations are those of the manifest that name the base image; nil for none.
	Annotations map[string]string
}

// Layer is one layer, measured in a single pass over its bytes.
type Layer struct {
	MediaType   string        // of the blob in the store
	Digest      digest.Digest // of the blob in the store
	Size        int64         // bytes of the blob in the store
	DiffID      digest.Digest // of the uncompressed tar
	Content     int64         // bytes of regular file content plus symlink targets, see metric size
	Files       int64         // entries that are regular files, hard links or symlinks
	Compression Compression   // of the blob in the store
	Unpacked    int64         // bytes of the uncompressed tar
	Entries     int64         // headers in the tar
	Text        int64         // bytes of paths, link targets, extended attributes and kept files in those
	Instruction string        // from the config's history; empty when it has none

	// BlobState and DiffState are SHA-256 states (encoding.BinaryMarshaler)
	// after the last byte of the blob and of the uncompressed tar, so that
	// something may be appended to both without reading them again.
	BlobState, DiffState []byte
}

// Compression says how a layer blob is packed, found by its magic number and
// never taken from the media type.
type Compression string

// The compressions of the OCI image specification.
const (
	Uncompressed Compression = "none"
	Gzip         Compression = "gzip"
	Zstd         Compression = "zstd"
)

// Spec is the parsed config.
func (img *Image) Spec() (ocispec.Image, error) {
	var spec ocispec.Image
	if err := json.Unmarshal(img.Config, &spec); err != nil {
		return spec, fmt.Errorf("parsing config %s: %w", img.ConfigDigest, err)
	}
	return spec, nil
}
