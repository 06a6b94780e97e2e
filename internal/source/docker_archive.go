package source

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/opencontainers/go-digest"

	"github.com/image-budget/image-budget/internal/image"
)

// savedImage is one entry of the manifest.json that docker save writes, see
// the Docker Image Specification v1.2.
type savedImage struct {
	Config   string
	RepoTags []string
	Layers   []string
}

// dockerImage is the image that manifest.json describes.
func (m *members) dockerImage(ctx context.Context, name string, want image.Platform) (*image.Image, error) {
	text, err := m.document("manifest.json", manifestLimit)
	if err != nil {
		return nil, fmt.Errorf("reading manifest.json: %w", err)
	}
	var all []savedImage
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, fmt.Errorf("parsing manifest.json: %w", err)
	}
	saved, err := pickSaved(all, name)
	if err != nil {
		return nil, err
	}
	config, err := m.savedConfig(saved.Config)
	if err != nil {
		return nil, err
	}
	if err := checkPlatform(config.platform(), want, image.Platform{}); err != nil {
		return nil, err
	}
	layers := make([]image.Layer, len(saved.Layers))
	for i, member := range saved.Layers {
		layers[i], err = m.found(member)
		if err != nil {
			return nil, fmt.Errorf("reading layer %d of %d (%.200s): %w", i+1, len(saved.Layers), member, err)
		}
	}
	return m.assemble(ctx, config, layers)
}

// pickSaved finds the image of that name; without one there must be a single
// image.
func pickSaved(all []savedImage, name string) (savedImage, error) {
	if len(all) == 0 {
		return savedImage{}, errors.New("manifest.json names no image")
	}
	if name == "" && len(all) == 1 {
		return all[0], nil
	}
	var names []string
	for _, saved := range all {
		names = append(names, saved.RepoTags...)
		if name != "" && slices.ContainsFunc(saved.RepoTags, func(tag string) bool { return sameName(name, tag) }) {
			return saved, nil
		}
	}
	if name != "" {
		return savedImage{}, noSuchName(name, names)
	}
	return savedImage{}, inputErrorf("name the image you mean after the path and a colon", "it holds %d images: %s", len(all), list(names))
}

// savedConfig reads the config and checks it against the digest that it is
// named after, where it is named after one.
func (m *members) savedConfig(name string) (config, error) {
	text, err := m.document(name, configLimit)
	if err != nil {
		return config{}, fmt.Errorf("reading config %.200q: %w", name, err)
	}
	c, err := parseConfig(text)
	if err != nil {
		return c, err
	}
	claimed := digest.NewDigestFromEncoded(digest.SHA256, strings.TrimSuffix(path.Base(name), ".json"))
	if claimed.Validate() == nil && claimed != c.digest() {
		return c, fmt.Errorf("reading config %.200q: its content has digest %s", name, c.digest())
	}
	return c, nil
}
