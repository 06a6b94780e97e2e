package source_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/image/imagetest"
	"github.com/image-budget/image-budget/internal/session"
	"github.com/image-budget/image-budget/internal/source"
)

// dockerEngine is the engine of this machine; without one the test is skipped
// by name, but in CI it fails.
func dockerEngine(t *testing.T) engine.Engine {
	t.Helper()
	e, err := engine.Open(t.Context())
	if err != nil && os.Getenv("CI") != "true" {
		t.Skipf("%s needs an engine: %v", t.Name(), err)
	}
	require.NoError(t, err)
	t.Cleanup(func() { e.Close() })
	return e
}

// engineSize is what the engine itself calls the image's size.
func engineSize(t *testing.T, ref string) int64 {
	t.Helper()
	size, err := strconv.ParseInt(docker(t, nil, "image", "inspect", "-f", "{{.Size}}", ref), 10, 64)
	require.NoError(t, err)
	return size
}

// docker runs the engine's own client, which the gate itself never does.
func docker(t *testing.T, in []byte, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath("docker"); err != nil && os.Getenv("CI") != "true" {
		t.Skipf("%s needs the docker command: %v", t.Name(), err)
	}
	cmd := exec.Command("docker", args...)
	cmd.Stdin = bytes.NewReader(in)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "docker %v: %s", args, out)
	return strings.TrimSpace(string(out))
}

// ownName is a reference that no other test has, removed when the test ends.
func ownName(t *testing.T, e engine.Engine) string {
	t.Helper()
	name := fmt.Sprintf("image-budget.test/source-%d:%d", os.Getpid(), time.Now().UnixNano())
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		require.NoError(t, e.RemoveImage(ctx, name))
	})
	return name
}

// An image that was loaded, with hard links, symlinks and whiteouts.
func TestEngineSizeOfALoadedImageIsTheEngines(t *testing.T) {
	e := dockerEngine(t)
	ref := ownName(t, e)
	plain, content := imagetest.Rich(t)
	img := imagetest.Image(t, imagetest.Linux, plain...)
	docker(t, imagetest.ArchiveBytes(t, imagetest.DockerMembers(t, ref, img)), "load")

	at := with(e, machine(t))
	got, err := source.Open(t.Context(), engineBudget(ref), at)
	require.NoError(t, err)
	require.Equal(t, content, numbers(got)["size"])
	require.Equal(t, engineSize(t, ref), numbers(got)["size"])

	// Compressed from what the engine has unpacked, it is what it was before.
	require.Equal(t, numbers(open(t, pullBudget(serve(t, img))))["compressed_size"], numbers(got)["compressed_size"])
	again, err := source.Open(t.Context(), engineBudget(ref), at)
	require.NoError(t, err)
	require.Equal(t, got, again)
	require.NotEmpty(t, got.EngineRef)
}

// An image that the engine pulled itself, so that it holds what it unpacked.
func TestEngineSizeOfAPulledImageIsTheEngines(t *testing.T) {
	e := dockerEngine(t)
	plain, content := imagetest.Rich(t)
	unique := imagetest.Tar(t, imagetest.File("unique", fmt.Sprint(time.Now().UnixNano())), imagetest.Symlink("link", "unique"))
	content += int64(len(fmt.Sprint(time.Now().UnixNano())) + len("unique"))
	img := imagetest.Image(t, imagetest.Linux, unique, plain[0], plain[1])
	handler := registry.New(registry.Logger(log.New(io.Discard, "", 0)))
	host, stop, err := e.Serve(t.Context(), handler)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, stop()) })
	ref := fmt.Sprintf("%s/source-%d:1", host, os.Getpid())
	push(t, ref, img)
	t.Cleanup(func() { require.NoError(t, e.RemoveImage(context.Background(), ref)) })
	require.NoError(t, e.Pull(t.Context(), ref, imagetest.Linux))

	got, err := source.Open(t.Context(), engineBudget(ref), with(e, machine(t)))
	require.NoError(t, err)
	require.Equal(t, content, numbers(got)["size"])
	require.Equal(t, engineSize(t, ref), numbers(got)["size"])
}

func TestEngineSizeOfABuiltImageIsTheEngines(t *testing.T) {
	e := dockerEngine(t)
	dir := t.TempDir()
	write := func(name, body string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(body), 0o644))
	}
	write("big", imagetest.Noise(uint64(time.Now().UnixNano()), 300_000))
	write("small", "small")
	write("Dockerfile", "FROM scratch\nCOPY big /app/big\nENV A=b\nCOPY small /app/big\nCOPY small prepared /\n")
	b := budget.Budget{Name: "My App_1", Platform: hostPlatform(t, e), Source: budget.Source{Build: &budget.Build{
		Context: dir, Dockerfile: filepath.Join(dir, "Dockerfile"), Prepare: []string{"sh", "-c", "echo done > prepared"},
	}}}
	at := with(e, machine(t))
	got, err := source.Open(t.Context(), b, at)
	left := at.Session.Left()
	for _, thing := range left {
		t.Cleanup(func() {
			require.NoError(t, e.RemoveImage(context.Background(), thing.Name))
			require.NoError(t, at.Session.Done(thing.Kind, thing.Name))
		})
	}
	require.NoError(t, err)
	require.Len(t, left, 1)
	require.Equal(t, session.Image, left[0].Kind)
	require.Contains(t, left[0].Name, at.Session.Nonce())
	require.EqualValues(t, 300_000+5+5+5, numbers(got)["size"])
	require.Equal(t, engineSize(t, left[0].Name), numbers(got)["size"])
	require.EqualValues(t, 3, numbers(got)["layers"])
	require.Equal(t, "COPY big /app/big", got.Layers[0].Instruction)
}

// A symlink counts the length of its target, see metric size. What the engine
// says of an image that it has built leaves symlinks out: its BuildKit registers
// a layer with the sum of the sizes in the tar's headers (layer/migration.go of
// moby), where a symlink has none. Of a layer that was loaded or pulled it says what
// we say, see TestSizeOfALoadedImageIsTheEngines.
func TestEngineSizeOfABuiltImageWithSymlinks(t *testing.T) {
	e := dockerEngine(t)
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "file"), []byte(imagetest.Noise(uint64(time.Now().UnixNano()), 1000)), 0o644))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "links"), 0o755))
	require.NoError(t, os.Symlink("some/target", filepath.Join(dir, "links", "link")))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "Dockerfile"), []byte("FROM scratch\nCOPY file links /links/\n"), 0o644))
	name := ownName(t, e)
	b := budget.Budget{Name: "app", Platform: hostPlatform(t, e), Source: budget.Source{Build: &budget.Build{
		Context: dir, Dockerfile: filepath.Join(dir, "Dockerfile"), Tag: name,
	}}}
	at := with(e, machine(t))
	got, err := source.Open(t.Context(), b, at)
	require.NoError(t, err)
	require.Empty(t, at.Session.Left(), "a tag is kept")
	require.EqualValues(t, 1000+len("some/target"), numbers(got)["size"])
	t.Logf("the engine says %d bytes", engineSize(t, name))
}

func hostPlatform(t *testing.T, e engine.Engine) image.Platform {
	t.Helper()
	about, err := e.About(t.Context())
	require.NoError(t, err)
	return about.Platform
}
