package layer_test

import (
	"archive/tar"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/layer"
)

// BenchmarkMemory (B6) is the most memory that the process has while it reads
// an image at its caps and computes its contents digest.
func BenchmarkMemory(b *testing.B) {
	cases := []struct {
		name   string
		layers int
		write  func(layer int, w *tar.Writer)
	}{
		{"1 M files", 1, files(1_000_000, "usr/lib/python3/site-packages/package%d/module%d.py")},
		{"2 M files", 1, files(2_000_000, "usr/lib/python3/site-packages/package%d/module%d.py")},
		{"2 M files in 100 layers", 100, files(20_000, "usr/lib/python3/site-packages/package%d/module%d.py")},
		{"1 M files, each with a hard link", 1, func(_ int, w *tar.Writer) {
			for i := range 1_000_000 {
				w.WriteHeader(&tar.Header{Name: fmt.Sprintf("store/%d/%d", i%1000, i), Mode: 0o644})
				w.WriteHeader(&tar.Header{Typeflag: tar.TypeLink, Name: fmt.Sprintf("app/%d", i), Linkname: fmt.Sprintf("store/%d/%d", i%1000, i), Mode: 0o644})
			}
		}},
		{"1 M hard links to a lower layer", 2, func(layer int, w *tar.Writer) {
			for i := range 1_000_000 {
				h := &tar.Header{Name: fmt.Sprintf("store/%d/%d", i%1000, i), Mode: 0o644}
				if layer == 1 {
					h = &tar.Header{Typeflag: tar.TypeLink, Name: fmt.Sprintf("app/%d", i), Linkname: h.Name, Mode: 0o644}
				}
				w.WriteHeader(h)
			}
		}},
		{"names of 1 MiB", 240, func(layer int, w *tar.Writer) {
			w.WriteHeader(&tar.Header{Name: fmt.Sprint(layer) + strings.Repeat("/n", 1<<19-1000), Mode: 0o644})
		}},
	}
	for _, c := range cases {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				debug.FreeOSMemory()
				resetPeak(b)
				start := time.Now()
				readMany(b, c.layers, c.write)
				b.ReportMetric(time.Since(start).Seconds(), "s")
				peak := peakMemory(b)
				b.ReportMetric(float64(peak)/1e6, "peak-MB")
				if peak > 512<<20 {
					b.Errorf("%d bytes of memory, and 512 MiB are what an image may cost", peak)
				}
			}
		})
	}
}

func files(n int, name string) func(int, *tar.Writer) {
	return func(layer int, w *tar.Writer) {
		for i := range n {
			w.WriteHeader(&tar.Header{Name: fmt.Sprintf(name, i%50, i+layer), Mode: 0o644})
		}
	}
}

func readMany(b *testing.B, layers int, write func(int, *tar.Writer)) {
	s := storeIn(b, b.TempDir())
	allowance := layer.DefaultCaps.Allowance()
	img := &image.Image{Config: []byte("{}")}
	for i := range layers {
		r, w := io.Pipe()
		go func() {
			out := tar.NewWriter(w)
			write(i, out)
			w.CloseWithError(out.Close())
		}()
		got, err := layer.Read(b.Context(), r, s, layer.Options{Allowance: allowance})
		require.NoError(b, err)
		img.Layers = append(img.Layers, got)
	}
	_, err := layer.ContentsDigest(b.Context(), s, img)
	require.NoError(b, err)
}

// resetPeak lets the kernel count anew, see clear_refs in proc(5).
func resetPeak(b *testing.B) {
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
		b.Skip(err)
	}
}

func peakMemory(b *testing.B) int64 {
	status, err := os.ReadFile("/proc/self/status")
	require.NoError(b, err)
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	var kib int64
	_, err = fmt.Sscan(rest, &kib)
	require.NoError(b, err)
	return kib << 10
}
