package imagetest

import (
	"archive/tar"
	"bytes"
	"strconv"
	"testing"
)

// block is the size of a tar's blocks, and endMark that of two empty ones.
const (
	block   = 512
	endMark = 2 * block
)

// SetSize writes a size into a header block in base 256, as archive/tar refuses
// to for most types, and makes its checksum right again.
func SetSize(header []byte, size int64) {
	field := header[124:136]
	clear(field)
	for i := len(field) - 1; size > 0; i-- {
		field[i] = byte(size)
		size >>= 8
	}
	field[0] |= 0x80
	Resum(header)
}

// Resum makes the checksum of a header block right again.
func Resum(header []byte) {
	copy(header[148:156], "        ")
	sum := 0
	for _, b := range header[:block] {
		sum += int(b)
	}
	copy(header[148:156], []byte{byte('0' + sum>>15&7), byte('0' + sum>>12&7), byte('0' + sum>>9&7), byte('0' + sum>>6&7), byte('0' + sum>>3&7), byte('0' + sum&7), 0, ' '})
}

// LyingTar is Tar for headers that claim a size other than that of their body.
func LyingTar(t testing.TB, entries ...Entry) []byte {
	t.Helper()
	var out []byte
	for _, e := range entries {
		claimed := e.Header.Size
		e.Header.Size = int64(len(e.Body))
		one := Tar(t, e)
		one = one[:len(one)-endMark]
		if claimed != e.Header.Size {
			SetSize(one[:block], claimed)
		}
		out = append(out, one...)
	}
	return append(out, make([]byte, endMark)...)
}

// SparseTar holds one sparse file in PAX format 0.1: body, then a hole up to size
// bytes.
func SparseTar(t testing.TB, body string, size int64) []byte {
	t.Helper()
	return PAXTar(t, map[string]string{
		"GNU.sparse.major": "0", "GNU.sparse.minor": "1", "GNU.sparse.name": "sparse",
		"GNU.sparse.size": strconv.FormatInt(size, 10), "GNU.sparse.numblocks": "2",
		"GNU.sparse.map": "0," + strconv.Itoa(len(body)) + "," + strconv.FormatInt(size, 10) + ",0",
	}, File("sparse", body))
}

// PAXTar holds one entry after PAX records that archive/tar refuses to write.
func PAXTar(t testing.TB, records map[string]string, e Entry) []byte {
	t.Helper()
	var extra bytes.Buffer
	for key, value := range records {
		line := " " + key + "=" + value + "\n"
		size := len(line)
		for size != len(line)+len(strconv.Itoa(size)) {
			size = len(line) + len(strconv.Itoa(size))
		}
		extra.WriteString(strconv.Itoa(size) + line)
	}
	blocks := Tar(t, File("PaxHeaders.0/x", extra.String()))
	blocks = blocks[:len(blocks)-endMark]
	blocks[156] = tar.TypeXHeader
	Resum(blocks[:block])
	return append(blocks, Tar(t, e)...)
}
