package contents

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/opencontainers/go-digest"
)

// digestVersion begins what is hashed. Raise it when the definition of the
// digest changes, so that digests of two definitions are never the same.
const digestVersion = "image-budget contents 1\n"

// Digest is the digest of what a container of an image sees: paths, types,
// modes, owners, links, extended attributes, devices, file contents and the
// run-time config, and no times. Two builds of one Dockerfile have the same,
// whatever layers they ended up in and whenever they were made.
//
// It is the SHA-256 of the run-time config and, for each path in the order of
// Compare, of its fields, where strings stand after their lengths.
func Digest(config []byte, layers int, open Open) (digest.Digest, error) {
	canonical, err := runtimeConfig(config)
	if err != nil {
		return "", err
	}
	hash := sha256.New()
	out := bufio.NewWriterSize(hash, bufferSize) // hashes do not fail
	out.WriteString(digestVersion)
	out.Write(appendText(nil, string(canonical)))
	if err := writeTree(out, layers, open); err != nil {
		return "", fmt.Errorf("reading what a container sees: %w", err)
	}
	out.Flush()
	return digest.NewDigest(digest.SHA256, hash), nil
}

func writeTree(out *bufio.Writer, layers int, open Open) error {
	tree, err := Stack(layers, open)
	if err != nil {
		return err
	}
	defer tree.Close() // they were only read
	var buf []byte
	for {
		seen, err := tree.Next()
		if err == io.EOF { //nolint:errorlint // streams return it bare
			return nil
		}
		if err != nil {
			return err
		}
		buf = appendSeen(buf[:0], &seen.Entry)
		out.Write(buf)
		if cap(buf) > bufferSize {
			buf = nil
		}
	}
}

// appendSeen has all that can be seen of an entry. That a file has several
// names is not in it, since which of them is the link is chance: every name
// stands as a file with that content. Nor is the size, of which one name has
// all.
func appendSeen(b []byte, e *Entry) []byte {
	b = append(b, byte(e.Kind))
	b = appendText(b, e.Path)
	for _, n := range []uint32{e.Mode, e.UID, e.GID, e.Major, e.Minor} {
		b = binary.AppendUvarint(b, uint64(n))
	}
	b = append(b, e.Content[:]...)
	b = appendText(b, e.Target)
	return appendText(b, e.Xattrs)
}
