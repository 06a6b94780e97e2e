package budget

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/metric"
	"github.com/image-budget/image-budget/internal/scan"
)

// today is when the tests' budgets are read.
var today = time.Date(2026, 11, 22, 23, 59, 59, 0, time.UTC)

func TestAccepted(t *testing.T) {
	for _, c := range accepted {
		t.Run(c.name, func(t *testing.T) {
			_, err := decode("budgets/x.yaml", []byte(c.yaml), today)
			require.NoError(t, err)
		})
	}
}

func TestRejected(t *testing.T) {
	for _, c := range rejected {
		t.Run(c.name, func(t *testing.T) {
			begin := time.Now()
			_, err := decode("budgets/x.yaml", []byte(c.yaml), today)
			var fault *FileError
			require.ErrorAs(t, err, &fault)
			require.Equal(t, "budgets/x.yaml", fault.Path)
			require.Equal(t, c.line, fault.Line, "%v", err)
			require.Contains(t, err.Error(), c.problem)
			require.Contains(t, fault.Hint(), c.hint)
			require.Less(t, len(err.Error()), 300)
			require.Less(t, time.Since(begin), time.Second, "E5")
		})
	}
}

// TestFindAt: at the zero time nothing that is accepted for a while has ended.
func TestFindAt(t *testing.T) {
	dir := t.TempDir()
	text := base + "exceptions: [{metric: size, tolerance: 30%, until: 2020-01-31, reason: r}]\nscan: {run: trivy, ignore: [{id: CVE-1, until: 2020-01-31, reason: r}]}"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "x.yaml"), []byte(text), 0o644))
	_, err := Find(dir, nil)
	var fault *FileError
	require.ErrorAs(t, err, &fault)
	require.Contains(t, fault.Problem, "is over")
	all, err := FindAt(dir, nil, time.Time{})
	require.NoError(t, err)
	require.Len(t, all[0].Exceptions, 1)
	require.Len(t, all[0].Scan.Ignore, 1)
}

func TestLoadReadsEveryKey(t *testing.T) {
	b, err := decode("/repo/budgets/support-agent.yaml", []byte(full), today)
	require.NoError(t, err)
	size, layers, start := 500e6, 15.0, 10.0
	require.Equal(t, Budget{
		Name: "support-agent", Path: "/repo/budgets/support-agent.yaml", Image: "support-agent",
		Source: Source{Build: &Build{
			Context: "/repo", Dockerfile: "/repo/docker/Dockerfile", Target: "runtime",
			Args:    map[string]string{"PYTHON": "3.12", "EMPTY": ""},
			Secrets: []Secret{{ID: "pip", Env: "PIP_TOKEN"}, {ID: "key", File: "/repo/budgets/secrets/key"}},
			Tag:     "support-agent:ci", Prepare: []string{"make", "dist"}, Network: HostNetwork,
			Timeout: 10 * time.Minute, Syntax: []string{"docker/dockerfile-upstream@sha256:" + zeros},
		}},
		Rebuild:   Rebuild{Touch: "app/main.py"},
		Platform:  image.Platform{OS: "linux", Architecture: "arm64", Variant: "v8"},
		Health:    Health{Port: 8000, Path: "/ready?deep=1", Scheme: "https", Timeout: 90 * time.Second},
		Run:       Run{Env: map[string]string{"LOG_LEVEL": "info"}, Command: []string{"serve", "--fast"}, Memory: 3 << 29, CPUs: 0.5, Sandbox: Strict},
		Link:      Link{Bandwidth: 80e6},
		Tolerance: 12500, OnInconclusive: Warn, Lint: LintError,
		Metrics: []Gate{
			{Metric: "size", Max: &size, Tolerance: 5000, Line: 23},
			{Metric: "layers", Max: &layers, Tolerance: 12500, Line: 24},
			{Metric: "cold_start", Max: &start, Tolerance: 12500, Line: 22},
			{Metric: "rebuild_time", Tolerance: 12500, Line: 25},
		},
		Scan: &Scan{
			Report: "/repo/budgets/out/trivy.json", FailOn: scan.Medium,
			Ignore: []Ignored{{ID: "CVE-2023-0464", Until: time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC), Reason: "no certificate of others is checked here", Line: 32}},
		},
		Exceptions: []Exception{{Metric: "size", Tolerance: 45000, Until: time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC), Reason: "torch with CUDA until the split lands", Line: 27}},
	}, b)
}

func TestLoadFillsInDefaults(t *testing.T) {
	b, err := decode("/repo/budgets/x.yaml", []byte("version: 1\nimage: x\nbuild: {context: ../app}\n"), today)
	require.NoError(t, err)
	require.Equal(t, "/repo/app/Dockerfile", b.Source.Build.Dockerfile)
	require.Equal(t, BridgeNetwork, b.Source.Build.Network)
	require.Equal(t, 30*time.Minute, b.Source.Build.Timeout)
	require.Equal(t, image.Platform{OS: "linux", Architecture: runtime.GOARCH}, b.Platform)
	require.Equal(t, Health{Path: "/health", Scheme: "http", Timeout: time.Minute}, b.Health)
	require.Equal(t, Run{Memory: 2 << 30, CPUs: 2, Sandbox: Standard}, b.Run)
	require.Equal(t, Link{Bandwidth: 1e9, Latency: 10 * time.Millisecond}, b.Link)
	require.Equal(t, "20%", b.Tolerance.String())
	require.Equal(t, Fail, b.OnInconclusive)
	require.Equal(t, LintWarn, b.Lint)
	require.True(t, b.Timed())
	var want []Gate
	for _, m := range metric.All {
		if m.Default {
			want = append(want, Gate{Metric: m.Name, Tolerance: b.Tolerance})
		}
	}
	require.Equal(t, want, b.Metrics)
	require.Nil(t, b.Scan)
}

