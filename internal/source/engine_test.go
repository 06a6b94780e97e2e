package source_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/engine/enginetest"
	"github.com/image-budget/image-budget/internal/image/imagetest"
	"github.com/image-budget/image-budget/internal/session"
	"github.com/image-budget/image-budget/internal/source"
)

// saving is the fake with docker save's own output in place of the fake's.
type saving struct {
	*enginetest.Fake
	members func(ref string) []imagetest.Member
	t       *testing.T
	saves   int
}

func (s *saving) Save(_ context.Context, ref string) (io.ReadCloser, error) {
	s.saves++
	r, w := io.Pipe()
	body := imagetest.ArchiveBytes(s.t, s.members(ref))
	go func() { _, err := w.Write(body); w.CloseWithError(err) }()
	return r, nil
}

// An ID that is known needs no save; a moved tag is a new ID, and only the
// layers that are new are compressed.
func TestEngineSavesAnImageOnce(t *testing.T) {
	plain, _ := imagetest.Rich(t)
	img := imagetest.Image(t, imagetest.Linux, plain...)
	s := &saving{Fake: enginetest.New(), t: t, members: func(string) []imagetest.Member { return imagetest.DockerMembers(t, "app:1", img) }}
	s.Add("app:1", img)
	at := with(s, machine(t))
	first, err := source.Open(t.Context(), engineBudget("app:1"), at)
	require.NoError(t, err)
	again, err := source.Open(t.Context(), engineBudget("app:1"), at)
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Equal(t, 1, s.saves)
	require.Equal(t, "app:1", first.Reference)
	config, err := img.ConfigName()
	require.NoError(t, err)
	require.Equal(t, config.String(), first.EngineRef, "the ID, so that a tag that moves does no harm")

	// The same layers under another config.
	moved, err := mutate.Config(img, v1.Config{Env: []string{"MOVED=1"}})
	require.NoError(t, err)
	img = moved
	s.Add("app:1", moved)
	third, err := source.Open(t.Context(), engineBudget("app:1"), at)
	require.NoError(t, err)
	require.Equal(t, 2, s.saves)
	require.Equal(t, first.Layers, third.Layers)
	require.NotEqual(t, first.ConfigDigest, third.ConfigDigest)
}

// A folder that held one layer in one archive and holds another now, which no
// engine writes: the archive is read again without believing its names.
func TestFolderNamesAreOnlyHints(t *testing.T) {
	at := machine(t)
	for i := range 3 {
		img := imagetest.Image(t, imagetest.Linux, imagetest.Tar(t, imagetest.File("a", fmt.Sprintf("%0*d", i+1, i))))
		got, err := source.Open(t.Context(), archiveBudget(imagetest.Archive(t, imagetest.DockerMembers(t, "app:1", img))), at)
		require.NoError(t, err)
		require.EqualValues(t, i+1, numbers(got)["size"])
	}
}

// A19: the engine saves another image than the one it was asked for.
func TestEngineThatSavesAnotherImage(t *testing.T) {
	other := imagetest.Image(t, imagetest.Linux, imagetest.Tar(t, imagetest.File("a", "other")), imagetest.Tar(t, imagetest.File("b", "other")))
	s := &saving{Fake: enginetest.New(), t: t, members: func(string) []imagetest.Member { return imagetest.DockerMembers(t, "app:1", other) }}
	s.Add("app:1", rich(t))
	_, err := source.Open(t.Context(), engineBudget("app:1"), with(s, machine(t)))
	require.ErrorContains(t, err, "layer 1 of 2 has diff ID")
}

func TestEngineFaults(t *testing.T) {
	err := openFault(t, engineBudget("app:1"))
	var unavailable *engine.Unavailable
	require.ErrorAs(t, err, &unavailable)

	_, err = source.Open(t.Context(), engineBudget("app:1"), with(enginetest.New(), machine(t)))
	require.ErrorIs(t, err, engine.ErrNoImage)
	var fault *source.Fault
	require.ErrorAs(t, err, &fault)
	require.NotEmpty(t, fault.Hint())

	broken := enginetest.New()
	broken.Add("app:1", rich(t))
	broken.Hook = func(_ context.Context, method string) error {
		if method == "Save" {
			return errors.New("disk full")
		}
		return nil
	}
	_, err = source.Open(t.Context(), engineBudget("app:1"), with(broken, machine(t)))
	require.ErrorContains(t, err, "disk full")
}

