package layer

import (
	"bytes"
	stdgzip "compress/gzip"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/image-budget/image-budget/internal/image"
)

// HeadSize is how many bytes Sniff wants to see: one tar block.
const HeadSize = 512

// maxWindow is the most memory a zstd frame may ask for. Encoders stay at or
// below it unless told to use long-distance matching beyond 27 bits.
const maxWindow = 128 << 20

// Magic numbers: RFC 1952, RFC 8878 (a frame, and the last three bytes of a
// skippable one), and POSIX.1-2001 for the tar's at offset 257.
var (
	gzipMagic      = []byte{0x1f, 0x8b}
	zstdMagic      = []byte{0x28, 0xb5, 0x2f, 0xfd}
	skippableMagic = []byte{0x2a, 0x4d, 0x18}
	tarMagic       = []byte("ustar")
)

// Sniff tells how a layer is packed from its first HeadSize bytes, or fewer
// when there are no more. It reports false for bytes that do not look like a
// layer; Read then takes them for a tar all the same.
func Sniff(head []byte) (image.Compression, bool) {
	switch {
	case bytes.HasPrefix(head, gzipMagic):
		return image.Gzip, true
	case bytes.HasPrefix(head, zstdMagic):
		return image.Zstd, true
	case len(head) >= 4 && head[0]&0xf0 == 0x50 && bytes.Equal(head[1:4], skippableMagic):
		return image.Zstd, true
	case len(head) >= HeadSize && bytes.HasPrefix(head[257:], tarMagic):
		return image.Uncompressed, true
	}
	// A tar without entries is nothing, or zeros.
	empty := len(bytes.Trim(head, "\x00")) == 0 && (len(head) == 0 || len(head) == HeadSize)
	return image.Uncompressed, empty
}

// Unpack decompresses r. Its result ends with io.EOF only where r's last
// member ends as it should.
func Unpack(r io.Reader, compression image.Compression) (io.ReadCloser, error) {
	switch compression {
	case image.Uncompressed:
		return io.NopCloser(r), nil
	case image.Gzip:
		unpacked, err := gzip.NewReader(r)
		if err != nil {
			return nil, fmt.Errorf("unpacking gzip: %w", noEOF(err))
		}
		return &unpacking{unpacked, "gzip"}, nil
	case image.Zstd:
		unpacked, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true))
		if err != nil {
			return nil, fmt.Errorf("unpacking zstd: %w", noEOF(err))
		}
		return &unpacking{unpacked.IOReadCloser(), "zstd"}, nil
	}
	return nil, fmt.Errorf("unpacking: unknown compression %q", compression)
}

// unpacking says in its errors what was being done.
type unpacking struct {
	io.ReadCloser
	format string
}

func (u *unpacking) Read(p []byte) (int, error) {
	n, err := u.ReadCloser.Read(p)
	if err != nil && err != io.EOF { //nolint:errorlint // io.Reader returns it bare
		err = fmt.Errorf("unpacking %s: %w", u.format, err)
	}
	return n, err
}

// noEOF keeps an end that comes too early from being taken for a proper one.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// newPacker compresses as the definition of compressed_size says: Go's own
// gzip at the default level, with an empty header, so that the same tar always
// gives the same blob.
func newPacker(w io.Writer) io.WriteCloser { return stdgzip.NewWriter(w) }

// peek returns the first bytes of r, and a reader that still has them.
func peek(r io.Reader) ([]byte, io.Reader, error) {
	head := make([]byte, HeadSize)
	n, err := fill(r, head)
	if err != nil && err != io.EOF { //nolint:errorlint // io.Reader returns it bare
		return nil, nil, err
	}
	head = head[:n]
	return head, io.MultiReader(bytes.NewReader(head), r), nil
}
