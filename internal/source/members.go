package source

import (
	"archive/tar"
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/opencontainers/go-digest"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/layer"
)

// Limits on the members of an archive that are not layers.
const (
	maxMembers = 200_000
	maxKept    = 64 << 20 // bytes of documents, together
)

// members is what one pass over an archive found, by the members' names.
type members struct {
	shelf
	trusting bool  // names that led to a layer before are believed at first
	allKnown bool  // every layer that must be in it was packed before
	largest  int64 // of those, the most bytes that one has unpacked

	documents map[string][]byte // small enough to be kept
	large     map[string]int64  // documents that are not, by their size in bytes
	layers    map[string]image.Layer
	faults    map[string]error // layers that cannot be read, and why
	links     map[string]string
	kept      int64
	count     int
}

func newMembers(s shelf, trusting bool, diffIDs []digest.Digest) *members {
	m := &members{
		shelf: s, trusting: trusting, allKnown: trusting && len(diffIDs) > 0,
		documents: map[string][]byte{}, large: map[string]int64{}, layers: map[string]image.Layer{},
		faults: map[string]error{}, links: map[string]string{},
	}
	for _, diffID := range diffIDs {
		packed, known := m.packed(diffID)
		m.allKnown = m.allKnown && known
		m.largest = max(m.largest, packed.Unpacked)
	}
	return m
}

// read goes through the whole stream: a compressed one has its checksum at the
// end, and an engine waits until all of it was taken. All of it is charged.
func (m *members) read(ctx context.Context, stream io.Reader) error {
	buffered := bufio.NewReaderSize(cancelled{ctx, stream}, 1<<16)
	head, err := buffered.Peek(layer.HeadSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	compression, ok := layer.Sniff(head)
	if !ok || len(head) == 0 {
		return faultf("write it with docker save, or as an OCI archive", "it is not a tar, nor one packed with gzip or zstd")
	}
	unpacked, err := layer.Unpack(buffered, compression)
	if err != nil {
		return err
	}
	defer unpacked.Close()
	archive := &around{r: cancelled{ctx, unpacked}, allowance: m.allowance}
	reader := tar.NewReader(archive)
	for {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			_, err := io.Copy(io.Discard, archive)
			return err
		}
		if err != nil {
			return fmt.Errorf("reading member %d: %w", m.count+1, err)
		}
		if m.count++; m.count > maxMembers {
			return fmt.Errorf("it has more than %d members, which is as many as are read", maxMembers)
		}
		if err := m.add(ctx, header, reader, &archive.inLayer); err != nil {
			return fmt.Errorf("reading member %.200q: %w", header.Name, err)
		}
	}
}

// add takes one member for what it looks like, whatever it is called. inLayer
// is set while it reads one that is charged as a layer.
func (m *members) add(ctx context.Context, header *tar.Header, body io.Reader, inLayer *bool) error {
	name := memberName(header.Name)
	switch header.Typeflag {
	case tar.TypeSymlink:
		m.links[name] = memberName(path.Join(path.Dir(name), header.Linkname))
	case tar.TypeLink:
		m.links[name] = memberName(header.Linkname)
	case tar.TypeReg:
		buffered := bufio.NewReaderSize(body, 1<<12)
		head, err := buffered.Peek(layer.HeadSize)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		compression, ok := layer.Sniff(head)
		if ok || path.Base(name) == "layer.tar" {
			*inLayer = true
			defer func() { *inLayer = false }()
			return m.addLayer(ctx, name, compression, buffered)
		}
		return m.keep(name, header.Size, buffered)
	}
	return nil
}

// keep holds on to a document. The tar reader returns no more than size bytes.
func (m *members) keep(name string, size int64, body io.Reader) error {
	if size > configLimit || m.kept+size > maxKept {
		m.large[name] = size
		return nil
	}
	text, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	m.kept += int64(len(text))
	m.documents[name] = text
	return nil
}

// memberName is one spelling of the names that lead to the same member.
func memberName(name string) string {
	return strings.TrimPrefix(path.Clean("/"+name), "/")
}

// follow is the name of the member behind links.
func (m *members) follow(name string) string {
	name = memberName(name)
	for range 8 {
		target, ok := m.links[name]
		if !ok {
			break
		}
		name = target
	}
	return name
}

func (m *members) has(name string) bool {
	name = m.follow(name)
	_, kept := m.documents[name]
	_, large := m.large[name]
	return kept || large
}

// document is a member that was kept, if it is not larger than limit.
func (m *members) document(name string, limit int64) ([]byte, error) {
	name = m.follow(name)
	if size, ok := m.large[name]; ok {
		if size <= limit {
			return nil, fmt.Errorf("the archive's documents have more than %d bytes together, which is as many as are kept", maxKept)
		}
		return nil, checkLimit("it", size, limit)
	}
	text, ok := m.documents[name]
	if !ok {
		return nil, errNotThere
	}
	return text, checkLimit("it", int64(len(text)), limit)
}
