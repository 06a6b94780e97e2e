package source_test

import (
	"os"
	"path/filepath"
	"strings"
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

// TestNamedLikeAPath: what can be a reference and is the name of a file or a folder
// here was most likely meant as that, where no image is found by it.
func TestNamedLikeAPath(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.Mkdir("localhost", 0o755)) // where no registry answers
	require.NoError(t, os.WriteFile("localhost/a.tar", nil, 0o644))
	require.NoError(t, os.Mkdir("localhost/layout", 0o755))
	for ref, want := range map[string][2]string{
		"localhost/a.tar":  {`"localhost/a.tar" is a file here, and no image that was found by this name: `, "to read this path write docker-archive:localhost/a.tar, or oci-archive:localhost/a.tar for an OCI layout in a tar"},
		"localhost/layout": {`"localhost/layout" is a folder here, and no image that was found by this name: `, "to read this path write oci:localhost/layout"},
		"localhost/b.tar":  {`finding image "localhost/b.tar" in the engine's store, `, "check the name, or say where the image is with a prefix such as docker-archive:"},
	} {
		_, err := source.Named(t.Context(), ref, image.Platform{}, with(enginetest.New(), machine(t)))
		require.Error(t, err)
		require.True(t, strings.HasPrefix(err.Error(), want[0]), err)
		var fault *source.Fault
		require.ErrorAs(t, err, &fault)
		require.Equal(t, want[1], fault.Hint())
	}

	fake := enginetest.New()
	fake.Add("localhost/a.tar", rich(t))
	_, err := source.Named(t.Context(), "localhost/a.tar", image.Platform{}, with(fake, machine(t)))
	require.NoError(t, err, "an image of that name is one all the same")
}
