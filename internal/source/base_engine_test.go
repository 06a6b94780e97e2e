package source_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/image/imagetest"
	"github.com/image-budget/image-budget/internal/source"
)

// builder writes Dockerfiles and builds them by a budget.
type builder struct {
	t   *testing.T
	e   engine.Engine
	at  source.Machine
	dir string
}

func (b *builder) build(name, dockerfile, target string, args map[string]string) *image.Image {
	b.t.Helper()
	path := filepath.Join(b.dir, "Dockerfile")
	require.NoError(b.t, os.WriteFile(path, []byte(dockerfile), 0o600))
	img, err := source.Open(b.t.Context(), budget.Budget{Name: "app", Platform: hostPlatform(b.t, b.e), Source: budget.Source{Build: &budget.Build{
		Context: b.dir, Dockerfile: path, Target: target, Args: args, Tag: name,
	}}}, b.at)
	require.NoError(b.t, err)
	return img
}

// What BuildKit records of each instruction is what is counted: built on an image
// that was itself built here, in one stage and in several. No instruction needs a
// shell in the image.
func TestEngineBaseOfABuild(t *testing.T) {
	e := dockerEngine(t)
	b := &builder{t: t, e: e, at: with(e, machine(t)), dir: t.TempDir()}
	for _, name := range []string{"one", "two", "three"} {
		require.NoError(t, os.WriteFile(filepath.Join(b.dir, name), []byte(imagetest.Noise(uint64(time.Now().UnixNano()), 1000)), 0o600))
	}
	base, single, staged, tested := ownName(t, e), ownName(t, e), ownName(t, e), ownName(t, e)

	got := b.build(base, "FROM scratch\nCOPY one /one\nENV A=b\nCMD [\"/one\"]\nCOPY two /two\n", "", nil)
	require.Equal(t, image.Base{Name: "scratch", By: "Dockerfile"}, got.Base)
	require.Len(t, got.Layers, 2)

	const every = "LABEL x=y\nARG V=1\nENV W=2\nWORKDIR /app\nCOPY three .\nADD three /three\nONBUILD COPY one /\n" +
		"USER 1000\nEXPOSE 80\nVOLUME /data\nSTOPSIGNAL SIGQUIT\nSHELL [\"/one\"]\nHEALTHCHECK NONE\nENTRYPOINT [\"/one\"]\nCMD [\"-v\"]\nMAINTAINER me\n"
	got = b.build(single, "ARG BASE\nFROM ${BASE}\n"+every, "", map[string]string{"BASE": base})
	require.Equal(t, image.Base{Layers: 2, Name: base, By: "Dockerfile"}, got.Base)
	require.Len(t, got.Layers, 5)

	stages := fmt.Sprintf("FROM %s AS runtime\nCOPY three /\nONBUILD COPY two /again\nFROM runtime AS test\nCOPY one /test\nFROM scratch\nCOPY --from=test / /\n", base)
	got = b.build(tested, stages, "test", nil)
	require.Equal(t, image.Base{Layers: 2, Name: base, By: "Dockerfile"}, got.Base)
	require.Len(t, got.Layers, 5)
	got = b.build(staged, stages, "", nil)
	require.Equal(t, image.Base{Name: "scratch", By: "Dockerfile"}, got.Base)

	// The same images with nothing but their histories to go by.
	held, err := source.Named(context.Background(), "docker-daemon:"+single, image.Platform{}, b.at)
	require.NoError(t, err)
	require.Equal(t, image.Base{Layers: 1, By: "history"}, held.Base, "the base's own command in the middle misleads")
}