// buildable is a budget whose build the fake answers with the rich image.
func buildable(t *testing.T) (budget.Budget, *enginetest.Fake, *[]engine.BuildRequest) {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "Dockerfile"), []byte("FROM scratch\n"), 0o644))
	fake := enginetest.New()
	var asked []engine.BuildRequest
	fake.Builder = func(_ context.Context, req engine.BuildRequest, _ io.Writer) (v1.Image, error) {
		asked = append(asked, req)
		return rich(t), nil
	}
	return budget.Budget{Name: "Support_Agent", Platform: imagetest.Linux, Source: budget.Source{Build: &budget.Build{
		Context: dir, Dockerfile: filepath.Join(dir, "Dockerfile"),
		Target: "runtime", Args: map[string]string{"A": "b"},
	}}}, fake, &asked
}

// Each build has a name of its own, recorded before it is used.
func TestBuildUnderItsOwnName(t *testing.T) {
	b, fake, asked := buildable(t)
	at := with(fake, machine(t))
	fake.Hook = func(_ context.Context, method string) error {
		if method == "Build" {
			require.Len(t, at.Session.Left(), fake.Calls("Build"))
		}
		return nil
	}
	for range 2 {
		got, err := source.Open(t.Context(), b, at)
		require.NoError(t, err)
		_, content := imagetest.Rich(t)
		require.Equal(t, content, numbers(got)["size"])
	}
	left := at.Session.Left()
	require.Len(t, left, 2)
	require.NotEqual(t, left[0].Name, left[1].Name)
	for i, thing := range left {
		require.Equal(t, session.Image, thing.Kind)
		require.Regexp(t, "^image-budget.local/bsupport-agent:"+at.Session.Nonce()+"-[0-9a-z]+$", thing.Name)
		require.Equal(t, thing.Name, (*asked)[i].Name)
		require.NoError(t, at.Session.Done(thing.Kind, thing.Name))
	}
	require.Equal(t, "runtime", (*asked)[0].Target)
	require.Equal(t, map[string]string{"A": "b"}, (*asked)[0].Args)
	require.Equal(t, imagetest.Linux, (*asked)[0].Platform)
}

func TestBuildUnderATagLeavesItToTheUser(t *testing.T) {
	b, fake, asked := buildable(t)
	b.Source.Build.Tag = "support-agent:ci"
	at := with(fake, machine(t))
	got, err := source.Open(t.Context(), b, at)
	require.NoError(t, err)
	require.Empty(t, at.Session.Left())
	require.Equal(t, "support-agent:ci", (*asked)[0].Name)
	require.Equal(t, "support-agent:ci", got.Reference)
}

func TestBuildFaultsOfTheUser(t *testing.T) {
	cases := []struct {
		name   string
		change func(*budget.Build)
		want   string
	}{
		{"context", func(b *budget.Build) { b.Context += "/none" }, "/none\" is not a folder"},
		{"Dockerfile", func(b *budget.Build) { b.Dockerfile += ".none" }, "the Dockerfile \""},
		{"secret from the environment", func(b *budget.Build) { b.Secrets = []budget.Secret{{ID: "pip", Env: "NO_SUCH_VARIABLE"}} }, "NO_SUCH_VARIABLE is not set"},
		{"secret from a file", func(b *budget.Build) { b.Secrets = []budget.Secret{{ID: "pip", File: "/no/such/file"}} }, "/no/such/file"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b, fake, asked := buildable(t)
			c.change(b.Source.Build)
			_, err := source.Open(t.Context(), b, with(fake, machine(t)))
			var input *source.InputError
			require.ErrorAs(t, err, &input)
			require.ErrorContains(t, err, c.want)
			require.NotEmpty(t, input.Hint())
			require.Empty(t, *asked)
		})
	}
}