// TestLoadAt: the budget of an old commit is judged by the day of that commit.
func TestLoadAt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.yaml")
	require.NoError(t, os.WriteFile(path, []byte(base+"exceptions: [{metric: size, tolerance: 30%, until: 2020-02-29, reason: r}]"), 0o600))
	lastDay := time.Date(2020, 2, 29, 23, 0, 0, 0, time.UTC)

	b, err := LoadAt(path, lastDay)
	require.NoError(t, err)
	require.Len(t, b.Exceptions, 1)
	_, err = LoadAt(path, lastDay.In(time.FixedZone("", 2*60*60)))
	require.NoError(t, err, "the day is UTC's, not the committer's")
	_, err = LoadAt(path, lastDay.Add(time.Hour))
	requireFault(t, err, "ended on 2020-02-29", "new day")
	_, err = Load(path)
	requireFault(t, err, "ended on 2020-02-29", "new day")
}

// TestLoadTakesRegularFilesOnly has E6, each in well under a second: a FIFO
// that nobody writes to must not be waited for.
func TestLoadTakesRegularFilesOnly(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	require.NoError(t, os.WriteFile(at("secret"), []byte("hunter2: [\n"), 0o600))
	require.NoError(t, os.Symlink(at("secret"), at("link.yaml")))
	require.NoError(t, os.Symlink(at("nowhere"), at("dangling.yaml")))
	require.NoError(t, syscall.Mkfifo(at("fifo.yaml"), 0o600))
	require.NoError(t, os.Mkdir(at("dir.yaml"), 0o700))
	require.NoError(t, os.WriteFile(at("empty.yaml"), nil, 0o600))
	require.NoError(t, os.WriteFile(at("large.yaml"), make([]byte, sizeCap+1), 0o600))
	for _, c := range []struct{ name, problem string }{
		{at("link.yaml"), "is a symbolic link"},
		{at("dangling.yaml"), "is a symbolic link"},
		{at("fifo.yaml"), "is a named pipe"},
		{at("dir.yaml"), "is a folder"},
		{"/dev/zero", "is a device"},
		{at("empty.yaml"), "is empty"},
		{at("large.yaml"), "is larger than 64 KiB"},
		{at("absent.yaml"), "is not there"},
	} {
		t.Run("E6 "+filepath.Base(c.name), func(t *testing.T) {
			begin := time.Now()
			_, err := Load(c.name)
			var fault *FileError
			require.ErrorAs(t, err, &fault)
			require.Contains(t, err.Error(), c.name+": "+c.problem)
			require.NotContains(t, err.Error()+fault.Hint(), "hunter2")
			_, err = LoadBaseline(c.name)
			require.ErrorContains(t, err, c.problem)
			require.Less(t, time.Since(begin), time.Second)
		})
	}
	_, err := Load(at("absent.yaml"))
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// TestManyKeysAreQuick has E5: what fits the cap is read at once.
func TestManyKeysAreQuick(t *testing.T) {
	var keys strings.Builder
	for i := 0; keys.Len() < sizeCap-100; i++ {
		keys.WriteString("k" + strings.Repeat("a", i%3) + string(rune('a'+i%26)) + time.Duration(i).String() + ": 1\n")
	}
	begin := time.Now()
	_, err := decode("x.yaml", []byte(base+keys.String()), today)
	require.Error(t, err)
	require.Less(t, time.Since(begin), time.Second)
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"b.yaml", "a.yaml", "hello.yaml"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(base), 0o600))
	}
	for _, name := range []string{"a.baseline.yaml", ".hidden.yaml", "schema.json"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("not: a budget"), 0o600))
	}
	require.Equal(t, []string{"a", "b", "hello"}, Names(dir))
	require.Empty(t, Names(filepath.Join(dir, "absent")))

	budgets, err := Find(dir, nil)
	require.NoError(t, err)
	require.Len(t, budgets, 3)
	require.Equal(t, filepath.Join(dir, "a.yaml"), budgets[0].Path)
	require.Equal(t, filepath.Join(dir, "a.baseline.yaml"), BaselinePath(budgets[0].Path))

	require.NoError(t, os.WriteFile(filepath.Join(dir, "a.yaml"), []byte("broken"), 0o600))
	budgets, err = Find(dir, []string{"hello", "b", "hello"})
	require.NoError(t, err, "a broken budget that is not asked for")
	require.Equal(t, []string{"hello", "b"}, []string{budgets[0].Name, budgets[1].Name})

	_, err = Find(dir, []string{"helo"})
	requireFault(t, err, `holds no budget "helo"`, "did you mean hello? the budgets there are a, b, hello")
	_, err = Find(dir, nil)
	requireFault(t, err, "a.yaml:1:1: is not a mapping", "")
}

func TestFindRefusesFoldersThatGateNothing(t *testing.T) {
	dir := t.TempDir()
	_, err := Find(dir, nil)
	requireFault(t, err, "holds no budget", "--dir")
	_, err = Find(filepath.Join(dir, "absent"), nil)
	requireFault(t, err, "is not there", "--dir")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "app.yml"), []byte(base), 0o600))
	_, err = Find(dir, nil)
	requireFault(t, err, "app.yml: is not read", "rename it to app.yaml")
}

func requireFault(t *testing.T, err error, problem, hint string) {
	t.Helper()
	require.ErrorContains(t, err, problem)
	var fault *FileError
	require.ErrorAs(t, err, &fault)
	require.Contains(t, fault.Hint(), hint)
	var user interface{ UserFault() }
	require.True(t, errors.As(err, &user), "a fault of a file is the user's")
}
