package cli

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/engine/enginetest"
	"github.com/image-budget/image-budget/internal/image/imagetest"
)

// TestEngineScripts drives the command line against the engine of this
// machine, and holds what the engine has afterwards against what it had.
func TestEngineScripts(t *testing.T) {
	needEngine(t)
	hello, python, probe := service(t), newDebianPython(t), enginetest.Probe(t)
	scripts, err := filepath.Glob("testdata/engine/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, scripts)
	for _, script := range scripts { // one after the other: they time what they do
		before := held(t)
		t.Run("one", func(t *testing.T) { testscript.Run(t, engineScript(script, hello, python, probe)) })
		require.Equal(t, before, held(t), script)
	}
}

func engineScript(script, hello string, python *debianPython, probe []byte) testscript.Params {
	return testscript.Params{
		Files: []string{script},
		Setup: func(e *testscript.Env) error {
			e.Setenv("XDG_CACHE_HOME", filepath.Join(e.WorkDir, ".cache"))
			return os.Link(hello, filepath.Join(e.WorkDir, "app", "hello"))
		},
		Condition: python.condition,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits,
			"noise": noise,
			"probe": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Check(os.WriteFile(ts.MkAbs(args[0]), probe, 0o755))
			},
			"python":  python.command,
			"verdict": verdict,
		},
	}
}

// needEngine skips where no engine answers, which CI does not allow.
func needEngine(t *testing.T) {
	t.Helper()
	e, err := engine.Open(context.Background())
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("CI needs a container engine: %v", err)
		}
		t.Skipf("no container engine: %v", err)
	}
	require.NoError(t, e.Close())
}

// service compiles the service hello.
func service(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "hello")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", path, ".")
	build.Dir = filepath.Join("..", "..", "testdata", "services", "hello")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := build.CombinedOutput()
	require.NoErrorf(t, err, "%s", out)
	return path
}

// noise writes a file that does not compress: noise PATH SIZE.
func noise(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: noise PATH SIZE")
	}
	size, err := strconv.Atoi(args[1])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(imagetest.Noise(1, size)), 0o644))
}

// verdict checks one metric of a JSON report: verdict FILE METRIC VERDICT.
func verdict(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: verdict FILE METRIC VERDICT")
	}
	f, err := os.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	defer f.Close()
	result, err := budget.ReadResult(f)
	ts.Check(err)
	for _, row := range result.Images[0].Metrics {
		if row.Name == args[1] && string(row.Verdict) != args[2] {
			ts.Fatalf("%s is %s, want %s: %s, samples %v", row.Name, row.Verdict, args[2], row.Reason, row.Samples)
		}
	}
}

// held is what the engine has, by the API's own words: names of images,
// containers, volumes and networks.
func held(t *testing.T) []string {
	t.Helper()
	api := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", "/var/run/docker.sock")
	}}}
	defer api.CloseIdleConnections()
	names := map[string]bool{}
	for path, key := range map[string]string{
		"/images/json?all=1": "Id", "/containers/json?all=1": "Id", "/networks": "Id", "/volumes": "Name",
	} {
		answer, err := api.Get("http://engine" + path)
		require.NoError(t, err)
		body, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		var list []map[string]any
		if key == "Name" {
			var volumes struct{ Volumes []map[string]any }
			require.NoError(t, json.Unmarshal(body, &volumes))
			list = volumes.Volumes
		} else {
			require.NoError(t, json.Unmarshal(body, &list))
		}
		for _, thing := range list {
			names[path+" "+thing[key].(string)] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}
