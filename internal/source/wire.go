package source

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/image-budget/image-budget/internal/image"
)

// descriptor is a content descriptor as it is written, so that a size that is
// absent can be told from 0.
type descriptor struct {
	MediaType    string            `json:"mediaType"`
	ArtifactType string            `json:"artifactType"`
	Digest       digest.Digest     `json:"digest"`
	Size         *int64            `json:"size"`
	URLs         []string          `json:"urls"`
	Platform     *ocispec.Platform `json:"platform"`
	Annotations  map[string]string `json:"annotations"`
}

// document is an image index or an image manifest, of OCI or of Docker's
// schema 2, which are alike. A descriptor in it has been checked.
type document struct {
	SchemaVersion int          `json:"schemaVersion"`
	MediaType     string       `json:"mediaType"`
	Manifests     []descriptor `json:"manifests"`
	Config        *descriptor  `json:"config"`
	Layers        []descriptor `json:"layers"`

	Annotations json.RawMessage `json:"annotations"` // which nothing measured depends on
}

func (d document) isIndex() bool { return d.Manifests != nil }

// maxClaim is the largest size that a descriptor may claim: what JSON readers
// that use floating point still take for an integer.
const maxClaim = 1 << 53

// configTypes are the media types of image configs. A manifest with another
// one is an artifact, such as a signature or a Helm chart.
var configTypes = []string{
	ocispec.MediaTypeImageConfig,
	"application/vnd.docker.container.image.v1+json",
}

// parseDocument reads an index or a manifest and rejects what cannot be
// measured before anything it claims is used.
func parseDocument(text []byte) (document, error) {
	var d document
	if err := json.Unmarshal(text, &d); err != nil {
		return d, fmt.Errorf("parsing it: %w", err)
	}
	switch {
	case d.SchemaVersion == 1:
		return d, faultf("push the image again with a current builder", "it is a schema 1 manifest, which engines no longer run")
	case d.SchemaVersion != 2:
		return d, fmt.Errorf("it is neither an image manifest nor an image index: schemaVersion is %d", d.SchemaVersion)
	case d.isIndex() && (d.Layers != nil || d.Config != nil):
		// Readers would disagree on what it is, see CVE-2021-41190.
		return d, errors.New("it is an index and a manifest at once")
	case d.isIndex():
		return d, checkAll("manifest", d.Manifests)
	}
	return d, d.checkManifest()
}

func (d document) checkManifest() error {
	if d.Config == nil {
		return errors.New("it names no config")
	}
	if !slices.Contains(configTypes, d.Config.MediaType) {
		return fmt.Errorf("it is an artifact and not an image: its config is %.100q", d.Config.MediaType)
	}
	if err := checkAll("config", []descriptor{*d.Config}); err != nil {
		return err
	}
	for i, l := range d.Layers {
		if len(l.URLs) > 0 || strings.Contains(l.MediaType, "nondistributable") || strings.Contains(l.MediaType, ".foreign.") {
			return fmt.Errorf("layer %d of %d (%s) is a foreign layer, which is kept elsewhere and not fetched", i+1, len(d.Layers), l.Digest)
		}
	}
	return checkAll("layer", d.Layers)
}

// checkAll rejects digests that name nothing and sizes that are absent,
// negative, or wrap when they are added up.
func checkAll(what string, all []descriptor) error {
	var sum int64
	for i, d := range all {
		where := fmt.Sprintf("%s %d of %d", what, i+1, len(all))
		if err := d.Digest.Validate(); err != nil {
			return fmt.Errorf("%s has digest %.100q: %w", where, d.Digest, err)
		}
		switch {
		case d.Digest.Algorithm() != digest.SHA256:
			return fmt.Errorf("%s has digest %s: only sha256 is supported", where, d.Digest)
		case d.Size == nil:
			return fmt.Errorf("%s (%s) declares no size", where, d.Digest)
		case *d.Size < 0 || *d.Size > maxClaim:
			return fmt.Errorf("%s (%s) declares a size of %d bytes", where, d.Digest, *d.Size)
		case sum > math.MaxInt64-*d.Size:
			return fmt.Errorf("the sizes up to %s add up to more than any disk holds", where)
		}
		sum += *d.Size
	}
	return nil
}

// platform is what the descriptor claims; the zero Platform when nothing.
func (d descriptor) platform() image.Platform {
	if d.Platform == nil {
		return image.Platform{}
	}
	return image.Platform{OS: d.Platform.OS, Architecture: d.Platform.Architecture, Variant: d.Platform.Variant}
}

// isImage reports whether the descriptor may lead to an image. What BuildKit
// attaches to an index to say something about an image could not run, and
// neither could a signature. An artifact type may repeat the config's type.
func (d descriptor) isImage() bool {
	if d.Annotations["vnd.docker.reference.type"] != "" {
		return false
	}
	if d.Platform != nil && d.Platform.OS == "unknown" && d.Platform.Architecture == "unknown" {
		return false
	}
	return d.ArtifactType == "" || slices.Contains(configTypes, d.ArtifactType)
}

// annotations are those of the document; none where they are not strings.
func (d document) annotations() map[string]string {
	var all map[string]string
	if json.Unmarshal(d.Annotations, &all) != nil {
		return nil
	}
	return all
}

// names are what an OCI layout and containerd call the image.
func (d descriptor) names() []string {
	var names []string
	for _, key := range []string{"io.containerd.image.name", ocispec.AnnotationRefName} {
		if name := d.Annotations[key]; name != "" {
			names = append(names, name)
		}
	}
	return names
}
