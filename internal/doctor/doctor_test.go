package doctor

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/engine/enginetest"
	"github.com/image-budget/image-budget/internal/image"
)

// good is an engine and a machine that leave nothing to be wished for.
func good(t *testing.T) Machine {
	return Machine{
		CacheDir: filepath.Join(t.TempDir(), "not", "there", "yet"),
		about: &engine.About{
			Name: "Docker Engine", Version: "29.0.1", Store: "containerd overlayfs", APIVersion: "1.50",
			Platform: image.Platform{OS: "linux", Architecture: "amd64"}, ZstdLayers: true, BuildKit: true,
			Host: "unix:///var/run/docker.sock", Local: true,
			Parts: map[string]string{"runc": "1.3.0", "containerd": "v2.2.5"},
		},
		cpus: 4,
		root: procfs("MemTotal:       16384000 kB", "memory 1 9 1\npids 2 9 1\ncpu 3 9 1\n", "0.42 0.28 0.26 2/108 13780\n"),
	}
}

func procfs(meminfo, cgroups, loadavg string) fstest.MapFS {
	return fstest.MapFS{
		"proc/meminfo": {Data: []byte("MemFree: 1 kB\n" + meminfo + "\n")},
		"proc/cgroups": {Data: []byte("#subsys_name\thierarchy\tnum_cgroups\tenabled\n" + cgroups)},
		"proc/loadavg": {Data: []byte(loadavg)},
	}
}

func TestChecks(t *testing.T) {
	about := func(change func(*engine.About)) func(*testing.T, *Machine) {
		return func(_ *testing.T, m *Machine) { change(m.about) }
	}
	down := func(_ *testing.T, m *Machine) {
		m.about, m.aboutErr = nil, &engine.Unavailable{Host: "unix:///x.sock", Err: errors.New("no such file")}
	}
	root := func(fs fstest.MapFS) func(*testing.T, *Machine) {
		return func(_ *testing.T, m *Machine) { m.root = fs }
	}
	for _, c := range []struct {
		name   string
		check  Check
		change func(*testing.T, *Machine)
		level  Level
		text   string // part of it
	}{
		{"answers", engineAnswers, nil, OK, "Docker Engine 29.0.1 at unix:///var/run/docker.sock, API 1.50, linux/amd64"},
		{"D22 down", engineAnswers, down, Fail, "unix:///x.sock: no such file"},
		{"windows", engineAnswers, about(func(a *engine.About) { a.Platform.OS = "windows" }), Fail, "windows/amd64"},
		{"local", engineIsLocal, nil, OK, "loopback"},
		{"D22 remote", engineIsLocal, about(func(a *engine.About) { a.Local, a.Host = false, "tcp://10.0.0.7:2376" }), Fail, "tcp://10.0.0.7:2376"},
		{"local of none", engineIsLocal, down, "", ""},
		{"buildkit", buildKit, nil, OK, "BuildKit"},
		{"no buildkit", buildKit, about(func(a *engine.About) { a.BuildKit, a.Name = false, "Podman Engine" }), Warn, "Podman Engine has no BuildKit"},
		{"buildkit of none", buildKit, down, "", ""},
		{"containerd store", storage, nil, OK, "containerd overlayfs"},
		{"overlay2", storage, about(func(a *engine.About) { a.Store = "overlay2" }), OK, "overlay2"},
		{"vfs", storage, about(func(a *engine.About) { a.Store = "vfs" }), Warn, "copies the whole image"},
		{"unknown store", storage, about(func(a *engine.About) { a.Store = "ipfs" }), Warn, `"ipfs"`},
		{"store of none", storage, down, "", ""},
		{"zstd", zstdLayers, nil, OK, "zstd"},
		{"no zstd", zstdLayers, about(func(a *engine.About) { a.ZstdLayers = false }), Warn, "pull_time"},
		{"zstd of none", zstdLayers, down, "", ""},
		{"D24 runtime", runtimeVersions, nil, OK, "runc 1.3.0"},
		{"D24 old runc", runtimeVersions, parts("runc", "1.1.5+ds1"), Warn, "runc 1.1.5+ds1 is older than 1.2.8"},
		{"D24 last good runc", runtimeVersions, parts("runc", "1.2.8"), OK, "runc 1.2.8"},
		{"D24 old containerd 1", runtimeVersions, parts("containerd", "1.7.32"), Warn, "containerd 1.7.32 is older than 1.7.33"},
		{"D24 containerd 1", runtimeVersions, parts("containerd", "1.7.33"), OK, "containerd 1.7.33"},
		{"D24 old containerd 2", runtimeVersions, parts("containerd", "v2.2.4"), Warn, "containerd v2.2.4 is older than 2.2.5"},
		{"D24 no versions", runtimeVersions, about(func(a *engine.About) { a.Parts = nil }), "", ""},
		{"D24 odd version", runtimeVersions, about(func(a *engine.About) { a.Parts = map[string]string{"runc": "dev"} }), "", ""},
		{"no warnings", engineWarnings, nil, "", ""},
		{"D2 warnings", engineWarnings, about(func(a *engine.About) { a.Warnings = []string{"WARNING: No swap limit support"} }), Warn, "No swap limit support"},
		{"cache not made yet", cacheWritable, nil, OK, "yet"},
		{"cache is a file", cacheWritable, isFile, Fail, "is not a folder"},
		{"disk", diskSpace, nil, "", ""}, // depends on this machine: see TestSpace
		{"disk of a file", diskSpace, isFile, "", ""},
		{"cpus", processors, nil, OK, "4 CPUs"},
		{"one cpu", processors, func(_ *testing.T, m *Machine) { m.cpus = 1 }, Warn, "1 CPU"},
		{"memory", memory, nil, OK, "15.6 GiB"},
		{"little memory", memory, root(procfs("MemTotal: 1024000 kB", "", "")), Warn, "1.0 GiB"},
		{"odd meminfo", memory, root(procfs("MemTotal: much kB", "", "")), "", ""},
		{"no procfs", memory, root(fstest.MapFS{}), "", ""},
		{"D2 limits, version 1", limits, nil, OK, "can limit"},
		{"D2 no memory controller", limits, root(procfs("", "memory 0 9 1\npids 2 9 1\ncpu 3 9 0\n", "")), Warn, "for memory, cpu"},
		{"D2 limits, version 2", limits, root(fstest.MapFS{"sys/fs/cgroup/cgroup.controllers": {Data: []byte("cpuset cpu io memory pids\n")}}), OK, "can limit"},
		{"D2 version 2 without pids", limits, root(fstest.MapFS{"sys/fs/cgroup/cgroup.controllers": {Data: []byte("cpu memory\n")}}), Warn, "for pids"},
		{"no cgroups", limits, root(fstest.MapFS{}), "", ""},
		{"load", load, nil, OK, "0.4 on 4 CPUs"},
		{"busy", load, root(procfs("", "", "4.10 1 1 1/1 1")), Warn, "a load of 4.1 on 4 CPUs"},
		{"odd loadavg", load, root(procfs("", "", "high")), "", ""},
		{"no loadavg", load, root(fstest.MapFS{}), "", ""},
		{"no git", git, func(t *testing.T, _ *Machine) { t.Setenv("PATH", t.TempDir()) }, Warn, "git is not here"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := good(t)
			if c.change != nil {
				c.change(t, &m)
			}
			f := c.check.Run(t.Context(), m)
			if c.name == "disk" {
				require.Contains(t, f.Text, "free at "+filepath.Dir(filepath.Dir(filepath.Dir(m.CacheDir))))
				return
			}
			require.Equal(t, c.level, f.Level, f.Text)
			require.Contains(t, f.Text, c.text)
			require.Equal(t, f.Level == Warn || f.Level == Fail, f.Fix != "", "a finding has a fix, and what is in order has none")
		})
	}
}

