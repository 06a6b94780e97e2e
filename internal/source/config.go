package source

import (
	"encoding/json"
	"fmt"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/image-budget/image-budget/internal/image"
)

// config is an image config and its text.
type config struct {
	ocispec.Image
	shell []string // of the Dockerfile's SHELL instruction, where it has one
	text  []byte
}

func parseConfig(text []byte) (config, error) {
	c := config{text: text}
	if err := json.Unmarshal(text, &c.Image); err != nil {
		return c, fmt.Errorf("parsing config %s: %w", c.digest(), err)
	}
	var docker struct{ Config struct{ Shell []string } } // which OCI's config has not
	if err := json.Unmarshal(text, &docker); err != nil {
		return c, fmt.Errorf("parsing config %s: %w", c.digest(), err)
	}
	c.shell = docker.Config.Shell
	p := c.platform()
	if _, err := image.ParsePlatform(p.String()); p != (image.Platform{}) && err != nil {
		return c, fmt.Errorf("parsing config %s: %w", c.digest(), err)
	}
	return c, nil
}

func (c config) digest() digest.Digest { return digest.FromBytes(c.text) }

func (c config) platform() image.Platform {
	return image.Platform{OS: c.OS, Architecture: c.Architecture, Variant: c.Variant}
}

// checkPlatform holds what a config says against what is wanted and against
// what its descriptor claims; either may be the zero Platform. Descriptors name
// a variant that configs often leave out.
func checkPlatform(have, want, claimed image.Platform) error {
	if claimed != (image.Platform{}) {
		if claimed.OS != have.OS || claimed.Architecture != have.Architecture {
			return fmt.Errorf("the config is for %q, but its descriptor says %q", have, claimed)
		}
		if have.Variant == "" {
			have.Variant = claimed.Variant
		}
	}
	return matching(want, have)
}

func matching(want, have image.Platform) error {
	if want != (image.Platform{}) && !want.Matches(have) {
		return &PlatformError{Want: want, Have: []image.Platform{have}}
	}
	return nil
}

func (c config) checkCount(layers int) error {
	if n := len(c.RootFS.DiffIDs); n != layers {
		return fmt.Errorf("config %s lists %d diff IDs, but there are %d layers", c.digest(), n, layers)
	}
	return nil
}

// image puts the image together, once every layer is what the config says.
func (c config) image(layers []image.Layer) (*image.Image, error) {
	if err := c.checkCount(len(layers)); err != nil {
		return nil, err
	}
	for i, l := range layers {
		if want := c.RootFS.DiffIDs[i]; l.DiffID != want {
			return nil, fmt.Errorf("layer %d of %d (%s) unpacks to diff ID %s, but config %s says %.100s", i+1, len(layers), l.Digest, l.DiffID, c.digest(), want)
		}
	}
	attribute(layers, c.History, c.shell, c.Config.Env)
	return &image.Image{
		Platform:     c.platform(),
		ConfigDigest: c.digest(),
		Config:       c.text,
		Layers:       layers,
	}, nil
}

// checkText is what a document that was read whole must pass.
func checkText(what string, text []byte, d descriptor) error {
	if int64(len(text)) != *d.Size {
		return fmt.Errorf("reading %s %s: it has %d bytes, but %d were declared", what, d.Digest, len(text), *d.Size)
	}
	if got := digest.FromBytes(text); got != d.Digest {
		return fmt.Errorf("reading %s %s: its content has digest %s", what, d.Digest, got)
	}
	return nil
}

// checkLimit refuses a document for the size it claims.
func checkLimit(what string, size, limit int64) error {
	if size > limit {
		return fmt.Errorf("%s has %d bytes, and no more than %d are read", what, size, limit)
	}
	return nil
}
