package source_test

import (
	"context"
	"io"
	"os"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/image/imagetest"
	"github.com/image-budget/image-budget/internal/source"
)

// onBase is an image of one layer on base, whose manifest says so.
func onBase(t *testing.T, base v1.Image, annotations map[string]string) v1.Image {
	t.Helper()
	img, err := mutate.Append(base, mutate.Addendum{
		Layer:   imagetest.Layer(t, imagetest.Tar(t, imagetest.File("own", "own")), image.Gzip),
		History: v1.History{CreatedBy: "COPY own / # buildkit"},
	})
	require.NoError(t, err)
	return mutate.Annotations(img, annotations).(v1.Image)
}

// What a manifest says of the base image is known also when the image comes from
// the cache, and how many layers that has once the base image is there too.
func TestBaseThatAManifestNames(t *testing.T) {
	base := rich(t)
	names := map[string]string{"org.opencontainers.image.base.name": "acme/base:1", "org.opencontainers.image.base.digest": digestOf(t, base)}
	img := onBase(t, base, names)
	layout := imagetest.Layout(t, imagetest.Index(t, img))
	for where, b := range map[string]budget.Budget{
		"layout":   ociBudget(layout),
		"archive":  archiveBudget(imagetest.Archive(t, imagetest.LayoutMembers(t, layout))),
		"registry": pullBudget(serve(t, img)),
	} {
		t.Run(where, func(t *testing.T) {
			at := machine(t)
			got, err := source.Open(t.Context(), b, at)
			require.NoError(t, err)
			require.Equal(t, image.Base{Name: "acme/base:1", By: "annotations"}, got.Base)

			_, err = source.Open(t.Context(), pullBudget(serve(t, base)), at)
			require.NoError(t, err)
			again, err := source.Open(t.Context(), b, at)
			require.NoError(t, err)
			require.Equal(t, image.Base{Layers: 2, Name: "acme/base:1", By: "annotations"}, again.Base)
		})
	}
}

// An image that was read before without the Dockerfile it was built by.
func TestBaseOfABuildThatIsInTheCache(t *testing.T) {
	b, fake, _ := buildable(t)
	b.Source.Build.Target, b.Source.Build.Tag = "", "app:ci"
	require.NoError(t, os.WriteFile(b.Source.Build.Dockerfile, []byte("ARG A\nFROM acme/base:$A\nCOPY own /\n"), 0o600))
	fake.Builder = func(context.Context, engine.BuildRequest, io.Writer) (v1.Image, error) {
		return onBase(t, rich(t), nil), nil
	}
	at := with(fake, machine(t))
	built, err := source.Open(t.Context(), b, at)
	require.NoError(t, err)
	require.Equal(t, image.Base{Layers: 2, Name: "acme/base:b", By: "Dockerfile"}, built.Base)
	held, err := source.Named(t.Context(), "app:ci", b.Platform, at)
	require.NoError(t, err)
	require.Equal(t, image.Base{}, held.Base, "its history says nothing")
	built, err = source.Open(t.Context(), b, at)
	require.NoError(t, err)
	require.Equal(t, image.Base{Layers: 2, Name: "acme/base:b", By: "Dockerfile"}, built.Base)
	require.Equal(t, 1, fake.Calls("Save"), "it came from the cache")
}
