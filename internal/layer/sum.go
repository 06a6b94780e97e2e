package layer

import (
	"context"
	"crypto/sha256"
	"encoding"
	"fmt"
	"hash"
	"io"

	"github.com/opencontainers/go-digest"
)

// sum hashes and counts what is written to it.
type sum struct {
	hash hash.Hash
	size int64
}

func newSum() *sum { return &sum{hash: sha256.New()} }

func (s *sum) Write(p []byte) (int, error) {
	s.size += int64(len(p))
	return s.hash.Write(p)
}

func (s *sum) digest() digest.Digest { return digest.NewDigest(digest.SHA256, s.hash) }

// state is the hash's state after what was written so far. crypto/sha256
// documents that its hashes implement encoding.BinaryMarshaler, and the
// marshalling of an intact one has no way to go wrong.
func (s *sum) state() []byte {
	state, err := s.hash.(encoding.BinaryMarshaler).MarshalBinary()
	if err != nil {
		panic(fmt.Sprintf("saving a SHA-256 state: %v", err))
	}
	return state
}

// DigestError is content that is not what its digest says.
type DigestError struct {
	Want, Got digest.Digest
}

func (e *DigestError) Error() string {
	return fmt.Sprintf("content has digest %s, but %s was declared", e.Got, e.Want)
}

// SizeError is content that is not as long as its descriptor says.
type SizeError struct {
	Want int64 // bytes
	Got  int64 // bytes; -1 for more than Want, when no more were read
}

func (e *SizeError) Error() string {
	if e.Got < 0 {
		return fmt.Sprintf("content goes on after the %d bytes that were declared", e.Want)
	}
	return fmt.Sprintf("content has %d bytes, but %d were declared", e.Got, e.Want)
}

// Digest reads r to its end and returns the digest of what it read. It is all
// that is left to do with a layer that is known already.
func Digest(ctx context.Context, r io.Reader) (digest.Digest, error) {
	read := newSum()
	ahead := readAhead(&input{ctx: ctx, r: r})
	defer ahead.Close()
	if _, err := io.CopyBuffer(read, onlyReader{ahead}, make([]byte, chunkSize)); err != nil {
		return "", err
	}
	return read.digest(), nil
}

// input is the caller's reader, cut off when the context is done and one byte
// past the declared size, so that a stream without an end does no harm.
type input struct {
	ctx  context.Context //nolint:containedctx // lives for one call of Read
	r    io.Reader
	size int64 // 0 when unknown
	read int64
}

func (in *input) Read(p []byte) (int, error) {
	if err := in.ctx.Err(); err != nil {
		return 0, err
	}
	if in.size > 0 {
		left := in.size + 1 - in.read
		if left <= 0 {
			return 0, &SizeError{Want: in.size, Got: -1}
		}
		p = p[:min(int64(len(p)), left)]
	}
	n, err := in.r.Read(p)
	in.read += int64(n)
	if in.size > 0 && in.read > in.size {
		return n, &SizeError{Want: in.size, Got: -1}
	}
	return n, err
}

// onlyReader hides every method but Read, so that io.CopyBuffer uses the
// buffer that it is given.
type onlyReader struct{ io.Reader }
