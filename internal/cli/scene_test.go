package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image/imagetest"
)

// scene is a folder in which the program runs, with a home, a cache and a folder
// for temporary files of its own, no engine, and a canary that must not change.
type scene struct {
	t   testing.TB
	dir string
}

func newScene(t testing.TB) scene {
	t.Helper()
	s := scene{t, t.TempDir()}
	for _, name := range []string{"tmp", "home", "budgets"} {
		require.NoError(t, os.Mkdir(s.path(name), 0o700))
	}
	s.write("budgets/app.yaml", "version: 1\nimage: app\noci: ../layout\nmetrics: {size: {}, compressed_size: {}, layers: {}}\n")
	return s
}

func (s scene) path(name string) string { return filepath.Join(s.dir, name) }

func (s scene) write(name, text string) {
	s.t.Helper()
	require.NoError(s.t, os.WriteFile(s.path(name), []byte(text), 0o600))
}

// layout writes img as the OCI layout folder "layout".
func (s scene) layout(img v1.Image) {
	s.t.Helper()
	require.NoError(s.t, os.Rename(imagetest.Layout(s.t, imagetest.Index(s.t, img)), s.path("layout")))
}

// ran is what a run of the program left.
type ran struct {
	status         int
	stdout, stderr string
	peak           int64 // bytes of memory
}

// run runs the program in a process of its own.
func (s scene) run(args ...string) ran {
	s.t.Helper()
	var stdout, stderr bytes.Buffer
	c := exec.Command("image-budget", args...)
	c.Dir, c.Stdout, c.Stderr = s.dir, &stdout, &stderr
	c.Env = append(os.Environ(), "HOME="+s.path("home"), "XDG_CACHE_HOME="+s.path("home/.cache"), "TMPDIR="+s.path("tmp"), "DOCKER_HOST=unix:///nowhere.sock", peakFile+"="+s.path("peak"))
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		require.NoError(s.t, err)
	}
	return ran{c.ProcessState.ExitCode(), stdout.String(), stderr.String(), s.peak()}
}

// peakFile is the variable of the environment that says where a run notes the most
// memory that it had. What the kernel tells a parent counts the parent's own.
const peakFile = "IMAGE_BUDGET_TEST_PEAK"

// notePeak runs at the end of the program.
func notePeak() {
	path := os.Getenv(peakFile)
	if path == "" {
		return
	}
	status, err := os.ReadFile("/proc/self/status")
	if err == nil {
		_ = os.WriteFile(path, status, 0o600)
	}
}

// peak is what the last run noted, in bytes.
func (s scene) peak() int64 {
	s.t.Helper()
	status, err := os.ReadFile(s.path("peak"))
	require.NoError(s.t, err)
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	var kib int64
	_, err = fmt.Sscan(rest, &kib)
	require.NoError(s.t, err)
	return kib << 10
}

// requireClean fails when a run left anything in the folder for temporary files, or
// anything half done in the cache; where it ended in a fault, anything at all.
func (s scene) requireClean(faulty bool) {
	s.t.Helper()
	require.Empty(s.t, s.files("tmp"))
	for _, file := range s.files("home") {
		inCache := strings.TrimPrefix(file, "home/.cache/image-budget/")
		require.NotEqual(s.t, file, inCache, "outside the cache")
		require.NotContains(s.t, inCache, "tmp/")
		if faulty {
			require.NotRegexp(s.t, `^(blobs|layers|contents|indexed|index|images)/`, inCache, "a fault left it")
		}
	}
}

// files are those below a folder.
func (s scene) files(folder string) []string {
	s.t.Helper()
	var all []string
	err := filepath.WalkDir(s.path(folder), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			all = append(all, strings.TrimPrefix(path, s.dir+"/"))
		}
		return err
	})
	require.NoError(s.t, err)
	return all
}

// canary is a file outside the program's folders, and a check that it and its
// neighbourhood are as they were.
func canary(t testing.TB) (path string, requireUnchanged func()) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "canary")
	require.NoError(t, os.WriteFile(path, []byte("sings"), 0o400))
	before, err := os.Lstat(path)
	require.NoError(t, err)
	return path, func() {
		t.Helper()
		after, err := os.Lstat(path)
		require.NoError(t, err)
		body, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, "sings", string(body))
		require.Equal(t, before.Mode(), after.Mode())
		require.Equal(t, before.ModTime(), after.ModTime())
		beside, err := os.ReadDir(filepath.Dir(path))
		require.NoError(t, err)
		require.Len(t, beside, 1, "beside the canary")
	}
}

// explained is what the tests here ask of the JSON of explain.
type explained struct {
	Size   int64
	Layers []struct {
		Instruction           string
		Size, Unowned, Hidden int64
	}
	Packages []struct {
		Package, Version string
		Size             int64
	}
	Files []struct {
		Path string
		Size int64
	}
	Problems []string
}

// explain runs explain, and checks that every byte has an owner.
func (s scene) explain(image string) explained {
	s.t.Helper()
	got := s.run("explain", image, "--format", "json")
	require.Zero(s.t, got.status, got.stderr)
	return explanation(s.t, got.stdout)
}

// explanation reads the JSON of explain, and checks that every byte has an owner.
func explanation(t testing.TB, stdout string) explained {
	t.Helper()
	var e explained
	require.NoError(t, json.Unmarshal([]byte(stdout), &e))
	var sum int64
	for _, l := range e.Layers {
		require.GreaterOrEqual(t, min(l.Unowned, l.Hidden), int64(0))
		sum += l.Unowned + l.Hidden
	}
	for _, p := range e.Packages {
		sum += p.Size
	}
	require.Equal(t, e.Size, sum, "bytes that have no owner")
	return e
}

// measured is the value of each metric in the JSON of measure or check; -1 for null.
func measured(t testing.TB, stdout string) map[string]int64 {
	t.Helper()
	var result struct {
		Images []struct {
			Metrics []struct {
				Name  string
				Value *float64
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(stdout), &result), stdout)
	require.Len(t, result.Images, 1)
	values := map[string]int64{}
	for _, m := range result.Images[0].Metrics {
		values[m.Name] = -1
		if m.Value != nil {
			values[m.Name] = int64(*m.Value)
		}
	}
	return values
}

// exactOnly are the flags with which measure needs no engine.
var exactOnly = []string{"--no-run", "--metric", "size,compressed_size,layers", "--format", "json"}

// measure runs measure for the exact metrics.
func (s scene) measure(image string) map[string]int64 {
	s.t.Helper()
	got := s.run(append([]string{"measure", image}, exactOnly...)...)
	require.Zero(s.t, got.status, got.stderr)
	return measured(s.t, got.stdout)
}
