package main

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
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

// BenchmarkUnchanged is the second check of an unchanged image less its
// trials: the wall time less the trials that the report and the progress name.
func BenchmarkUnchanged(b *testing.B) {
	bin := binary(b)
	for b.Loop() {
		c := func(args ...string) ([]byte, time.Duration) {
			command := exec.Command(bin, args...)
			command.Dir = filepath.Join("..", "..")
			var out, progress bytes.Buffer
			command.Stdout, command.Stderr = &out, &progress
			start := time.Now()
			err := command.Run()
			var exit *exec.ExitError
			if err != nil {
				require.ErrorAs(b, err, &exit, progress.String())
				require.Equal(b, 1, exit.ExitCode(), progress.String())
			}
			return out.Bytes(), time.Since(start)
		}
		c("check", "hello")
		out, wall := c("check", "hello", "--format", "json")
		b.ReportMetric(wall.Seconds(), "s-wall")
		b.ReportMetric(wall.Seconds()-trials(b, out), "s-outside-trials")
	}
}

// trials is the time that the timed metrics of a result took, with the
// discarded trial of each taken as its median.
func trials(b *testing.B, out []byte) float64 {
	var result struct {
		Images []struct {
			Metrics []struct {
				Unit    string
				Value   float64
				Samples []float64
			}
		}
	}
	require.NoErrorf(b, json.Unmarshal(out, &result), "%s", out)
	var sum float64
	for _, m := range result.Images[0].Metrics {
		if m.Unit == "seconds" {
			sum += m.Value
			for _, s := range m.Samples {
				sum += s
			}
		}
	}
	require.Positive(b, sum)
	return sum
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
