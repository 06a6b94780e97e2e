package source_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/engine/enginetest"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/image/imagetest"
	"github.com/image-budget/image-budget/internal/source"
)

func TestNamed(t *testing.T) {
	img := rich(t)
	_, content := imagetest.Rich(t)
	fake := enginetest.New()
	fake.Add("app:1", img)
	layout := imagetest.Layout(t, imagetest.Index(t, img))
	where := serve(t, img)
	for _, ref := range []string{
		"app:1", "docker-daemon:app:1", where, "docker://" + where, "oci:" + layout,
		"docker-archive:" + imagetest.Archive(t, imagetest.DockerMembers(t, "app:1", img)),
		"docker-archive:" + imagetest.Archive(t, imagetest.DockerMembers(t, "app:1", img)) + ":app:1",
		"oci-archive:" + imagetest.Archive(t, imagetest.LayoutMembers(t, layout)),
	} {
		t.Run(ref, func(t *testing.T) {
			got, err := source.Named(t.Context(), ref, image.Platform{}, with(fake, machine(t)))
			require.NoError(t, err)
			require.Equal(t, content, numbers(got)["size"])
		})
	}
}

func TestNamedAsksTheEngineFirst(t *testing.T) {
	img := rich(t)
	where := serve(t, img)
	fake := enginetest.New()
	fake.Add(where, imagetest.Image(t, imagetest.Linux, imagetest.Tar(t, imagetest.File("a", "held"))))
	got, err := source.Named(t.Context(), where, image.Platform{}, with(fake, machine(t)))
	require.NoError(t, err)
	require.EqualValues(t, 4, numbers(got)["size"])

	got, err = source.Named(t.Context(), where, image.Platform{}, machine(t)) // no engine answers
	require.NoError(t, err)
	require.Empty(t, got.EngineRef)
}

func TestNamedFaults(t *testing.T) {
	where := serve(t, rich(t)) + "-none"
	_, err := source.Named(t.Context(), where, image.Platform{}, with(enginetest.New(), machine(t)))
	require.ErrorContains(t, err, "no such image in the engine")
	require.ErrorContains(t, err, "MANIFEST_UNKNOWN")
	_, err = source.Named(t.Context(), where, image.Platform{}, machine(t))
	require.ErrorContains(t, err, "reaching the engine")
	require.ErrorContains(t, err, "MANIFEST_UNKNOWN")

	for _, transport := range source.Transports {
		_, err = source.Named(t.Context(), transport.Prefix, image.Platform{}, machine(t))
		var input *source.InputError
		require.ErrorAs(t, err, &input)
	}

	dir := filepath.Join(t.TempDir(), "UPPER")
	require.NoError(t, os.Mkdir(dir, 0o755))
	_, err = source.Named(t.Context(), dir, image.Platform{}, machine(t))
	var input *source.InputError
	require.ErrorAs(t, err, &input)
	require.Equal(t, "to read this path write oci:"+dir, input.Hint())
}
