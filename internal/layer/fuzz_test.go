package layer_test

import (
	"bytes"
	"testing"

	"github.com/opencontainers/go-digest"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/image/imagetest"
	"github.com/image-budget/image-budget/internal/layer"
	"github.com/image-budget/image-budget/internal/store"
)

// FuzzRead (B14): whatever the bytes are, there is a layer or an error, no
// number is negative, the blob is what its digest says, and what it holds can
// be read again.
func FuzzRead(f *testing.F) {
	plain := imagetest.Tar(f, imagetest.File("a", "1"), imagetest.Symlink("b", "a"), imagetest.Opaque("c"), imagetest.Hardlink("d", "a"), imagetest.Hardlink("e", "f"))
	f.Add(plain)
	f.Add(imagetest.Gzip(f, plain))
	f.Add(zstandard(f, plain))
	s, err := store.Open(f.TempDir(), 0)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { s.Close() })
	caps := layer.Caps{Entries: 1000, Unpacked: 1 << 20, Header: 1 << 16}
	f.Fuzz(func(t *testing.T, blob []byte) {
		got, err := layer.Read(t.Context(), bytes.NewReader(blob), s, layer.Options{Allowance: caps.Allowance()})
		if err != nil {
			return
		}
		if got.Content < 0 || got.Files < 0 || got.Content > got.Unpacked || got.Unpacked > caps.Unpacked || got.Entries > caps.Entries {
			t.Errorf("impossible numbers: %+v", got)
		}
		if got.Digest != digest.FromBytes(blob) || got.Size != int64(len(blob)) {
			t.Errorf("the blob is another one: %+v", got)
		}
		if _, err := layer.ContentsDigest(t.Context(), s, &image.Image{Config: []byte("{}"), Layers: []image.Layer{got, got}}); err != nil {
			t.Errorf("what it holds: %v", err)
		}
	})
}
