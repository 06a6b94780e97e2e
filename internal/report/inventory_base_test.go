package report

import (
	"testing"

	"github.com/stretchr/testify/require"

	images "github.com/image-budget/image-budget/internal/image" // image is a fixture here
	"github.com/image-budget/image-budget/internal/inventory"
)

func TestBased(t *testing.T) {
	for _, c := range []struct {
		base images.Base
		want string
	}{
		{images.Base{}, ""},
		{images.Base{Layers: 2, Name: "python:3.12-slim", By: "annotations"}, "layers 0 to 1, 3.00 MB, are those of python:3.12-slim (as its annotations say)"},
		{images.Base{Layers: 1, Name: "python@sha256:00", By: "Dockerfile"}, "layer 0, 1.00 MB, is that of python (as its Dockerfile says)"},
		{images.Base{Layers: 3, By: "history"}, "layers 0 to 2, 6.00 MB, are those of its base image (by its history)"},
		{images.Base{Name: "scratch", By: "Dockerfile"}, "built from scratch (as its Dockerfile says)"},
		{images.Base{Name: "python", By: "labels"}, "built on python (as its labels say), but which layers it has from there is not known"},
	} {
		i := &inventory.Inventory{Base: c.base, Layers: []inventory.Layer{{Size: 1e6}, {Size: 2e6}, {Size: 3e6}}}
		require.Equal(t, c.want, unglue(based(i, cleanName)))
	}
}
