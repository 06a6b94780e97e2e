package main

import (
	"archive/tar"
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/opencontainers/go-digest"
	"github.com/stretchr/testify/require"
)

// BenchmarkVersion is the start of the program itself: the median of 21 runs.
func BenchmarkVersion(b *testing.B) {
	bin := binary(b)
	for b.Loop() {
		var took []time.Duration
		for range 21 {
			start := time.Now()
			require.NoError(b, exec.Command(bin, "version").Run())
			took = append(took, time.Since(start))
		}
		slices.Sort(took)
		b.ReportMetric(float64(took[10].Microseconds())/1000, "ms/start")
	}
}

// BenchmarkMemory puts an image of 4 GB through the gate, first unknown and
// then with every layer known.
func BenchmarkMemory(b *testing.B) {
	bin, dir := binary(b), b.TempDir()
	archive := filepath.Join(dir, "image.tar")
	writeArchive(b, archive, 4, 1<<30)
	for b.Loop() {
		cache := filepath.Join(b.TempDir(), "cache")
		for _, pass := range []string{"first", "again"} {
			start := time.Now()
			c := exec.Command(bin, "measure", "docker-archive:"+archive, "--metric", "size,compressed_size,layers", "--quiet")
			c.Env = append(os.Environ(), "XDG_CACHE_HOME="+cache)
			out, err := c.CombinedOutput()
			require.NoErrorf(b, err, "%s", out)
			b.ReportMetric(float64(c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)/1024, "MiB-"+pass)
			b.ReportMetric(time.Since(start).Seconds(), "s-"+pass)
		}
	}
}

// BenchmarkUnchanged is the second check of an unchanged image. A trial lasts
// from its first call to the removal of what it made, when its line of progress
// is written; what is outside of all of them is the tool's own.
func BenchmarkUnchanged(b *testing.B) {
	bin := binary(b)
	for b.Loop() {
		timeCheck(b, bin)
		wall, trials, samples := timeCheck(b, bin)
		b.ReportMetric(wall.Seconds(), "s-wall")
		b.ReportMetric((wall - trials).Seconds(), "s-outside-trials")
		b.ReportMetric((trials - samples).Seconds(), "s-of-trials-making-and-removing")
	}
}

// trialLine is a line of progress about a trial that ended well.
var trialLine = regexp.MustCompile(`^hello: (?:pull_time|cold_start): (\S+) \(`)

// timeCheck checks hello and returns how long it took, how much of that were
// trials, and how much of them the sampled times themselves.
func timeCheck(b *testing.B, bin string) (wall, trials, samples time.Duration) {
	check := exec.Command(bin, "check", "hello")
	check.Dir = filepath.Join("..", "..")
	progress, err := check.StderrPipe()
	require.NoError(b, err)
	start := time.Now()
	require.NoError(b, check.Start())
	var first, last time.Time
	for lines := bufio.NewScanner(progress); lines.Scan(); {
		found := trialLine.FindStringSubmatch(lines.Text())
		if found == nil {
			continue
		}
		took, err := time.ParseDuration(found[1])
		require.NoError(b, err)
		samples += took
		last = time.Now()
		if first.IsZero() {
			first = last.Add(-took)
		}
	}
	var exit *exec.ExitError
	if err := check.Wait(); err != nil { // a regression is no matter here
		require.ErrorAs(b, err, &exit)
		require.Equal(b, 1, exit.ExitCode())
	}
	require.False(b, first.IsZero())
	return time.Since(start), last.Sub(first), samples
}

// binary builds the program once for a benchmark.
func binary(b *testing.B) string {
	bin := filepath.Join(b.TempDir(), "image-budget")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", bin, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := build.CombinedOutput()
	require.NoErrorf(b, err, "%s", out)
	return bin
}

// writeArchive writes a docker archive of n layers with one file of size bytes
// each, half of it compressible, as an engine on overlay2 saves an image.
func writeArchive(b *testing.B, path string, n int, size int64) {
	f, err := os.Create(path)
	require.NoError(b, err)
	w := tar.NewWriter(f)
	put := func(name string, body []byte) {
		require.NoError(b, w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(body))}))
		_, err := w.Write(body)
		require.NoError(b, err)
	}
	type rootfs struct {
		Type    string          `json:"type"`
		DiffIDs []digest.Digest `json:"diff_ids"`
	}
	layers := rootfs{Type: "layers"}
	var names []string
	for i := range n {
		name := fmt.Sprintf("%064x/layer.tar", i+1)
		names = append(names, name)
		length := 512 + size + 1024
		require.NoError(b, w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: length}))
		hash := digest.Canonical.Digester()
		inner := tar.NewWriter(io.MultiWriter(w, hash.Hash()))
		require.NoError(b, inner.WriteHeader(&tar.Header{Name: fmt.Sprintf("file%d", i), Mode: 0o644, Size: size, Format: tar.FormatUSTAR}))
		random := rand.NewChaCha8([32]byte{byte(i)})
		block := make([]byte, 1<<20)
		for range size / int64(len(block)) {
			_, _ = random.Read(block[:len(block)/2])
			_, err := inner.Write(block)
			require.NoError(b, err)
		}
		require.NoError(b, inner.Close())
		layers.DiffIDs = append(layers.DiffIDs, hash.Digest())
	}
	config, err := json.Marshal(map[string]any{"architecture": "amd64", "os": "linux", "config": map[string]any{}, "rootfs": layers})
	require.NoError(b, err)
	name := digest.FromBytes(config).Encoded() + ".json"
	put(name, config)
	manifest, err := json.Marshal([]any{map[string]any{"Config": name, "RepoTags": []string{"big:latest"}, "Layers": names}})
	require.NoError(b, err)
	put("manifest.json", manifest)
	require.NoError(b, w.Close())
	require.NoError(b, f.Close())
}
