package layer_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/contents"
	"github.com/image-budget/image-budget/internal/image/imagetest"
	"github.com/image-budget/image-budget/internal/layer"
)

// kept is how many bytes are kept of each file of a layer, where any are.
func kept(t *testing.T, entries ...imagetest.Entry) map[string]int {
	t.Helper()
	into := newStore(t)
	read, err := layer.Read(t.Context(), strings.NewReader(string(imagetest.Tar(t, entries...))), into, layer.Options{})
	require.NoError(t, err)
	held, err := into.Contents(read.Digest)
	require.NoError(t, err)
	defer held.Close()
	index, err := contents.NewReader(held)
	require.NoError(t, err)
	sizes := map[string]int{}
	for {
		e, err := index.Next()
		if err == io.EOF {
			return sizes
		}
		require.NoError(t, err)
		if e.Text != "" {
			sizes[e.Path] = len(e.Text)
		}
	}
}

// Files that may have a secret in them are kept whole, or not at all.
func TestKept(t *testing.T) {
	const limit = 64 << 10
	require.Equal(t, map[string]int{"app/.env": 5, "etc/full.pem": limit, "var/lib/dpkg/status": limit + 1}, kept(t,
		imagetest.File("app/.env", "A=b\nc"),
		imagetest.File("app/.env.example", "A=b\n"),
		imagetest.File("app/main.py", "password = 1\n"),
		imagetest.File("app/empty.key", ""),
		imagetest.File("etc/full.pem", imagetest.Noise(1, limit)),
		imagetest.File("etc/over.pem", imagetest.Noise(2, limit+1)),
		imagetest.Symlink("etc/link.pem", "full.pem"),
		imagetest.File("var/lib/dpkg/status", imagetest.Noise(3, limit+1)),
	))
}

// An image with many of them is no larger than the gate will look at.
func TestKeptOfMany(t *testing.T) {
	const limit = 64 << 10
	var entries []imagetest.Entry
	for i := range 200 {
		entries = append(entries, imagetest.File(fmt.Sprintf("keys/%03d.pem", i), strings.Repeat("x", limit)))
	}
	entries = append(entries, imagetest.File("zz/.env", "A=b"), imagetest.File("lib/apk/db/installed", "P:a\n"))
	sizes := kept(t, entries...)
	require.Len(t, sizes, 128+1)
	require.Contains(t, sizes, "keys/127.pem")
	require.Contains(t, sizes, "lib/apk/db/installed")
	require.NotContains(t, sizes, "keys/128.pem")
}
