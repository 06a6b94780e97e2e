package budget

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/inventory"
)

// asChild makes the test binary a process that saves: see TestMain.
const asChild = "IMAGE_BUDGET_TEST_SAVE"

// TestMain is also the program that the tests below start, to be killed or to
// run out of space.
func TestMain(m *testing.M) {
	path := os.Getenv(asChild)
	if path == "" {
		os.Exit(m.Run())
	}
	if os.Getenv(asChild+"_LIMIT") != "" {
		limit := &syscall.Rlimit{Cur: 700, Max: 700} // bytes that any one file may have
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, limit); err != nil {
			panic(err)
		}
		if err := Save(path, sized(2)); err != nil {
			fmt.Println(err)
			os.Exit(3)
		}
		os.Exit(0)
	}
	if name := os.Getenv(asChild + "_AMEND"); name != "" {
		if err := amendOften(path, name); err != nil {
			fmt.Println(err)
			os.Exit(3)
		}
		os.Exit(0)
	}
	for n := int64(1); ; n++ {
		if err := Save(path, sized(n)); err != nil {
			fmt.Println(err)
			os.Exit(3)
		}
		if n == 1 {
			fmt.Println("saving")
		}
	}
}

// sized is a measurement that can be told from others.
func sized(n int64) Measurement {
	m := measured()
	m.Metrics["size"] = number(n)
	return m
}

func child(path string, env ...string) *exec.Cmd {
	c := exec.Command(os.Args[0])
	c.Env = append(append(os.Environ(), asChild+"="+path), env...)
	return c
}

// TestSaveSurvivesKills has E9: whenever the process is killed, the file is
// whole, and the next Save leaves nothing of the killed ones.
func TestSaveSurvivesKills(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.baseline.yaml")
	leftovers := 0
	for range 40 {
		c := child(path)
		out, err := c.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, c.Start())
		_, err = out.Read(make([]byte, 6))
		require.NoError(t, err)
		time.Sleep(time.Duration(rand.IntN(4000)) * time.Microsecond)
		require.NoError(t, c.Process.Kill())
		_ = c.Wait() // killed
		_, err = LoadBaseline(path)
		require.NoError(t, err)
		leftovers += len(filesIn(t, dir)) - 1
	}
	t.Logf("%d temporary files left by 40 kills", leftovers)
	require.NoError(t, os.WriteFile(filepath.Join(dir, temporary+"KILLED.tmp"), []byte("half"), 0o600))
	require.NoError(t, Save(path, measured()))
	require.Equal(t, []string{"x.baseline.yaml"}, filesIn(t, dir))
}

// TestSaveSurvivesAFullDisk has E9's ENOSPC, as a limit on the size of files.
func TestSaveSurvivesAFullDisk(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.baseline.yaml")
	require.NoError(t, Save(path, sized(1)))
	before, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Greater(t, len(before), 700)

	out, err := child(path, asChild+"_LIMIT=1").CombinedOutput()
	require.Error(t, err, "the status is not 0")
	require.Contains(t, string(out), "file too large")
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(before), string(after))
	require.Equal(t, []string{"x.baseline.yaml"}, filesIn(t, dir))
}

func TestSaveSurvivesAnUnwritableFolder(t *testing.T) {
	dir := t.TempDir()
	require.Error(t, Save(filepath.Join(dir, "absent", "x.baseline.yaml"), measured()))

	path := filepath.Join(dir, "x.baseline.yaml")
	require.NoError(t, os.Mkdir(path, 0o700))
	requireFault(t, Save(path, measured()), "is a folder", "")
	require.Equal(t, []string{"x.baseline.yaml"}, filesIn(t, dir))
}

// TestSaveFollowsNoLink has E6 for writing.
func TestSaveFollowsNoLink(t *testing.T) {
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target"), filepath.Join(dir, "x.baseline.yaml")
	require.NoError(t, os.WriteFile(target, []byte("precious"), 0o600))
	require.NoError(t, os.Symlink(target, link))
	requireFault(t, Save(link, measured()), "is a symbolic link", "")
	requireFault(t, Amend(link, measured(), []string{"size"}), "is a symbolic link", "")
	data, err := os.ReadFile(target)
	require.NoError(t, err)
	require.Equal(t, "precious", string(data))
}

// TestSaveRefusesWhatWouldNotReadBack: a baseline that Load refuses is worse
// than none.
func TestSaveRefusesWhatWouldNotReadBack(t *testing.T) {
	for name, change := range map[string]func(*Measurement){
		"no image":        func(m *Measurement) { m.Image = "" },
		"no digest":       func(m *Measurement) { m.ConfigDigest = "" },
		"a digest cut":    func(m *Measurement) { m.ManifestDigest = "sha256:12" },
		"no platform":     func(m *Measurement) { m.Platform.OS = "" },
		"no bandwidth":    func(m *Measurement) { m.Link.Bandwidth = 0 },
		"a time of 0":     func(m *Measurement) { m.Metrics["pull_time"] = times(0, 1, 2) },
		"a negative size": func(m *Measurement) { m.Metrics["size"] = number(-1) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			m := measured()
			change(&m)
			require.Error(t, Save(filepath.Join(dir, "x.baseline.yaml"), m))
			require.Empty(t, filesIn(t, dir))
		})
	}
}

// TestUpdatesAtOnceLoseNothing has E13: each update adds one layer to what it
// finds, and all are there in the end.
func TestUpdatesAtOnceLoseNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.baseline.yaml")
	const updates = 20
	var group sync.WaitGroup
	errs := make([]error, updates)
	for i := range updates {
		group.Go(func() {
			errs[i] = Update(path, func(old *Measurement) (Measurement, error) {
				m := measured()
				m.Contents = madeOf()
				if old != nil {
					m.Contents = old.Contents
				}
				m.Contents.Layers = append(m.Contents.Layers, inventory.Layer{DiffID: digestA, Files: int64(i)})
				return m, nil
			})
		})
	}
	group.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	m, err := LoadBaseline(path)
	require.NoError(t, err)
	seen := map[int64]bool{}
	for _, l := range m.Contents.Layers {
		seen[l.Files] = true
	}
	require.Len(t, seen, updates)
	require.Equal(t, []string{"x.baseline.yaml"}, filesIn(t, dir))
}

func TestUpdateKeepsAFileItCannotRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.baseline.yaml")
	require.NoError(t, os.WriteFile(path, []byte("<<<<<<< HEAD\n"), 0o600))
	err := Update(path, func(*Measurement) (Measurement, error) { return measured(), nil })
	requireFault(t, err, "merge conflict", "")
	require.NoError(t, Save(path, measured()), "a whole record mends it")
}

func filesIn(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func TestSavedFilesDifferOnlyInWhatMoved(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.baseline.yaml")
	require.NoError(t, Save(path, sized(1)))
	one, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, Save(path, sized(2)))
	two, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, strings.Replace(string(one), "  size: 1\n", "  size: 2\n", 1), string(two))
}
