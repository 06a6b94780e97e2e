package source

import (
	"bytes"
	"context"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image/imagetest"
	"github.com/image-budget/image-budget/internal/layer"
	"github.com/image-budget/image-budget/internal/store"
)

// noted is zeros without end. It notes how many bytes were read of it, and calls at when
// that passes a mebibyte.
type noted struct {
	read int64
	at   func()
}

func (z *noted) Read(p []byte) (int, error) {
	clear(p)
	if z.read += int64(len(p)); z.read > 1<<20 {
		z.at()
	}
	return len(p), nil
}

func readStream(ctx context.Context, t *testing.T, caps layer.Caps, stream io.Reader) error {
	t.Helper()
	cache, err := store.Open(t.TempDir(), store.DefaultLimit)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, cache.Close()) })
	return newMembers(Machine{Store: cache, Caps: caps}.shelf(), true, nil).read(ctx, stream)
}

// Caps hold for all that is unpacked of an archive, not only for its layers.
func TestArchivesAreCappedAroundTheirLayers(t *testing.T) {
	caps := layer.Caps{Entries: 1000, Unpacked: 4 << 20, Header: 1 << 20}
	img := imagetest.DockerMembers(t, "app:1", imagetest.Image(t, imagetest.Linux, imagetest.Tar(t, imagetest.File("a", "b"))))
	text := imagetest.Member{Name: "large.txt", Body: bytes.Repeat([]byte("text"), 5<<18)}
	layerLike := imagetest.Member{Name: "broken.tar", Body: append(imagetest.Gzip(t, nil)[:10], text.Body...)}
	after := append(imagetest.ArchiveBytes(t, img), make([]byte, 5<<20)...)
	cases := map[string][]byte{
		"a document":           imagetest.ArchiveBytes(t, append(img[:len(img):len(img)], text)),
		"what is no layer":     imagetest.ArchiveBytes(t, append(img[:len(img):len(img)], layerLike)),
		"behind the end":       after,
		"gzip, behind the end": imagetest.Gzip(t, after),
	}
	for name, archive := range cases {
		t.Run(name, func(t *testing.T) {
			var over *layer.CapError
			require.ErrorAs(t, readStream(t.Context(), t, caps, bytes.NewReader(archive)), &over)
		})
	}
	require.NoError(t, readStream(t.Context(), t, caps, bytes.NewReader(imagetest.ArchiveBytes(t, img))))
}

// A layer in an archive costs what it costs in a registry: it is not charged
// once more for the archive around it.
func TestLayersAreChargedOnce(t *testing.T) {
	plain := imagetest.Tar(t, imagetest.File("a", imagetest.Noise(1, 3<<20)))
	members := imagetest.DockerMembers(t, "app:1", imagetest.Image(t, imagetest.Linux, plain))
	caps := layer.Caps{Entries: 1000, Unpacked: 4 << 20, Header: 1 << 20}
	require.NoError(t, readStream(t.Context(), t, caps, bytes.NewReader(imagetest.ArchiveBytes(t, members))))
}

// D8: a stream that goes on for ever ends with its context, behind the tar's
// end and in a gzip that unpacks to nothing.
func TestArchivesStopWithTheirContext(t *testing.T) {
	archive := imagetest.ArchiveBytes(t, imagetest.DockerMembers(t, "app:1", imagetest.Image(t, imagetest.Linux, imagetest.Tar(t))))
	t.Run("zeros", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		tail := &noted{at: cancel}
		err := readStream(ctx, t, layer.Caps{}, io.MultiReader(bytes.NewReader(archive), tail))
		require.ErrorIs(t, err, context.Canceled)
		require.Less(t, tail.read, int64(8<<20))
	})
	t.Run("empty gzip members", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		nothing := &repeated{part: imagetest.Gzip(t, nil), at: cancel}
		err := readStream(ctx, t, layer.Caps{}, io.MultiReader(bytes.NewReader(imagetest.Gzip(t, archive)), nothing))
		require.ErrorIs(t, err, context.Canceled)
	})
}

// repeated is the same bytes over and over. It gives up long after at was called.
type repeated struct {
	part  []byte
	reads int
	at    func()
}

func (a *repeated) Read(p []byte) (int, error) {
	switch a.reads++; a.reads {
	case 100:
		a.at()
	case 100_000:
		return 0, io.ErrClosedPipe
	}
	return copy(p, a.part), nil
}
