package layer_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/layer"
	"github.com/image-budget/image-budget/internal/store"
)

// BenchmarkRead reads a layer of 64 MiB in 2,048 files that compress about as
// well as a Python installation does. MB/s are of the uncompressed tar.
func BenchmarkRead(b *testing.B) {
	plain := benchmarkTar(2048, 32<<10)
	var gzipped, zstandard bytes.Buffer
	gz := gzip.NewWriter(&gzipped)
	gz.Write(plain)
	require.NoError(b, gz.Close())
	zs, err := zstd.NewWriter(&zstandard)
	require.NoError(b, err)
	zs.Write(plain)
	require.NoError(b, zs.Close())

	cases := []struct {
		name string
		blob []byte
		pack bool
	}{
		{"plain", plain, false},
		{"plain, packed", plain, true},
		{"gzip", gzipped.Bytes(), false},
		{"zstd", zstandard.Bytes(), false},
	}
	for _, c := range cases {
		b.Run(c.name, func(b *testing.B) {
			s, err := store.Open(b.TempDir(), store.DefaultLimit)
			require.NoError(b, err)
			defer s.Close()
			b.SetBytes(int64(len(plain)))
			b.ReportAllocs()
			for b.Loop() {
				_, err := layer.Read(b.Context(), bytes.NewReader(c.blob), s, layer.Options{Pack: c.pack})
				require.NoError(b, err)
			}
		})
	}
}

// BenchmarkDigest is what a layer costs that is known already.
func BenchmarkDigest(b *testing.B) {
	plain := benchmarkTar(2048, 32<<10)
	s, err := store.Open(b.TempDir(), store.DefaultLimit)
	require.NoError(b, err)
	defer s.Close()
	known, err := layer.Read(b.Context(), bytes.NewReader(plain), s, layer.Options{})
	require.NoError(b, err)
	b.SetBytes(int64(len(plain)))
	b.ReportAllocs()
	for b.Loop() {
		got, err := layer.Digest(b.Context(), bytes.NewReader(plain))
		require.NoError(b, err)
		require.Equal(b, known.DiffID, got)
	}
}

// BenchmarkEntries is a layer of nothing but headers, whose paths are in no
// order.
func BenchmarkEntries(b *testing.B) { benchmarkEntries(b, benchmarkTar(100_000, 0)) }

// BenchmarkEntriesInOrder is the same in the order of a walk through the
// folders, as engines write layers.
func BenchmarkEntriesInOrder(b *testing.B) {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for i := range 100_000 {
		require.NoError(b, w.WriteHeader(&tar.Header{Name: fmt.Sprintf("usr/lib/python3/site-packages/package%02d/module%04d.py", i/2000, i%2000), Mode: 0o644}))
	}
	require.NoError(b, w.Close())
	benchmarkEntries(b, out.Bytes())
}

func benchmarkEntries(b *testing.B, plain []byte) {
	s, err := store.Open(b.TempDir(), store.DefaultLimit)
	require.NoError(b, err)
	defer s.Close()
	b.ReportAllocs()
	for b.Loop() {
		_, err := layer.Read(b.Context(), bytes.NewReader(plain), s, layer.Options{})
		require.NoError(b, err)
	}
	b.ReportMetric(float64(b.N)*100_000/b.Elapsed().Seconds(), "entries/s")
}

// benchmarkTar holds files of words and noise in equal parts.
func benchmarkTar(files, size int) []byte {
	random := rand.New(rand.NewPCG(1, 2))
	words := make([][]byte, 512)
	for i := range words {
		words[i] = fmt.Appendf(nil, "%x ", random.Uint32N(1<<24))
	}
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for i := range files {
		body := make([]byte, 0, size+16)
		for len(body) < size {
			body = append(body, words[random.IntN(len(words))]...)
			body = append(body, byte(random.Uint32()), byte(random.Uint32()), byte(random.Uint32()))
		}
		body = body[:size]
		w.WriteHeader(&tar.Header{Name: fmt.Sprintf("usr/lib/python3/site-packages/package%d/module%d.py", i%50, i), Mode: 0o644, Size: int64(size)})
		io.Copy(w, bytes.NewReader(body))
	}
	w.Close()
	return out.Bytes()
}
