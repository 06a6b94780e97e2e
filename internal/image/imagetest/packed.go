package imagetest

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"github.com/stretchr/testify/require"
)

// Packed is a layer of which only the blob is there, whatever the media type says
// of it, and the diff ID of what it unpacks to.
type Packed struct {
	Blob []byte
	Diff v1.Hash
	Type types.MediaType
}

// Digest is that of the blob.
func (p *Packed) Digest() (v1.Hash, error) {
	hash, _, err := v1.SHA256(bytes.NewReader(p.Blob))
	return hash, err
}

// DiffID is as it was given.
func (p *Packed) DiffID() (v1.Hash, error) { return p.Diff, nil }

// Compressed is the blob.
func (p *Packed) Compressed() (io.ReadCloser, error) {
	return io.NopCloser(bytes.NewReader(p.Blob)), nil
}

// Uncompressed is not known.
func (p *Packed) Uncompressed() (io.ReadCloser, error) {
	return nil, errors.New("only the blob is there")
}

// Size is that of the blob, in bytes.
func (p *Packed) Size() (int64, error) { return int64(len(p.Blob)), nil }

// MediaType is as it was given.
func (p *Packed) MediaType() (types.MediaType, error) { return p.Type, nil }

// DiffID is that of an uncompressed tar.
func DiffID(t testing.TB, plain []byte) v1.Hash {
	t.Helper()
	hash, _, err := v1.SHA256(bytes.NewReader(plain))
	require.NoError(t, err)
	return hash
}

// Streamed is a gzipped layer of which the tar is written as it goes and never in
// memory whole.
func Streamed(t testing.TB, write func(*tar.Writer)) *Packed {
	t.Helper()
	var blob bytes.Buffer
	diff := sha256.New()
	pack, err := gzip.NewWriterLevel(&blob, gzip.BestSpeed)
	require.NoError(t, err)
	w := tar.NewWriter(io.MultiWriter(diff, pack))
	write(w)
	require.NoError(t, w.Close())
	require.NoError(t, pack.Close())
	return &Packed{blob.Bytes(), v1.Hash{Algorithm: "sha256", Hex: hex.EncodeToString(diff.Sum(nil))}, types.OCILayer}
}

// ZstdWindow is a zstd frame of content that asks for a window of 2^exponent bytes,
// and ends with so many runs of 128 KiB of zeros, which take four bytes each. See
// section 3.1.1 of RFC 8878.
func ZstdWindow(content []byte, exponent, zeros int) []byte {
	const most, raw, rle, last = 128 << 10, 0, 1, 1
	frame := []byte{0x28, 0xb5, 0x2f, 0xfd, 0, byte(exponent-10) << 3}
	put := func(kind, size, end int) {
		header := size<<3 | kind<<1 | end
		frame = append(frame, byte(header), byte(header>>8), byte(header>>16))
	}
	for len(content) > 0 {
		n := min(len(content), most)
		put(raw, n, 0)
		frame = append(frame, content[:n]...)
		content = content[n:]
	}
	for range zeros {
		put(rle, most, 0)
		frame = append(frame, 0)
	}
	put(raw, 0, last)
	return frame
}
