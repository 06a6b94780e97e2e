package layer

import (
	"archive/tar"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// Whiteouts hide files of lower layers and hold none, see "Whiteouts" in
// layer.md of the OCI image specification. Names that begin with metaPrefix
// are AUFS bookkeeping, of which only the opaque mark is still in use.
const (
	whiteoutPrefix = ".wh."
	metaPrefix     = whiteoutPrefix + whiteoutPrefix
)

// found is what one layer holds, as far as metric size is concerned.
type found struct {
	content int64 // bytes
	entries int64
	// paths has each regular file, hard link and symlink with its content in
	// bytes. A path is kept as the first half of its SHA-256: names of up to
	// 1 MiB each would not fit, and nobody can make two of them collide.
	paths map[[16]byte]int64
}

// walk reads the entries of an uncompressed tar up to its end mark.
func walk(r *charged, a *Allowance) (*found, error) {
	f := &found{paths: map[[16]byte]int64{}}
	headers := &headerGuard{r: r, limit: a.caps.Header}
	reader := tar.NewReader(headers)
	buffer := make([]byte, chunkSize)
	for {
		headers.begin(r.read)
		entry, err := reader.Next()
		headers.end()
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading entry %d of the tar: %w", f.entries+1, err)
		}
		f.entries++
		if err := a.chargeEntries(1); err != nil {
			return nil, err
		}
		stored, err := drain(reader, entry, r, a, buffer)
		if err == nil {
			err = f.add(entry, stored)
		}
		if err != nil {
			return nil, fmt.Errorf("reading entry %d of the tar, %.200q: %w", f.entries, entry.Name, err)
		}
	}
}

// drain reads an entry's content and returns how many bytes of it the tar
// holds: what the header says is not believed, and of a sparse file only the
// parts that are stored count. Its holes are charged, since they take time.
func drain(reader *tar.Reader, entry *tar.Header, r *charged, a *Allowance, buffer []byte) (int64, error) {
	sparse := isSparse(entry)
	before := r.read
	for {
		n, err := reader.Read(buffer)
		if sparse {
			if over := a.chargeUnpacked(int64(n)); over != nil {
				return 0, over
			}
		}
		if err == io.EOF { //nolint:errorlint // io.Reader returns it bare
			return r.read - before, nil
		}
		if err != nil {
			return 0, err
		}
	}
}

func isSparse(entry *tar.Header) bool {
	if entry.Typeflag == tar.TypeGNUSparse {
		return true
	}
	for key := range entry.PAXRecords {
		if strings.HasPrefix(key, "GNU.sparse.") {
			return true
		}
	}
	return false
}

// add counts one entry with its stored bytes.
func (f *found) add(entry *tar.Header, stored int64) error {
	if entry.Typeflag == tar.TypeXGlobalHeader {
		return nil // not a path: records for the entries that follow
	}
	name := path.Clean("/" + entry.Name)
	if hidden, err := isWhiteout(name); hidden || err != nil {
		return err
	}
	hash := sha256.Sum256([]byte(name))
	key := [16]byte(hash[:16])
	f.content -= f.paths[key] // what an earlier entry of this path counted
	switch entry.Typeflag {
	case tar.TypeReg, tar.TypeGNUSparse, tar.TypeCont:
		f.paths[key] = stored
	case tar.TypeSymlink:
		f.paths[key] = int64(len(entry.Linkname))
	case tar.TypeLink:
		f.paths[key] = 0
	default: // folders, devices, pipes
		delete(f.paths, key)
	}
	f.content += f.paths[key]
	return nil
}

func isWhiteout(name string) (bool, error) {
	if strings.HasPrefix(name, "/"+metaPrefix) {
		return true, nil
	}
	base := path.Base(name)
	if base == whiteoutPrefix {
		return false, errors.New("a whiteout that names no file")
	}
	return strings.HasPrefix(base, whiteoutPrefix), nil
}

// headerGuard bounds what is read for one entry's header blocks, long names
// and PAX records with them, all of which archive/tar holds in memory.
type headerGuard struct {
	r     io.Reader
	limit int64
	in    bool
	left  int64
}

// begin is called at offset bytes of the tar, where the content of the last
// entry ends and the padding to a whole block is still to come.
func (g *headerGuard) begin(offset int64) {
	const block = 512
	g.in, g.left = true, g.limit+(block-offset%block)%block
}

func (g *headerGuard) end() { g.in = false }

func (g *headerGuard) Read(p []byte) (int, error) {
	if !g.in {
		return g.r.Read(p)
	}
	if g.left <= 0 {
		return 0, fmt.Errorf("its header has more than %d bytes, which is as many as are read", g.limit)
	}
	n, err := g.r.Read(p[:min(int64(len(p)), g.left)])
	g.left -= int64(n)
	return n, err
}
