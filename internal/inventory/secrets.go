package inventory

import (
	"errors"
	"io"

	"github.com/image-budget/image-budget/internal/contents"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/secrets"
)

// secretsOf finds the secrets in an image's config and in its layers, each by
// itself: what a later one deletes is in the image all the same. seen are the files
// that a container sees, with their layer.
func secretsOf(img *image.Image, open contents.Open, seen map[string]int) ([]secrets.Found, error) {
	spec, err := img.Spec()
	if err != nil {
		return nil, err
	}
	found := secrets.InConfig(spec.Config.Env, spec.History)
	for n := range img.Layers {
		more, err := secretsIn(n, open)
		if err != nil {
			return nil, err
		}
		for _, one := range more {
			layer, visible := seen[one.Name]
			one.Gone = !visible || layer != n
			found = append(found, one)
		}
	}
	return found, nil
}

// secretsIn finds those in the files of one layer.
func secretsIn(layer int, open contents.Open) (found []secrets.Found, err error) {
	file, err := open(layer)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	entries, err := contents.NewReader(file)
	if err != nil {
		return nil, err
	}
	for {
		entry, err := entries.Next()
		if err == io.EOF { //nolint:errorlint // streams return it bare
			return found, nil
		}
		if err != nil {
			return nil, err
		}
		if entry.Kind == contents.File {
			for _, one := range secrets.InFile(entry.Path, entry.Text) {
				one.Layer = layer
				found = append(found, one)
			}
		}
	}
}
