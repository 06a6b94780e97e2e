package source

import (
	"context"
	"testing"

	"github.com/opencontainers/go-digest"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image"
)

// broken is contents with a bug.
type broken struct{ contents }

func (broken) layer(context.Context, descriptor) (image.Layer, error) { panic("index out of range") }

// A panic on a goroutine of its own would end the process with status 2 and
// nothing cleaned up.
func TestPanicInALayer(t *testing.T) {
	_, err := openLayers(t.Context(), broken{}, []descriptor{{Digest: digest.FromString("a")}})
	require.ErrorContains(t, err, "reading layer 1 of 1 (sha256:")
	require.ErrorContains(t, err, "panic: index out of range")
}