func parts(name, version string) func(*testing.T, *Machine) {
	return func(_ *testing.T, m *Machine) { m.about.Parts = map[string]string{name: version} }
}

func isFile(t *testing.T, m *Machine) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	m.CacheDir = file
}

func TestSpace(t *testing.T) { // D18: the floor of the disk
	require.Equal(t, OK, space(leastDisk, "/x").Level)
	f := space(leastDisk-1, "/x")
	require.Equal(t, Fail, f.Level)
	require.NotEmpty(t, f.Fix)
}

func TestCacheIsNotMade(t *testing.T) {
	m := good(t)
	above := filepath.Dir(filepath.Dir(filepath.Dir(m.CacheDir)))
	require.Equal(t, OK, cacheWritable.Run(t.Context(), m).Level)
	left, err := os.ReadDir(above)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestExamine(t *testing.T) {
	fake := enginetest.New()
	m := good(t)
	m.about = nil
	m.Engine = func(context.Context) (engine.Engine, error) { return fake, nil }
	findings := Examine(t.Context(), m)
	require.Equal(t, "engine", findings[0].Check)
	require.Equal(t, OK, findings[0].Level)
	require.True(t, len(findings) > 8)

	m.Engine = func(context.Context) (engine.Engine, error) {
		return nil, &engine.Unavailable{Host: "unix:///x.sock", Err: errors.New("no such file")}
	}
	findings = Examine(t.Context(), m)
	require.True(t, Failed(findings))
	require.Equal(t, "engine", findings[0].Check)
	require.Less(t, len(findings), len(Checks))
}

func TestCheckNames(t *testing.T) {
	seen := map[string]bool{}
	for _, check := range Checks {
		require.NotEmpty(t, check.Name)
		require.False(t, seen[check.Name], check.Name)
		seen[check.Name] = true
	}
}

func TestWrite(t *testing.T) {
	findings := []Finding{
		{Check: "engine", Level: OK, Text: "Docker Engine 29.0.1"},
		{Check: "buildkit", Level: Warn, Text: "no BuildKit\n::error::x ##[group]\x1b[2J\u202e", Fix: "use\another"},
	}
	var b bytes.Buffer
	require.NoError(t, Write(&b, findings, false))
	require.Equal(t, strings.Join([]string{
		"ok    engine    Docker Engine 29.0.1",
		"warn  buildkit  no BuildKit; ::error::x #\\x23[group]\ufffd[2J\ufffd",
		"                fix: use\ufffdnother",
		"",
		"This machine can measure; 1 to mind.",
		"",
	}, "\n"), b.String())

	b.Reset()
	require.NoError(t, Write(&b, append(findings, Finding{Check: "disk", Level: Fail, Text: "full", Fix: "free some"}), true))
	require.Contains(t, b.String(), "\x1b[1;31mfail\x1b[0m  disk")
	require.Contains(t, b.String(), "This machine cannot measure: 1 failed, 1 to mind.")

	require.ErrorIs(t, Write(closed{}, findings, false), os.ErrClosed) // E11
	require.ErrorIs(t, Write(short{}, findings, false), io.ErrShortWrite)
}

type closed struct{}

func (closed) Write([]byte) (int, error) { return 0, os.ErrClosed }

type short struct{}

func (short) Write([]byte) (int, error) { return 1, nil }
