package layer_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"testing/iotest"

	"github.com/opencontainers/go-digest"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/image/imagetest"
	"github.com/image-budget/image-budget/internal/layer"
)

func TestFaults(t *testing.T) {
	plain := imagetest.Tar(t, imagetest.File("a", imagetest.Noise(1, 3000)), imagetest.File("b", "second"))
	packed := imagetest.Gzip(t, plain)
	badSum := bytes.Clone(plain)
	badSum[148] ^= 1
	negative := bytes.Clone(plain)
	copy(negative[124:136], bytes.Repeat([]byte{0xff}, 12))
	resum(negative)
	huge := bytes.Clone(plain)
	setSize(huge, 1<<62)
	flipped := bytes.Clone(packed)
	flipped[len(flipped)/2] ^= 1

	cases := []struct {
		name string
		blob []byte
		want string
	}{
		{"B8 tar cut short", plain[:2000], "unexpected EOF"},
		{"B8 gzip cut short", packed[:len(packed)-20], "unexpected EOF"},
		{"gzip cut in its first header", packed[:5], "unexpected EOF"},
		{"gzip cut in its second header", append(bytes.Clone(packed), packed[:5]...), "unexpected EOF"},
		{"zstd cut short", zstandard(t, plain)[:1000], "unexpected EOF"},
		{"B8 bad checksum", badSum, "invalid tar header"},
		{"B8 negative size", negative, "invalid tar header"},
		{"B2 size near 2^62", huge, "unexpected EOF"},
		{"A1 a flipped bit", flipped, "unpacking gzip"},
		{"text", []byte("<html>" + string(make([]byte, 2000))), "invalid tar header"},
		{"B9 bare whiteout", imagetest.Tar(t, imagetest.File("d/.wh.", "")), "whiteout that names no file"},
		{"B5 zstd with a window of 2 GiB", []byte{0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x01, 0x00, 0x00}, "window size exceeded"},
	}
	for _, c := range cases {
		for _, pack := range []bool{false, true} {
			t.Run(c.name, func(t *testing.T) {
				dir := t.TempDir()
				_, err := layer.Read(t.Context(), bytes.NewReader(c.blob), storeIn(t, dir), layer.Options{Pack: pack})
				require.ErrorContains(t, err, c.want)
				requireEmpty(t, dir)
			})
		}
	}
}

// requireEmpty fails when a fault left something in the store in dir.
func requireEmpty(t *testing.T, dir string) {
	t.Helper()
	for _, folder := range []string{"blobs/sha256", "layers", "contents", "index", "images", "tmp"} {
		entries, err := os.ReadDir(filepath.Join(dir, folder))
		require.NoError(t, err)
		require.Empty(t, entries, folder)
	}
}

// B8: what follows the tar's end mark is covered by both digests, not read.
func TestGarbageAfterTheEndIsHashed(t *testing.T) {
	plain := append(imagetest.Tar(t, imagetest.File("a", "1")), "garbage that is no header"...)
	got, err := read(t, imagetest.Gzip(t, plain), layer.Options{})
	require.NoError(t, err)
	require.Equal(t, digest.FromBytes(plain), got.DiffID)
	require.EqualValues(t, 1, got.Content)
	require.EqualValues(t, len(plain), got.Unpacked)
}

