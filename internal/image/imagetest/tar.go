// Package imagetest makes images on disk for tests, in every form in which
// the gate can meet one. It uses nothing of the gate's own that reads them.
package imagetest

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// Entry is one entry of a layer's tar.
type Entry struct {
	Header tar.Header
	Body   string
}

// File is a regular file.
func File(name, body string) Entry {
	return Entry{tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o644, Size: int64(len(body))}, body}
}

// Executable is a regular file that may be run.
func Executable(name, body string) Entry {
	e := File(name, body)
	e.Header.Mode = 0o755
	return e
}

// Dir is a folder.
func Dir(name string) Entry {
	return Entry{Header: tar.Header{Typeflag: tar.TypeDir, Name: name + "/", Mode: 0o755}}
}

// Symlink is a symbolic link to target.
func Symlink(name, target string) Entry {
	return Entry{Header: tar.Header{Typeflag: tar.TypeSymlink, Name: name, Linkname: target, Mode: 0o777}}
}

// Hardlink is another name of the file target.
func Hardlink(name, target string) Entry {
	return Entry{Header: tar.Header{Typeflag: tar.TypeLink, Name: name, Linkname: target, Mode: 0o644}}
}

// Device is a character device.
func Device(name string) Entry {
	return Entry{Header: tar.Header{Typeflag: tar.TypeChar, Name: name, Mode: 0o644, Devmajor: 1, Devminor: 3}}
}

// Whiteout hides name, a base name in the folder dir, in the layers below.
func Whiteout(dir, name string) Entry { return File(dir+"/.wh."+name, "") }

// Opaque hides everything in dir in the layers below.
func Opaque(dir string) Entry { return File(dir+"/.wh..wh..opq", "") }

// Tar is the entries as an uncompressed layer.
func Tar(t testing.TB, entries ...Entry) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, entry := range entries {
		header := entry.Header
		require.NoError(t, w.WriteHeader(&header), "entry %q", header.Name)
		_, err := io.WriteString(w, entry.Body)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return out.Bytes()
}

// Gzip packs as compressed_size is defined: Go's gzip at the default level.
func Gzip(t testing.TB, plain []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write(plain)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Bytes()
}

// Noise is bytes that do not compress, the same ones for the same seed.
func Noise(seed uint64, size int) string {
	key := [32]byte{byte(seed), byte(seed >> 8), byte(seed >> 16), byte(seed >> 24)}
	body := make([]byte, size)
	rand.NewChaCha8(key).Read(body)
	return string(body)
}
