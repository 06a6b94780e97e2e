package layer_test

import (
	"bytes"
	"crypto/sha256"
	"encoding"
	"io"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/zstd"
	"github.com/opencontainers/go-digest"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/image/imagetest"
	"github.com/image-budget/image-budget/internal/layer"
	"github.com/image-budget/image-budget/internal/store"
)

func newStore(t testing.TB) *store.Store {
	t.Helper()
	return storeIn(t, t.TempDir())
}

func storeIn(t testing.TB, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(dir, store.DefaultLimit)
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

func read(t testing.TB, blob []byte, o layer.Options) (image.Layer, error) {
	t.Helper()
	return layer.Read(t.Context(), bytes.NewReader(blob), newStore(t), o)
}

func zstandard(t testing.TB, plain []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	require.NoError(t, err)
	return w.EncodeAll(plain, nil)
}

// A18: the same layer in every packing, against an oracle.
func TestReadEveryPacking(t *testing.T) {
	rich, _ := imagetest.Rich(t)
	plain := rich[0]
	half := len(plain) / 2
	skippable := append([]byte{0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0}, "abc"...)
	cases := []struct {
		name   string
		blob   []byte
		pack   bool
		stored []byte // what the store must hold; the blob when nil
		want   image.Compression
	}{
		{name: "plain", blob: plain, want: image.Uncompressed},
		{name: "plain, packed", blob: plain, pack: true, stored: imagetest.Gzip(t, plain), want: image.Gzip},
		{name: "gzip", blob: imagetest.Gzip(t, plain), want: image.Gzip},
		{name: "gzip is not packed again", blob: imagetest.Gzip(t, plain), pack: true, want: image.Gzip},
		{name: "gzip of two members", blob: append(imagetest.Gzip(t, plain[:half]), imagetest.Gzip(t, plain[half:])...), want: image.Gzip},
		{name: "zstd", blob: zstandard(t, plain), want: image.Zstd},
		{name: "zstd of two frames", blob: append(zstandard(t, plain[:half]), zstandard(t, plain[half:])...), want: image.Zstd},
		{name: "zstd after a skippable frame", blob: append(skippable, zstandard(t, plain)...), want: image.Zstd},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newStore(t)
			if c.stored == nil {
				c.stored = c.blob
			}
			got, err := layer.Read(t.Context(), iotest.HalfReader(bytes.NewReader(c.blob)), s, layer.Options{Pack: c.pack, Digest: digest.FromBytes(c.blob), Size: int64(len(c.blob))})
			require.NoError(t, err)
			require.Equal(t, c.want, got.Compression)
			require.Equal(t, digest.FromBytes(c.stored), got.Digest)
			require.EqualValues(t, len(c.stored), got.Size)
			require.Equal(t, digest.FromBytes(plain), got.DiffID)
			require.EqualValues(t, len(plain), got.Unpacked)
			require.EqualValues(t, 70_000+9+22+1+2, got.Content)
			require.EqualValues(t, 7, got.Files)
			require.EqualValues(t, 10, got.Entries)
			requireResumable(t, got.BlobState, c.stored)
			requireResumable(t, got.DiffState, plain)

			f, err := s.Blob(got.Digest)
			require.NoError(t, err)
			defer f.Close()
			held, err := io.ReadAll(f)
			require.NoError(t, err)
			require.Equal(t, c.stored, held)
			recorded, ok := s.Layer(got.DiffID)
			require.True(t, ok)
			require.Equal(t, got, recorded)
		})
	}
}

// requireResumable appends to a hash where the state left off.
func requireResumable(t *testing.T, state, content []byte) {
	t.Helper()
	h := sha256.New()
	require.NoError(t, h.(encoding.BinaryUnmarshaler).UnmarshalBinary(state))
	h.Write([]byte("salt"))
	require.Equal(t, digest.FromString(string(content)+"salt"), digest.NewDigest(digest.SHA256, h))
}

func TestContent(t *testing.T) {
	sized := func(e imagetest.Entry, size int64) imagetest.Entry { e.Header.Size = size; return e }
	cases := []struct {
		name           string
		entries        []imagetest.Entry
		content, files int64
	}{
		{"nothing", nil, 0, 0},
		{"a file", []imagetest.Entry{imagetest.File("a", "12345")}, 5, 1},
		{"folders and devices", []imagetest.Entry{imagetest.Dir("d"), imagetest.Device("d/null")}, 0, 0},
		{"a symlink is its target", []imagetest.Entry{imagetest.Symlink("a", "../target")}, 9, 1},
		{"a hard link is nothing", []imagetest.Entry{imagetest.File("a", "12345"), imagetest.Hardlink("b", "a")}, 5, 2},
		{"B11 a hard link to nothing", []imagetest.Entry{imagetest.Hardlink("b", "nowhere")}, 0, 1},
		{"B11 the last of a path", []imagetest.Entry{imagetest.File("a", "12345"), imagetest.File("a", "12")}, 2, 1},
		{"one path in four spellings", []imagetest.Entry{imagetest.File("a/b", "1"), imagetest.File("./a/b", "12"), imagetest.File("/a/b", "123"), imagetest.File("a//./b", "1234")}, 4, 1},
		{"a folder over a file", []imagetest.Entry{imagetest.File("a", "12345"), imagetest.Dir("a")}, 0, 0},
		{"a file over a symlink", []imagetest.Entry{imagetest.Symlink("a", "target"), imagetest.File("a", "1")}, 1, 1},
		{"B1 names that climb out", []imagetest.Entry{imagetest.File("../../etc/passwd", "12"), imagetest.File("/../x", "3")}, 3, 2},
		{"B9 a whiteout", []imagetest.Entry{imagetest.Whiteout("d", "x"), imagetest.File("d/x", "12")}, 2, 1},
		{"B9 a whiteout with content", []imagetest.Entry{imagetest.File("d/.wh.x", "12345")}, 0, 0},
		{"B9 a whiteout of a folder", []imagetest.Entry{imagetest.Dir("d/.wh.x"), imagetest.File("d/y", "1")}, 1, 1},
		{"B9 opaque before its siblings", []imagetest.Entry{imagetest.Opaque("d"), imagetest.File("d/x", "12")}, 2, 1},
		{"B9 opaque after its siblings", []imagetest.Entry{imagetest.File("d/x", "12"), imagetest.Opaque("d")}, 2, 1},
		{"B9 AUFS bookkeeping", []imagetest.Entry{imagetest.File(".wh..wh.plnk/1.2", "12345"), imagetest.File(".wh..wh.aufs", "1")}, 0, 0},
		{"B9 not a whiteout", []imagetest.Entry{imagetest.File("d/a.wh.x", "12")}, 2, 1},
		{"B3 sizes without content", []imagetest.Entry{
			sized(imagetest.Hardlink("a", "b"), 1<<40), sized(imagetest.Symlink("c", "1234"), 1<<40),
			sized(imagetest.Dir("d"), 1<<40), sized(imagetest.Device("e"), 1<<40), imagetest.File("f", "12"),
		}, 6, 3},
		{"B12 odd names", []imagetest.Entry{imagetest.File("\xff\x1b[31m", "1"), imagetest.File(string(bytes.Repeat([]byte("long/"), 1000))+"x", "12")}, 3, 2},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := read(t, lyingTar(t, c.entries...), layer.Options{})
			require.NoError(t, err)
			require.Equal(t, c.content, got.Content, "content")
			require.Equal(t, c.files, got.Files, "files")
			require.EqualValues(t, len(c.entries), got.Entries, "entries")
		})
	}
}