// A2, A3: what was declared is checked, and no more than that is read.
func TestDeclared(t *testing.T) {
	plain := imagetest.Tar(t, imagetest.File("a", imagetest.Noise(1, 3000)))
	packed := imagetest.Gzip(t, plain)
	for _, blob := range [][]byte{plain, packed} {
		size := int64(len(blob))
		for _, off := range []int64{-10, 10, -size + 1} {
			_, err := read(t, blob, layer.Options{Size: size + off})
			var wrong *layer.SizeError
			require.ErrorAs(t, err, &wrong)
			require.Equal(t, size+off, wrong.Want)
		}
		other := digest.FromString("other")
		_, err := read(t, blob, layer.Options{Digest: other})
		var wrong *layer.DigestError
		require.ErrorAs(t, err, &wrong)
		require.ErrorContains(t, err, other.String())
		require.ErrorContains(t, err, digest.FromBytes(blob).String())
	}
	endless := io.MultiReader(bytes.NewReader(packed), zeros{})
	_, err := layer.Read(t.Context(), endless, newStore(t), layer.Options{Size: int64(len(packed))})
	require.ErrorContains(t, err, "goes on after")
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// B2: a sparse file counts the bytes that are stored, and claims no others.
func TestSparse(t *testing.T) {
	small := layer.Caps{Entries: 10, Unpacked: 1 << 20, Header: 1 << 20}
	got, err := read(t, sparseTar(t, "1234", 1<<19), layer.Options{Allowance: small.Allowance()})
	require.NoError(t, err)
	require.EqualValues(t, 4, got.Content)

	_, err = read(t, sparseTar(t, "1234", 1<<62), layer.Options{Allowance: small.Allowance()})
	var over *layer.CapError
	require.ErrorAs(t, err, &over)
}

// B4, B6, B7: each cap holds at its value and not one past it.
func TestCaps(t *testing.T) {
	ten := make([]imagetest.Entry, 10)
	for i := range ten {
		ten[i] = imagetest.File(string(rune('a'+i)), "x")
	}
	entries := imagetest.Tar(t, ten...)
	long := imagetest.Tar(t, imagetest.File("name-"+string(bytes.Repeat([]byte("n"), 5000)), "x"))
	longHeader := int64(len(long) - 1024 - 512)
	attributed := imagetest.File("file", "x") // 4 bytes, and 17+4 and 6
	attributed.Header.PAXRecords = map[string]string{"SCHILY.xattr.user": "1234", "comment": "not counted"}
	text := imagetest.Tar(t, attributed, imagetest.Symlink("ln", "file"))

	cases := []struct {
		name string
		tar  []byte
		caps layer.Caps
		want string
	}{
		{"entries", entries, layer.Caps{Entries: 10, Unpacked: 1 << 30, Header: 1 << 20}, ""},
		{"entries, one more", entries, layer.Caps{Entries: 9, Unpacked: 1 << 30, Header: 1 << 20}, "more than 9 entries"},
		{"bytes", entries, layer.Caps{Entries: 10, Unpacked: int64(len(entries)), Header: 1 << 20}, ""},
		{"bytes, one more", entries, layer.Caps{Entries: 10, Unpacked: int64(len(entries)) - 1, Header: 1 << 20}, "bytes in its unpacked layers"},
		{"header", long, layer.Caps{Entries: 10, Unpacked: 1 << 30, Header: longHeader}, ""},
		{"header, one more", long, layer.Caps{Entries: 10, Unpacked: 1 << 30, Header: longHeader - 1}, "header has more than"},
		{"text", text, layer.Caps{Text: 31}, ""},
		{"text, one more", text, layer.Caps{Text: 30}, "more than 30 bytes of paths"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			for _, blob := range [][]byte{c.tar, imagetest.Gzip(t, c.tar)} {
				_, err := read(t, blob, layer.Options{Allowance: c.caps.Allowance()})
				if c.want == "" {
					require.NoError(t, err)
				} else {
					require.ErrorContains(t, err, c.want)
				}
			}
		})
	}
}

// The layers of an image share one allowance, whether they are read or known.
func TestLayersShareTheAllowance(t *testing.T) {
	plain := imagetest.Tar(t, imagetest.File("a", "1"))
	one, err := read(t, plain, layer.Options{})
	require.NoError(t, err)
	allowance := layer.Caps{Entries: 3, Unpacked: 2 * one.Unpacked, Header: 1 << 20}.Allowance()
	require.NoError(t, allowance.Charge(one))
	_, err = read(t, plain, layer.Options{Allowance: allowance})
	require.NoError(t, err)
	require.Error(t, allowance.Charge(one))
	_, err = read(t, plain, layer.Options{Allowance: allowance})
	require.Error(t, err)
	names := layer.Caps{Text: 2}.Allowance()
	require.NoError(t, names.Charge(one))
	require.NoError(t, names.Charge(one))
	require.ErrorContains(t, names.Charge(one), "bytes of paths")
	require.Error(t, layer.DefaultCaps.Allowance().Charge(image.Layer{Unpacked: -1}))
}

// B4: a bomb of gzip or zstd stops at the cap.
func TestBombs(t *testing.T) {
	header := imagetest.Tar(t, imagetest.File("bomb", ""))[:512]
	setSize(header, 1<<40)
	var bomb bytes.Buffer
	w, err := gzip.NewWriterLevel(&bomb, gzip.BestSpeed)
	require.NoError(t, err)
	w.Write(header)
	_, err = io.CopyN(w, zeros{}, 64<<20)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	caps := layer.Caps{Entries: 10, Unpacked: 32 << 20, Header: 1 << 20}
	_, err = read(t, bomb.Bytes(), layer.Options{Allowance: caps.Allowance()})
	var over *layer.CapError
	require.ErrorAs(t, err, &over)
}

func TestDigest(t *testing.T) {
	body := []byte(imagetest.Noise(3, 1<<20))
	got, err := layer.Digest(t.Context(), bytes.NewReader(body))
	require.NoError(t, err)
	require.Equal(t, digest.FromBytes(body), got)
	_, err = layer.Digest(t.Context(), iotest.ErrReader(io.ErrNoProgress))
	require.ErrorIs(t, err, io.ErrNoProgress)
}

func TestReaderFaults(t *testing.T) {
	plain := imagetest.Tar(t, imagetest.File("a", imagetest.Noise(1, 2<<20)))
	boom := errors.New("boom")
	broken := io.MultiReader(bytes.NewReader(plain[:1<<20]), iotest.ErrReader(boom))
	_, err := layer.Read(t.Context(), broken, newStore(t), layer.Options{Pack: true})
	require.ErrorIs(t, err, boom)

	panics := io.MultiReader(bytes.NewReader(plain[:1<<20]), panicReader{})
	_, err = layer.Read(t.Context(), panics, newStore(t), layer.Options{})
	require.ErrorContains(t, err, "panic: hostile", "B14")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = layer.Read(ctx, bytes.NewReader(plain), newStore(t), layer.Options{})
	require.ErrorIs(t, err, context.Canceled)
}

type panicReader struct{}

func (panicReader) Read([]byte) (int, error) { panic("hostile") }
