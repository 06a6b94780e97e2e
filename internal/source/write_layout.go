package source

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/store"
)

// WriteLayout writes img as an OCI image layout into folder, which is made. The
// layers are links to the blobs of the store and take no room; the manifest is a new
// one, since a source may have had none.
func WriteLayout(folder string, img *image.Image, from *store.Store) error {
	if err := writeLayout(folder, img, from); err != nil {
		return fmt.Errorf("writing OCI layout %q: %w", folder, err)
	}
	return nil
}

func writeLayout(folder string, img *image.Image, from *store.Store) error {
	blobs := filepath.Join(folder, ocispec.ImageBlobsDir, digest.SHA256.String())
	if err := os.MkdirAll(blobs, 0o700); err != nil {
		return err
	}
	manifest := ocispec.Manifest{Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageManifest}
	for i, layer := range img.Layers {
		manifest.Layers = append(manifest.Layers, ocispec.Descriptor{MediaType: layer.MediaType, Digest: layer.Digest, Size: layer.Size})
		if slices.ContainsFunc(img.Layers[:i], func(before image.Layer) bool { return before.Digest == layer.Digest }) {
			continue // the same layer twice
		}
		if err := from.Link(layer.Digest, filepath.Join(blobs, layer.Digest.Encoded())); err != nil {
			return err
		}
	}
	var err error
	if manifest.Config, err = writeBlob(blobs, ocispec.MediaTypeImageConfig, img.Config); err != nil {
		return err
	}
	text, err := json.Marshal(manifest)
	if err != nil {
		return err
	}
	top, err := writeBlob(blobs, ocispec.MediaTypeImageManifest, text)
	if err != nil {
		return err
	}
	top.Platform = &ocispec.Platform{OS: img.Platform.OS, Architecture: img.Platform.Architecture, Variant: img.Platform.Variant}
	index := ocispec.Index{Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageIndex, Manifests: []ocispec.Descriptor{top}}
	if err := writeJSON(filepath.Join(folder, ocispec.ImageIndexFile), index); err != nil {
		return err
	}
	return writeJSON(filepath.Join(folder, ocispec.ImageLayoutFile), ocispec.ImageLayout{Version: ocispec.ImageLayoutVersion})
}

func writeBlob(blobs, mediaType string, text []byte) (ocispec.Descriptor, error) {
	d := digest.FromBytes(text)
	return ocispec.Descriptor{MediaType: mediaType, Digest: d, Size: int64(len(text))}, os.WriteFile(filepath.Join(blobs, d.Encoded()), text, 0o600)
}

func writeJSON(path string, of any) error {
	text, err := json.Marshal(of)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o600)
}
