package contents

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
)

// An index is the number of its HardLink entries, then its entries, then a zero
// byte. An entry is a byte with its kind and flags, how many bytes of its path
// are those of the entry before, the rest of the path, and what its kind has;
// numbers are varints, and strings stand after their length. Raise the version
// of the store's records when the form changes.
const (
	kindMask     = 0x0f
	flagAgain    = 0x10
	flagReplaced = 0x20
	flagXattrs   = 0x40
	flagText     = 0x80
)

// maxText is far above what a header may hold: a length beyond it is damage.
const maxText = 64 << 20

const bufferSize = 16 << 10

// encoder writes entries in their order.
type encoder struct {
	w    *bufio.Writer
	last string // path of the entry before
	buf  []byte
}

func newEncoder(w io.Writer, hardLinks int) (*encoder, error) {
	e := &encoder{w: bufio.NewWriterSize(w, bufferSize)}
	_, err := e.w.Write(binary.AppendUvarint(nil, uint64(hardLinks)))
	return e, err
}

func (enc *encoder) put(e *Entry) error {
	head := byte(e.Kind)
	if e.Again {
		head |= flagAgain
	}
	if e.Replaced {
		head |= flagReplaced
	}
	if e.Xattrs != "" {
		head |= flagXattrs
	}
	if e.Text != "" {
		head |= flagText
	}
	same := shared(enc.last, e.Path)
	enc.last = e.Path
	b := append(enc.buf[:0], head)
	b = binary.AppendUvarint(b, uint64(e.seq))
	b = binary.AppendUvarint(b, uint64(same))
	b = appendText(b, e.Path[same:])
	if e.Kind >= File {
		b = binary.AppendUvarint(b, uint64(e.Mode))
		b = binary.AppendUvarint(b, uint64(e.UID))
		b = binary.AppendUvarint(b, uint64(e.GID))
		b = binary.AppendUvarint(b, uint64(e.Size))
	}
	switch e.Kind {
	case File:
		b = append(b, e.Content[:]...)
	case Symlink, HardLink:
		b = appendText(b, e.Target)
	case CharDevice, BlockDevice:
		b = binary.AppendUvarint(b, uint64(e.Major))
		b = binary.AppendUvarint(b, uint64(e.Minor))
	}
	if e.Xattrs != "" {
		b = appendText(b, e.Xattrs)
	}
	if e.Text != "" {
		b = appendText(b, e.Text)
	}
	_, err := enc.w.Write(b)
	if enc.buf = b; cap(b) > bufferSize {
		enc.buf = nil // one long name is not kept for the rest
	}
	return err
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func (enc *encoder) close() error {
	if err := enc.w.WriteByte(0); err != nil {
		return err
	}
	return enc.w.Flush()
}

// Reader reads an index as a stream.
type Reader struct {
	r         *bufio.Reader
	hardLinks int // entries of that kind
	last      string
	err       error // from then on
}

// NewReader starts to read an index. What ends before the index does, or goes
// on after it, is an error of NewReader or of Next.
func NewReader(r io.Reader) (*Reader, error) {
	in := &Reader{r: bufio.NewReaderSize(r, bufferSize)}
	in.hardLinks = int(in.uvarint(math.MaxInt32))
	if in.err != nil {
		return nil, in.broken()
	}
	return in, nil
}

// Next is the next entry. After the last one it returns io.EOF, and the
// underlying reader has been read to its end then.
func (in *Reader) Next() (Entry, error) {
	if in.err != nil {
		return Entry{}, in.err
	}
	head := in.byte()
	if in.err == nil && head == 0 {
		if _, in.err = in.r.ReadByte(); in.err == nil {
			in.err = errors.New("it goes on after its end mark")
		}
		if in.err == io.EOF { //nolint:errorlint // io.Reader returns it bare
			return Entry{}, in.err
		}
		return Entry{}, in.broken()
	}
	e := Entry{
		Inode: Inode{Kind: Kind(head & kindMask)},
		Again: head&flagAgain != 0, Replaced: head&flagReplaced != 0, seq: in.uint32(),
	}
	same := in.uvarint(uint64(len(in.last)))
	e.Path = in.text(in.last[:same])
	if e.Kind >= File {
		e.Mode, e.UID, e.GID = in.uint32(), in.uint32(), in.uint32()
		e.Size = int64(in.uvarint(math.MaxInt64))
	}
	switch e.Kind {
	case File:
		in.fill(e.Content[:])
	case Symlink, HardLink:
		e.Target = in.text("")
	case CharDevice, BlockDevice:
		e.Major, e.Minor = in.uint32(), in.uint32()
	}
	if head&flagXattrs != 0 {
		e.Xattrs = in.text("")
	}
	if head&flagText != 0 {
		e.Text = in.text("")
	}
	if in.err == nil && (e.Kind == 0 || e.Kind > Unknown) {
		in.err = fmt.Errorf("an entry of kind %d", e.Kind)
	}
	if in.err != nil {
		return Entry{}, in.broken()
	}
	in.last = e.Path
	return e, nil
}

// broken reads to the end, since whoever keeps the index may know better there
// what has happened to it.
func (in *Reader) broken() error {
	if in.err == io.EOF { //nolint:errorlint // io.Reader returns it bare
		in.err = io.ErrUnexpectedEOF
	}
	if _, err := io.Copy(io.Discard, in.r); err != nil {
		in.err = err
	}
	in.err = fmt.Errorf("reading the index of a layer: %w", in.err)
	return in.err
}

func (in *Reader) byte() byte {
	if in.err != nil {
		return 0
	}
	var b byte
	b, in.err = in.r.ReadByte()
	return b
}

// uvarint is a number that cannot be above limit.
func (in *Reader) uvarint(limit uint64) uint64 {
	if in.err != nil {
		return 0
	}
	var n uint64
	if n, in.err = binary.ReadUvarint(in.r); in.err == nil && n > limit {
		in.err = fmt.Errorf("a number of %d where at most %d is possible", n, limit)
	}
	if in.err != nil {
		return 0
	}
	return n
}

func (in *Reader) uint32() uint32 { return uint32(in.uvarint(math.MaxUint32)) }

func (in *Reader) fill(p []byte) {
	if in.err == nil {
		_, in.err = io.ReadFull(in.r, p)
	}
}

// text is a string that begins with what is known of it already. It is copied
// once: a name may be a megabyte long.
func (in *Reader) text(known string) string {
	size := int(in.uvarint(maxText))
	if in.err != nil || size == 0 {
		return known
	}
	var out strings.Builder
	out.Grow(len(known) + size)
	out.WriteString(known)
	for size > 0 && in.err == nil {
		var part []byte
		part, in.err = in.r.Peek(min(size, bufferSize))
		out.Write(part)
		size -= len(part)
		if _, err := in.r.Discard(len(part)); err != nil {
			in.err = err
		}
	}
	return out.String()
}
