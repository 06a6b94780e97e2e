package layer

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/zeebo/blake3"

	"github.com/image-budget/image-budget/internal/contents"
	"github.com/image-budget/image-budget/internal/owners"
	"github.com/image-budget/image-budget/internal/secrets"
)

// walker looks at what one layer holds.
type walker struct {
	allowance *Allowance
	index     *contents.Builder
	hash      *blake3.Hasher
	buffer    []byte
	kept      bytes.Buffer // content of the file that is being read, where it is to be kept

	entries int64
	text    int64 // bytes, see image.Layer
	secrets int64 // bytes kept of files that may have a secret in them
}

func newWalker(a *Allowance, index *contents.Builder) *walker {
	return &walker{allowance: a, index: index, hash: blake3.New(), buffer: make([]byte, chunkSize)}
}

// walk reads the entries of an uncompressed tar up to its end mark.
func (w *walker) walk(r *charged) error {
	headers := &headerGuard{r: r, limit: w.allowance.caps.Header}
	reader := tar.NewReader(headers)
	for {
		headers.begin(r.read)
		entry, err := reader.Next()
		headers.end()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading entry %d of the tar: %w", w.entries+1, err)
		}
		if err := w.charge(entry); err != nil {
			return err
		}
		if err := w.add(entry, reader, r); err != nil {
			return fmt.Errorf("reading entry %d of the tar, %.200q: %w", w.entries, entry.Name, err)
		}
	}
}

func (w *walker) charge(entry *tar.Header) error {
	w.entries++
	if err := w.allowance.chargeEntries(1); err != nil {
		return err
	}
	text := textOf(entry)
	w.text += text
	return w.allowance.chargeText(text)
}

// add reads an entry's content and puts it into the index.
func (w *walker) add(entry *tar.Header, reader *tar.Reader, r *charged) error {
	w.hash.Reset()
	w.kept.Reset()
	keep, err := w.keeps(entry)
	if err != nil {
		return err
	}
	stored, err := w.drain(reader, entry, r, keep)
	if err != nil {
		return err
	}
	var content [32]byte
	if kinds[entry.Typeflag] == contents.File {
		w.hash.Sum(content[:0])
	}
	e, ok, err := entryOf(entry, stored, content)
	if !ok || err != nil {
		return err
	}
	e.Text = w.kept.String()
	return w.index.Add(e)
}

// How large a file may be whose content is kept, in bytes: lists of what a
// package owns have a few MiB at most, and files with secrets a few KiB. A layer
// with many of those keeps the first ones, so that no image is refused for them.
const (
	listLimit    = 16 << 20
	secretLimit  = 64 << 10
	secretsLimit = 8 << 20 // all of a layer's together
)

// keeps reports whether the entry's content says who owns files, or may have a
// secret in it, and charges the image with it.
func (w *walker) keeps(entry *tar.Header) (bool, error) {
	if entry.Typeflag != tar.TypeReg || isSparse(entry) || entry.Size > listLimit {
		return false, nil
	}
	path := cleanPath(entry.Name)
	if !owners.Kept(path) {
		if entry.Size > secretLimit || w.secrets+entry.Size > secretsLimit || !secrets.Kept(path) {
			return false, nil
		}
		w.secrets += entry.Size
	}
	w.text += entry.Size
	return true, w.allowance.chargeText(entry.Size)
}

// drain hashes an entry's content and returns how many bytes of it the tar
// holds: what the header says is not believed, and of a sparse file only the
// parts that are stored count. Its holes are charged, since they take time, and all
// at once, so that one that is too large takes none.
func (w *walker) drain(reader *tar.Reader, entry *tar.Header, r *charged, keep bool) (int64, error) {
	if isSparse(entry) {
		if over := w.allowance.chargeUnpacked(entry.Size); over != nil {
			return 0, over
		}
	}
	before := r.read
	for {
		n, err := reader.Read(w.buffer)
		w.hash.Write(w.buffer[:n])
		if keep {
			w.kept.Write(w.buffer[:n])
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
