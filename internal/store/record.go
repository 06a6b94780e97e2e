package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/opencontainers/go-digest"
)

// recordVersion begins every record. Raise it when the meaning of a measured
// number, the form of a record or of a layer's contents, or which files are kept
// in those changes: older records then read as absent, and their layers are
// measured again.
const recordVersion = "image-budget record 5"

// maxRecord bounds what is read of a record: a config of 8 MiB in base64, and
// a few thousand layers.
const maxRecord = 32 << 20

// write puts a record in place whole: a header line with the version and the
// body's SHA-256, then JSON. It is not synced, because a damaged record reads
// as absent.
func (s *Store) write(folder, name string, record any) error {
	body, err := json.Marshal(record)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(s.path(tempFolder, ""), "record-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails once it is renamed
	_, err = f.Write(append(header(body), body...))
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), s.path(folder, name))
}

// read fills record, and reports whether there was a whole one to read.
func (s *Store) read(folder, name string, record any) bool {
	f, err := os.Open(s.path(folder, name))
	if err != nil {
		return false
	}
	defer f.Close()
	all, err := io.ReadAll(io.LimitReader(f, maxRecord))
	if err != nil {
		return false
	}
	line := bytes.IndexByte(all, '\n')
	if line < 0 {
		return false
	}
	head, body := all[:line+1], all[line+1:]
	return bytes.Equal(head, header(body)) && json.Unmarshal(body, record) == nil
}

func header(body []byte) []byte { return headerOf(sha256.Sum256(body)) }

func headerOf(sum [sha256.Size]byte) []byte {
	return fmt.Appendf(nil, "%s %x\n", recordVersion, sum)
}

// fileName turns a key of any form into a file name.
func fileName(key string) string {
	return digest.FromString(key).Encoded()
}
