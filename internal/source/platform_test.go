package source_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/image/imagetest"
	"github.com/image-budget/image-budget/internal/source"
)

func platform(t *testing.T, s string) image.Platform {
	t.Helper()
	p, err := image.ParsePlatform(s)
	require.NoError(t, err)
	return p
}

// twoPlatforms is an index with attestations, as BuildKit pushes it.
func twoPlatforms(t *testing.T) v1.ImageIndex {
	t.Helper()
	amd := imagetest.Image(t, platform(t, "linux/amd64"), imagetest.Tar(t, imagetest.File("a", "amd64")))
	arm := imagetest.Image(t, platform(t, "linux/arm64"), imagetest.Tar(t, imagetest.File("a", "arm64 is longer")))
	attestation, err := random.Image(100, 1)
	require.NoError(t, err)
	return mutate.AppendManifests(imagetest.Index(t, amd, arm), mutate.IndexAddendum{
		Add: attestation, Descriptor: v1.Descriptor{
			Platform:    &v1.Platform{OS: "unknown", Architecture: "unknown"},
			Annotations: map[string]string{"vnd.docker.reference.type": "attestation-manifest"},
		},
	})
}

// everyForm is the index in each source that can hold one.
func everyForm(t *testing.T, index v1.ImageIndex) map[string]budget.Budget {
	t.Helper()
	dir := imagetest.Layout(t, index)
	return map[string]budget.Budget{
		"registry":    pullBudget(serve(t, index)),
		"OCI layout":  ociBudget(dir),
		"OCI archive": archiveBudget(imagetest.Archive(t, imagetest.LayoutMembers(t, dir))),
	}
}

// A11: the wanted platform or an error that lists what there is.
func TestPlatform(t *testing.T) {
	for form, b := range everyForm(t, twoPlatforms(t)) {
		t.Run(form, func(t *testing.T) {
			b.Platform = platform(t, "linux/arm64")
			got := open(t, b)
			require.Equal(t, "linux/arm64", got.Platform.String())
			require.EqualValues(t, len("arm64 is longer"), numbers(got)["size"])

			b.Platform = platform(t, "linux/s390x")
			err := openFault(t, b)
			var wrong *source.PlatformError
			require.ErrorAs(t, err, &wrong)
			require.ErrorContains(t, err, "no image for linux/s390x: the platforms there are: linux/amd64, linux/arm64")
			require.NotContains(t, err.Error(), "unknown")
		})
	}
	t.Run("a single image", func(t *testing.T) {
		b := pullBudget(serve(t, rich(t)))
		b.Platform = platform(t, "linux/arm64")
		require.ErrorContains(t, openFault(t, b), "no image for linux/arm64: the platforms there are: linux/amd64")
	})
	t.Run("a docker archive", func(t *testing.T) {
		b := archiveBudget(imagetest.Archive(t, imagetest.DockerMembers(t, "app:1", rich(t))))
		b.Platform = platform(t, "linux/arm64")
		require.ErrorContains(t, openFault(t, b), "linux/amd64")
	})
}

// A11: the config is for another platform than its descriptor says.
func TestPlatformOfTheConfig(t *testing.T) {
	index := mutate.AppendManifests(imagetest.Index(t), mutate.IndexAddendum{
		Add: rich(t), Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: "arm64"}},
	})
	for form, b := range everyForm(t, index) {
		t.Run(form, func(t *testing.T) {
			require.ErrorContains(t, openFault(t, b), `the config is for "linux/amd64", but its descriptor says "linux/arm64"`)
		})
	}
}

// A layout's index.json often names no platforms, and may nest.
func TestPlatformWithoutDescriptors(t *testing.T) {
	amd := imagetest.Image(t, platform(t, "linux/amd64"), imagetest.Tar(t, imagetest.File("a", "amd64")))
	arm := imagetest.Image(t, platform(t, "linux/arm64"), imagetest.Tar(t, imagetest.File("a", "arm64 is longer")))
	flat := mutate.AppendManifests(imagetest.Index(t), mutate.IndexAddendum{Add: amd}, mutate.IndexAddendum{Add: arm})
	nested := mutate.AppendManifests(imagetest.Index(t), mutate.IndexAddendum{Add: flat})
	for _, index := range []v1.ImageIndex{flat, nested} {
		for form, b := range everyForm(t, index) {
			t.Run(form, func(t *testing.T) {
				b.Platform = platform(t, "linux/arm64")
				require.EqualValues(t, len("arm64 is longer"), numbers(open(t, b))["size"])
			})
		}
	}
}

