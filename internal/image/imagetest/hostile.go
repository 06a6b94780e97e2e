package imagetest

import (
	"archive/tar"
	"bytes"
	"math"
	"strings"
	"testing"
)

// LyingLayers (B2, B3, B7, B8, B9, B11, B13) are images whose tars claim what is not
// so.
func LyingLayers(t testing.TB) []Hostile {
	t.Helper()
	sized := func(e Entry, size int64) Entry { e.Header.Size = size; return e }
	kind := func(flag byte, name string, size int64) Entry {
		return Entry{Header: tar.Header{Typeflag: flag, Name: name, Mode: 0o644, Size: size, Devmajor: 1, Devminor: 3}}
	}
	fine := Tar(t, File("a", "12345"), File("b", Noise(1, 3000)))
	changed := func(change func([]byte)) []byte {
		c := bytes.Clone(fine)
		change(c)
		return c
	}
	ok := func(name string, content int64, layers ...[]byte) Hostile {
		return Hostile{Name: name, Layers: layers, Content: content}
	}
	bad := func(name, fault string, layers ...[]byte) Hostile {
		return Hostile{Name: name, Layers: layers, Fault: fault}
	}
	return []Hostile{
		bad("B2 a file of 2^62 bytes", "unexpected EOF", LyingTar(t, sized(File("a", "1"), 1<<62))),
		bad("B2 a file of 2^63-1 bytes", "unexpected EOF", LyingTar(t, sized(File("a", "1"), math.MaxInt64))),
		bad("B2 two files that add up to less than nothing", "unexpected EOF", LyingTar(t, sized(File("a", ""), 1<<62)), LyingTar(t, sized(File("b", ""), 1<<62))),
		ok("B2 a sparse file", 4, SparseTar(t, "1234", 1<<20)),
		bad("B2 a sparse file of 2^62 bytes", "bytes in its unpacked layers", SparseTar(t, "1234", 1<<62)),
		ok("B3 a hard link of a TiB", 5, LyingTar(t, File("a", "12345"), sized(Hardlink("l", "a"), 1<<40))),
		ok("B3 a symlink of a TiB", 4, LyingTar(t, sized(Symlink("l", "four"), 1<<40))),
		ok("B3 a folder of a TiB", 0, LyingTar(t, sized(Dir("d"), 1<<40))),
		ok("B3 devices and a pipe of a TiB", 0, LyingTar(t, kind(tar.TypeChar, "c", 1<<40), kind(tar.TypeBlock, "b", 1<<40), kind(tar.TypeFifo, "f", 1<<40))),
		bad("B7 a PAX record of 2 MiB", "header has more than", PAXTar(t, map[string]string{"comment": strings.Repeat("x", 2<<20)}, File("a", "1"))),
		bad("B7 a PAX header of a TiB", "unexpected EOF", changed(func(b []byte) { b[156] = tar.TypeXHeader; SetSize(b[:block], 1<<40) })),
		bad("B7 a GNU long name of a TiB", "unexpected EOF", changed(func(b []byte) { b[156] = tar.TypeGNULongName; SetSize(b[:block], 1<<40) })),
		bad("B7 a sparse map of a million holes", "header has more than", sparseMap(t, 1_000_000)),
		bad("B7 a sparse map that lies of its length", "unexpected EOF", PAXTar(t, map[string]string{
			"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "s", "GNU.sparse.realsize": "1",
		}, File("s", "999999999999\n"+strings.Repeat("0\n", 300)))),
		bad("B8 cut short", "unexpected EOF", fine[:2000]),
		bad("B8 cut in a header", "unexpected EOF", fine[:block+block+100]),
		bad("B8 a bad checksum", "invalid tar header", changed(func(b []byte) { b[148] ^= 1 })),
		bad("B8 a bad checksum later", "invalid tar header", changed(func(b []byte) { b[2*block+148] ^= 1 })),
		bad("B8 a negative size", "invalid tar header", changed(func(b []byte) { copy(b[124:136], bytes.Repeat([]byte{0xff}, 12)); Resum(b[:block]) })),
		bad("B8 a size that is no number", "invalid tar header", changed(func(b []byte) { copy(b[124:136], "0000000009z\x00"); Resum(b[:block]) })),
		ok("B8 garbage after the end", 3005, append(bytes.Clone(fine), "garbage that is no header"...)),
		ok("B8 another tar after the end", 3005, append(bytes.Clone(fine), Tar(t, File("c", "not counted"))...)),
		ok("B8 no end mark", 3005, fine[:len(fine)-endMark]),
		bad("B9 a whiteout that names no file", "whiteout that names no file", Tar(t, File("d/.wh.", ""))),
		ok("B11 one path three times", 2, Tar(t, File("a", "12345"), File("a", "1"), File("./a", "12"))),
		ok("B11 hard links of one file", 5, Tar(t, File("a", "12345"), Hardlink("b", "a"), Hardlink("c", "b"))),
		ok("B11 hard link to nothing", 0, Tar(t, Hardlink("b", "nowhere"))),
		ok("B11 hard link before its file", 5, Tar(t, Hardlink("b", "a"), File("a", "12345"))),
		ok("B11 hard link to a lower layer", 5, Tar(t, File("a", "12345")), Tar(t, Hardlink("b", "a"))),
		ok("B11 hard link to what is hidden", 5, Tar(t, File("a", "12345")), Tar(t, File(".wh.a", ""), Hardlink("b", "a"))),
		ok("B11 hard link to a folder", 0, Tar(t, Dir("d"), Hardlink("l", "d"))),
		ok("B13 pipe, devices", 1, Tar(t, kind(tar.TypeFifo, "pipe", 0), kind(tar.TypeChar, "zero", 0), kind(tar.TypeBlock, "disk", 0), File("a", "1"))),
		ok("B13 a socket's folder", 0, Tar(t, Dir("run"), kind('s', "run/docker.sock", 0))),
	}
}

// sparseMap is an old GNU sparse file with a map of so many holes.
func sparseMap(t testing.TB, holes int) []byte {
	return PAXTar(t, map[string]string{
		"GNU.sparse.major": "0", "GNU.sparse.minor": "1", "GNU.sparse.name": "s", "GNU.sparse.size": "1",
		"GNU.sparse.numblocks": "1000000", "GNU.sparse.map": strings.TrimSuffix(strings.Repeat("0,0,", holes), ","),
	}, File("s", ""))
}
