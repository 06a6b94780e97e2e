package layer_test

import (
	"archive/tar"
	"bytes"
	"strconv"
	"testing"

	"github.com/image-budget/image-budget/internal/image/imagetest"
)

// lyingTar is imagetest.Tar for headers whose size archive/tar refuses to
// write: it sets the size field afterwards.
func lyingTar(t testing.TB, entries ...imagetest.Entry) []byte {
	t.Helper()
	var out []byte
	for _, e := range entries {
		claimed := e.Header.Size
		e.Header.Size = int64(len(e.Body))
		one := imagetest.Tar(t, e)
		one = one[:len(one)-1024] // the end mark
		if claimed != e.Header.Size {
			setSize(one[:512], claimed)
		}
		out = append(out, one...)
	}
	return append(out, make([]byte, 1024)...)
}

// setSize writes a size in base 256 and makes the checksum right again.
func setSize(header []byte, size int64) {
	field := header[124:136]
	for i := range field {
		field[i] = 0
	}
	for i := len(field) - 1; size > 0; i-- {
		field[i] = byte(size)
		size >>= 8
	}
	field[0] |= 0x80
	resum(header)
}

func resum(header []byte) {
	copy(header[148:156], "        ")
	sum := 0
	for _, b := range header[:512] {
		sum += int(b)
	}
	copy(header[148:156], []byte{byte('0' + sum>>15&7), byte('0' + sum>>12&7), byte('0' + sum>>9&7), byte('0' + sum>>6&7), byte('0' + sum>>3&7), byte('0' + sum&7), 0, ' '})
}

// sparseTar holds one file in PAX format 0.1: body, then a hole up to size.
func sparseTar(t *testing.T, body string, size int64) []byte {
	e := imagetest.File("sparse", body)
	records := map[string]string{
		"GNU.sparse.major": "0", "GNU.sparse.minor": "1", "GNU.sparse.name": "sparse",
		"GNU.sparse.size": strconv.FormatInt(size, 10), "GNU.sparse.numblocks": "2",
		"GNU.sparse.map": "0," + strconv.Itoa(len(body)) + "," + strconv.FormatInt(size, 10) + ",0",
	}
	var extra bytes.Buffer
	for key, value := range records {
		line := " " + key + "=" + value + "\n"
		n := len(line) + 2
		if n > 99 {
			n++
		}
		extra.WriteString(strconv.Itoa(n) + line)
	}
	pax := imagetest.File("PaxHeaders.0/sparse", extra.String())
	blocks := imagetest.Tar(t, pax)
	blocks = blocks[:len(blocks)-1024]
	blocks[156] = tar.TypeXHeader
	resum(blocks[:512])
	return append(blocks, imagetest.Tar(t, e)...)
}
