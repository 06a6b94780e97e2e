package cli

import (
	"archive/tar"
	"fmt"
	"strings"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image/imagetest"
)

// many writes n files with so many bytes each, named by their number.
func many(n int, body string, name func(int) string) func(*tar.Writer) {
	return func(w *tar.Writer) {
		for i := range n {
			w.WriteHeader(&tar.Header{Name: name(i), Mode: 0o644, Size: int64(len(body))})
			w.Write([]byte(body))
		}
	}
}

// B6: the memory of explain and of a check, whose inventory has parts, does not
// grow with what hostile images hold.
func BenchmarkMemory(b *testing.B) {
	const most = 2_000_000
	packages := func(layer, n int) func(*tar.Writer) {
		return func(w *tar.Writer) {
			var db strings.Builder
			for i := range n {
				fmt.Fprintf(&db, "P:p%d\nV:1\nF:d%d\nR:%d\n\n", i, layer, i)
			}
			w.WriteHeader(&tar.Header{Name: "lib/apk/db/installed", Mode: 0o644, Size: int64(db.Len())})
			w.Write([]byte(db.String()))
			many(n, "x", func(i int) string { return fmt.Sprintf("d%d/%d", layer, i) })(w)
		}
	}
	for _, c := range []struct {
		name   string
		layers []func(*tar.Writer)
	}{
		{"2 M empty files", []func(*tar.Writer){many(most, "", func(i int) string { return fmt.Sprintf("usr/lib/%d/%d", i%50, i) })}},
		{"1 M files in as many folders", []func(*tar.Writer){many(most/2, "x", func(i int) string { return fmt.Sprintf("a/%d/x", i) })}},
		{"1 M files, each 12 folders deep of its own", []func(*tar.Writer){many(most/2, "x", func(i int) string { return strings.Repeat(fmt.Sprintf("%d/", i), 12) + "x" })}},
		{"a path of 10,000 folders", []func(*tar.Writer){many(400, "x", func(i int) string { return fmt.Sprint(i) + strings.Repeat("/n", 10_000) })}},
		{"500 k packages", []func(*tar.Writer){packages(0, 500_000)}},
		{"500 k packages in 400 layers", append(make([]func(*tar.Writer), 399), packages(0, 500_000))},
	} {
		b.Run(c.name, func(b *testing.B) {
			s := newScene(b)
			var layers []v1.Layer
			for i, write := range c.layers {
				if write == nil {
					write = many(1, "x", func(int) string { return fmt.Sprintf("layer%d", i) })
				}
				layers = append(layers, imagetest.Streamed(b, write))
			}
			s.layout(imagetest.ImageOf(b, imagetest.Linux, layers...))
			for b.Loop() {
				for _, command := range []string{"explain oci:layout", "record", "check"} {
					start := time.Now()
					got := s.run(strings.Fields(command)...)
					word, _, _ := strings.Cut(command, " ")
					b.ReportMetric(time.Since(start).Seconds(), word+"-s")
					b.ReportMetric(float64(got.peak)/1e6, word+"-peak-MB")
					require.Zero(b, got.status, got.stderr)
					if got.peak > memoryCap {
						b.Errorf("%s: %d bytes of memory, and 512 MiB are what an image may cost", word, got.peak)
					}
				}
			}
		})
	}
}
