package trial

import (
	"fmt"
	"io"
	"os"

	"github.com/opencontainers/go-digest"
)

// Blobs is where the layers of images are, by blob digest.
type Blobs interface {
	Blob(digest.Digest) (*os.File, error)
}

// open gives the blob's bytes without holding them in memory. Failed is told
// when they turn out to be unreadable later.
func (b blob) open(blobs Blobs, failed func(error)) (io.ReadCloser, error) {
	spliced := &splice{head: b.head.Size, tail: b.tail, failed: failed}
	var err error
	switch {
	case b.head.Path != "":
		spliced.file, err = os.Open(b.head.Path)
	case b.head.Digest != "":
		spliced.file, err = blobs.Blob(b.head.Digest)
	}
	if err != nil {
		return nil, fmt.Errorf("opening blob %s: %w", b.Digest, err)
	}
	return struct {
		*io.SectionReader // an io.ReaderAt too, so that a range is not read from the start
		io.Closer
	}{io.NewSectionReader(spliced, 0, b.Size), spliced}, nil
}

// splice reads the first head bytes of file, then tail.
type splice struct {
	file   *os.File
	head   int64
	tail   []byte
	failed func(error)
}

func (s *splice) ReadAt(p []byte, off int64) (int, error) {
	n := 0
	if off < s.head {
		n = int(min(int64(len(p)), s.head-off))
		if got, err := s.file.ReadAt(p[:n], off); got < n {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF // the file is shorter than the store said
			}
			err = fmt.Errorf("reading blob file %q: %w", s.file.Name(), err)
			s.failed(err)
			return got, err
		}
		off = s.head
	}
	after := off - s.head
	if after < int64(len(s.tail)) {
		n += copy(p[n:], s.tail[after:])
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (s *splice) Close() error {
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}