func TestVariants(t *testing.T) {
	v6 := imagetest.Image(t, platform(t, "linux/arm/v6"), imagetest.Tar(t, imagetest.File("a", "6")))
	v7 := imagetest.Image(t, platform(t, "linux/arm/v7"), imagetest.Tar(t, imagetest.File("a", "77")))
	b := ociBudget(imagetest.Layout(t, imagetest.Index(t, v6, v7)))
	b.Platform = platform(t, "linux/arm/v7")
	require.EqualValues(t, 2, numbers(open(t, b))["size"])
	b.Platform = platform(t, "linux/arm")
	require.ErrorContains(t, openFault(t, b), "the platform must be said: there are linux/arm/v6, linux/arm/v7")
}

// Several images in one file or folder need a name, and may be had by it.
func TestNamesInALayout(t *testing.T) {
	one := imagetest.Image(t, imagetest.Linux, imagetest.Tar(t, imagetest.File("a", "1")))
	two := imagetest.Image(t, imagetest.Linux, imagetest.Tar(t, imagetest.File("a", "22")))
	named := func(img v1.Image, key, value string) mutate.IndexAddendum {
		return mutate.IndexAddendum{Add: img, Descriptor: v1.Descriptor{Annotations: map[string]string{key: value}}}
	}
	dir := imagetest.Layout(t, mutate.AppendManifests(imagetest.Index(t),
		named(one, "org.opencontainers.image.ref.name", "first"), named(two, "io.containerd.image.name", "docker.io/library/second:latest")))
	both := imagetest.DockerMembers(t, "app:1", one)
	archive := imagetest.Archive(t, imagetest.LayoutMembers(t, dir))

	for _, path := range []string{dir, archive} {
		for name, size := range map[string]int{"first": 1, "second": 2} {
			b := ociBudget(path + ":" + name)
			if path == archive {
				b = archiveBudget(path + ":" + name)
			}
			require.EqualValues(t, size, numbers(open(t, b))["size"])
		}
	}
	err := openFault(t, ociBudget(dir))
	var input *source.InputError
	require.ErrorAs(t, err, &input)
	require.ErrorContains(t, err, "docker.io/library/second:latest, first")
	require.ErrorContains(t, openFault(t, ociBudget(dir+":third")), `there is no image "third": the names there are: docker.io/library/second:latest, first`)
	require.ErrorContains(t, openFault(t, archiveBudget(imagetest.Archive(t, both)+":other:2")), `there is no image "other:2"`)
	require.EqualValues(t, 1, numbers(open(t, archiveBudget(imagetest.Archive(t, both)+":app:1")))["size"])
}

// A12: the tag is resolved once, and moves right after that.
func TestTagThatMoves(t *testing.T) {
	img := rich(t)
	var asked atomic.Int64
	var where string
	where = serve(t, img, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r)
			if strings.HasSuffix(r.URL.Path, "/manifests/1") && r.Method == http.MethodGet && asked.Add(1) == 1 {
				other := imagetest.Image(t, imagetest.Linux, imagetest.Tar(t, imagetest.File("other", "image")))
				ref, err := name.ParseReference(where)
				if err == nil {
					err = remote.Write(ref, other, remote.WithContext(context.WithoutCancel(r.Context())))
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	})
	got := open(t, pullBudget(where))
	require.EqualValues(t, 1, asked.Load())
	require.Equal(t, digestOf(t, img), got.ManifestDigest.String())
	require.Equal(t, strings.TrimSuffix(where, ":1")+"@"+digestOf(t, img), got.Reference)
	_, content := imagetest.Rich(t)
	require.Equal(t, content, numbers(got)["size"])
}

func TestPathsThatAreNotImages(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text")
	require.NoError(t, os.WriteFile(text, []byte("hello"), 0o644))
	tar := imagetest.Archive(t, []imagetest.Member{{Name: "readme", Body: []byte("hello")}})
	cases := []struct {
		b     budget.Budget
		want  string
		input bool
	}{
		{ociBudget(dir + "/none"), "no such file or folder", true},
		{archiveBudget(dir + "/none"), "no such file or folder", true},
		{ociBudget(text), "it is not a folder", true},
		{archiveBudget(dir), "it is not a regular file", true},
		{ociBudget(dir), "index.json", false},
		{archiveBudget(text), "it is not a tar", false},
		{archiveBudget(tar), "neither index.json nor manifest.json", false},
		{pullBudget("UPPER CASE"), "is not the reference of an image", true},
		{budget.Budget{Name: "app"}, "names no source", true},
	}
	for _, c := range cases {
		err := openFault(t, c.b)
		require.ErrorContains(t, err, c.want)
		var input *source.InputError
		require.Equal(t, c.input, asInput(err, &input), "%v", err)
	}
}
