package source

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"

	ggcr "github.com/google/go-containerregistry/pkg/name"

	"github.com/image-budget/image-budget/internal/image"
)

// maxLeaves bounds how many images an index may lead to, and how many nested
// indexes are followed.
const maxLeaves = 1000

// choose finds the image for a platform among those that an index leads to. It
// never settles for another one: the error lists what there is. Without a
// wanted platform the only one is taken, or else this machine's.
func choose(ctx context.Context, from contents, index document, want image.Platform) (descriptor, error) {
	c := chooser{from: from}
	if err := c.collect(ctx, index); err != nil {
		return descriptor{}, err
	}
	if len(c.leaves) == 1 {
		// What its config says is checked when it is opened.
		d := c.leaves[0]
		if d.Platform == nil {
			return d, nil
		}
		return d, matching(want, d.platform())
	}
	all := want
	if want == (image.Platform{}) {
		want = image.Platform{OS: "linux", Architecture: runtime.GOARCH}
	}
	var have []image.Platform
	var fitting []descriptor
	for _, d := range c.leaves {
		p, err := c.platform(ctx, d)
		if errors.Is(err, errNotThere) {
			continue
		}
		if err != nil {
			return descriptor{}, err
		}
		have = append(have, p)
		if want.Matches(p) {
			fitting = append(fitting, d)
		}
	}
	return pick(fitting, &PlatformError{Want: all, Have: have})
}

// pick settles the one image that fits. Of several variants it takes the one
// that says none.
func pick(fitting []descriptor, none error) (descriptor, error) {
	plain := slices.DeleteFunc(slices.Clone(fitting), func(d descriptor) bool { return d.platform().Variant != "" })
	switch {
	case len(fitting) == 0:
		return descriptor{}, none
	case len(fitting) == 1:
		return fitting[0], nil
	case len(plain) == 1:
		return plain[0], nil
	}
	var names []string
	var variants []image.Platform
	for _, d := range fitting {
		names = append(names, d.names()...)
		variants = append(variants, d.platform())
	}
	slices.SortFunc(variants, func(a, b image.Platform) int { return strings.Compare(a.String(), b.String()) })
	if len(slices.Compact(variants)) == 1 {
		return descriptor{}, inputErrorf("name the image you mean after the path and a colon", "there are %d images for %s: %s", len(fitting), variants[0], list(names))
	}
	return descriptor{}, &PlatformError{Have: variants}
}

type chooser struct {
	from    contents
	leaves  []descriptor // images, each once
	indexes int
}

// collect follows nested indexes. An index that is not here leads nowhere:
// engines save a part of what their index names.
func (c *chooser) collect(ctx context.Context, index document) error {
	for _, d := range index.Manifests {
		switch {
		case !d.isImage():
			continue
		case len(c.leaves)+c.indexes >= maxLeaves:
			return fmt.Errorf("the index leads to more than %d images", maxLeaves)
		case isIndexType(d.MediaType):
			nested, err := c.document(ctx, d)
			if errors.Is(err, errNotThere) {
				continue
			}
			if err != nil {
				return err
			}
			c.indexes++
			if err := c.collect(ctx, nested); err != nil {
				return err
			}
		case !slices.ContainsFunc(c.leaves, func(other descriptor) bool { return other.Digest == d.Digest }):
			c.leaves = append(c.leaves, d)
		}
	}
	return nil
}

func (c *chooser) document(ctx context.Context, d descriptor) (document, error) {
	text, err := c.from.manifest(ctx, d)
	if err != nil {
		return document{}, err
	}
	doc, err := parseDocument(text)
	if err != nil {
		return document{}, fmt.Errorf("reading manifest %s: %w", d.Digest, err)
	}
	return doc, nil
}

// platform is what the descriptor says, or else its config.
func (c *chooser) platform(ctx context.Context, d descriptor) (image.Platform, error) {
	if d.Platform != nil {
		return d.platform(), nil
	}
	manifest, err := c.document(ctx, d)
	if err != nil {
		return image.Platform{}, err
	}
	if manifest.isIndex() {
		return image.Platform{}, fmt.Errorf("reading manifest %s: it is an index", d.Digest)
	}
	text, err := c.from.config(ctx, *manifest.Config)
	if err != nil {
		return image.Platform{}, err
	}
	parsed, err := parseConfig(text)
	return parsed.platform(), err
}

func isIndexType(mediaType string) bool {
	return mediaType == "application/vnd.oci.image.index.v1+json" ||
		mediaType == "application/vnd.docker.distribution.manifest.list.v2+json"
}

// named narrows an index down to the image of that name. Without a name it
// leaves the index as it is.
func named(index document, name string) (document, error) {
	if name == "" {
		return index, nil
	}
	var names []string
	var kept []descriptor
	for _, d := range index.Manifests {
		names = append(names, d.names()...)
		if slices.ContainsFunc(d.names(), func(other string) bool { return sameName(name, other) }) {
			kept = append(kept, d)
		}
	}
	if len(kept) == 0 {
		return index, noSuchName(name, names)
	}
	index.Manifests = kept
	return index, nil
}

func noSuchName(name string, names []string) error {
	if len(names) == 0 {
		return inputErrorf("leave the name out", "there is no image %q: none of the images has a name", name)
	}
	return inputErrorf("use one of these names, or none", "there is no image %q: the names there are: %s", name, list(names))
}

// list joins names, each once, and not too many of them.
func list(names []string) string {
	names = slices.Clone(names)
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) > 20 {
		names = append(names[:20], fmt.Sprintf("and %d more", len(names)-20))
	}
	return strings.Join(names, ", ")
}

// sameName compares references as engines do: app is docker.io/library/app:latest.
func sameName(a, b string) bool {
	if a == "" || b == "" || a == b {
		return a == b
	}
	left, err := ggcr.ParseReference(a)
	if err != nil {
		return false
	}
	right, err := ggcr.ParseReference(b)
	return err == nil && left.Name() == right.Name()
}
