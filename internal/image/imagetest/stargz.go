package imagetest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Stargz is the entries as an eStargz blob, and the tar that it unpacks to: a gzip
// member for each entry, one for the table of contents, which is an entry of its own
// at the end of the tar, and a footer without content that says where that begins.
// See docs/estargz.md of containerd's stargz-snapshotter.
func Stargz(t testing.TB, entries ...Entry) (blob, plain []byte) {
	t.Helper()
	var names []string
	for _, e := range entries {
		one := Tar(t, e)
		one = one[:len(one)-endMark]
		names = append(names, fmt.Sprintf(`{"name":%q,"type":"reg","size":%d,"offset":%d}`, e.Header.Name, e.Header.Size, len(blob)))
		plain = append(plain, one...)
		blob = append(blob, Gzip(t, one)...)
	}
	at := len(blob)
	toc := Tar(t, File("stargz.index.json", `{"version":1,"entries":[`+strings.Join(names, ",")+`]}`))
	plain = append(plain, toc...)
	blob = append(blob, Gzip(t, toc)...)

	var footer bytes.Buffer
	w, err := gzip.NewWriterLevel(&footer, gzip.NoCompression)
	require.NoError(t, err)
	w.Extra = append([]byte{'S', 'G', 22, 0}, fmt.Sprintf("%016xSTARGZ", at)...)
	require.NoError(t, w.Close())
	return append(blob, footer.Bytes()...), plain
}
