package store_test

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/opencontainers/go-digest"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/store"
)

func open(t *testing.T, dir string, limit int64) *store.Store {
	t.Helper()
	s, err := store.Open(dir, limit)
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

// put stores content as a layer's blob and records the layer.
func put(t *testing.T, s *store.Store, content string) image.Layer {
	t.Helper()
	w, err := s.Create()
	require.NoError(t, err)
	defer w.Abort()
	_, err = io.WriteString(w, content)
	require.NoError(t, err)
	layer := image.Layer{
		Digest: digest.FromString(content), Size: int64(len(content)),
		DiffID: digest.FromString("unpacked " + content), Content: 7, Files: 1,
		Compression: image.Gzip, BlobState: []byte("blob state"), DiffState: []byte("diff state"),
	}
	require.NoError(t, w.Commit(layer.Digest))
	putContents(t, s, layer.Digest)
	require.NoError(t, s.PutLayer(layer))
	return layer
}

func TestBlobIsThereOnlyAfterCommit(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.DefaultLimit)
	d := digest.FromString("hello")

	w, err := s.Create()
	require.NoError(t, err)
	_, err = io.WriteString(w, "hello")
	require.NoError(t, err)
	_, err = s.Blob(d)
	require.ErrorIs(t, err, fs.ErrNotExist)

	require.NoError(t, w.Commit(d))
	require.NoError(t, w.Abort(), "abort after commit does nothing")
	f, err := s.Blob(d)
	require.NoError(t, err)
	defer f.Close()
	got, err := io.ReadAll(f)
	require.NoError(t, err)
	require.Equal(t, "hello", string(got))
	require.Empty(t, files(t, dir, "tmp"))
}

func TestAbortLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.DefaultLimit)
	w, err := s.Create()
	require.NoError(t, err)
	require.NoError(t, w.Abort())
	require.NoError(t, w.Abort())
	require.Empty(t, files(t, dir, "tmp"))
}

func TestDigestsAreNoPaths(t *testing.T) {
	s := open(t, t.TempDir(), store.DefaultLimit)
	for _, d := range []digest.Digest{"", "sha256:../../etc/passwd", "sha256:abc", "md5:d41d8cd98f00b204e9800998ecf8427e", digest.SHA512.FromString("x")} {
		_, err := s.Blob(d)
		require.Error(t, err, "%q", d)
		_, ok := s.Layer(d)
		require.False(t, ok)
		w, err := s.Create()
		require.NoError(t, err)
		require.Error(t, w.Commit(d))
		require.NoError(t, w.Abort())
		require.Error(t, s.PutLayer(image.Layer{Digest: d, DiffID: digest.FromString("x")}))
	}
}

func TestLayerByBlobDigestAndDiffID(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.DefaultLimit)
	want := put(t, s, "layer")
	require.NoError(t, s.Hint("save 1234", want.Digest))
	require.NoError(t, s.Close())

	s = open(t, dir, store.DefaultLimit)
	for _, d := range []digest.Digest{want.Digest, want.DiffID} {
		got, ok := s.Layer(d)
		require.True(t, ok)
		require.Equal(t, want, got)
	}
	got, ok := s.Hinted("save 1234")
	require.True(t, ok)
	require.Equal(t, want, got)
	_, ok = s.Hinted("save 5678")
	require.False(t, ok)
}

func TestImageNeedsEveryBlob(t *testing.T) {
	s := open(t, t.TempDir(), store.DefaultLimit)
	first, second := put(t, s, "first"), put(t, s, "second")
	img := &image.Image{
		Reference: "app:1", Platform: image.Platform{OS: "linux", Architecture: "amd64"},
		ConfigDigest: digest.FromString("{}"), Config: []byte("{}"), Layers: []image.Layer{first, second},
	}
	require.NoError(t, s.PutImage("engine sha256:1", img))
	got, ok := s.Image("engine sha256:1")
	require.True(t, ok)
	require.Equal(t, img, got)
	_, ok = s.Image("engine sha256:2")
	require.False(t, ok)

	require.NoError(t, os.Remove(blobPath(t, s, second.Digest)))
	_, ok = s.Image("engine sha256:1")
	require.False(t, ok)
	require.Error(t, s.PutImage("engine sha256:1", img))
}

func TestDamageReadsAsAbsent(t *testing.T) {
	cases := map[string]func(t *testing.T, path string){
		"empty":       func(t *testing.T, path string) { require.NoError(t, os.Truncate(path, 0)) },
		"cut short":   func(t *testing.T, path string) { require.NoError(t, os.Truncate(path, 90)) },
		"flipped bit": flip,
		"not a file": func(t *testing.T, path string) {
			require.NoError(t, os.Remove(path))
			require.NoError(t, os.Mkdir(path, 0o755))
		},
	}
	for name, damage := range cases {
		for _, folder := range []string{"layers", "contents", "images", "blobs/sha256"} {
			if (folder == "blobs/sha256" || folder == "contents") && name == "flipped bit" {
				continue // only reading all of it could tell
			}
			t.Run(folder+" "+name, func(t *testing.T) {
				dir := t.TempDir()
				s := open(t, dir, store.DefaultLimit)
				layer := put(t, s, string(make([]byte, 200)))
				require.NoError(t, s.PutImage("key", &image.Image{Layers: []image.Layer{layer}}))
				all := files(t, dir, folder)
				require.Len(t, all, 1)
				damage(t, all[0])
				_, isImage := s.Image("key")
				_, isLayer := s.Layer(layer.Digest)
				require.False(t, isImage)
				require.False(t, isLayer && folder != "images")
			})
		}
	}
}

func flip(t *testing.T, path string) {
	body, err := os.ReadFile(path)
	require.NoError(t, err)
	// A digit of a number, so that the JSON stays valid.
	for i := len(body) - 1; i > 0; i-- {
		if body[i] >= '0' && body[i] <= '8' {
			body[i]++
			break
		}
	}
	require.NoError(t, os.WriteFile(path, body, 0o600))
}

func TestClosePrunesTheLeastRecentlyUsed(t *testing.T) {
	dir := t.TempDir()
	// Room for two layers: each a blob of 100 bytes and contents of less than that.
	const limit = 450
	s := open(t, dir, limit)
	var layers []image.Layer
	for i := range 4 {
		layer := put(t, s, fmt.Sprintf("%0100d", i))
		layers = append(layers, layer)
		old := time.Now().Add(time.Duration(i-10) * time.Hour)
		require.NoError(t, os.Chtimes(blobPath(t, s, layer.Digest), old, old))
	}
	for i, layer := range layers {
		require.NoError(t, s.PutImage(fmt.Sprint(i), &image.Image{Layers: []image.Layer{layer}}))
	}
	_, ok := s.Image("0") // used last now
	require.True(t, ok)
	require.NoError(t, s.Close())

	s = open(t, dir, limit)
	for i, kept := range []bool{true, false, false, true} {
		_, ok := s.Layer(layers[i].Digest)
		require.Equal(t, kept, ok, "layer %d", i)
		_, ok = s.Layer(layers[i].DiffID)
		require.Equal(t, kept, ok, "layer %d by its diff ID", i)
		_, ok = s.Image(fmt.Sprint(i))
		require.Equal(t, kept, ok, "image %d", i)
	}
	for _, folder := range []string{"blobs/sha256", "layers", "contents", "index", "images"} {
		require.Len(t, files(t, dir, folder), 2, folder)
	}
}

func TestOnlyTheLastOneOpenPrunes(t *testing.T) {
	dir := t.TempDir()
	one, two := open(t, dir, 0), open(t, dir, 0)
	layer := put(t, one, "layer")
	unfinished, err := two.Create()
	require.NoError(t, err)
	_, err = io.WriteString(unfinished, "later")
	require.NoError(t, err)

	require.NoError(t, one.Close())
	_, ok := two.Layer(layer.Digest)
	require.True(t, ok, "another store still uses it")
	require.NoError(t, unfinished.Commit(digest.FromString("later")), "nobody else removed it")

	require.NoError(t, two.Close())
	require.NoError(t, two.Close(), "twice is no harm")
	require.Empty(t, files(t, dir, "blobs/sha256"))
}

func TestOpenRemovesWhatADeadProcessLeft(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.DefaultLimit)
	stale := filepath.Join(dir, "tmp", "blob-stale")
	require.NoError(t, os.WriteFile(stale, []byte("half"), 0o600))

	second := open(t, dir, store.DefaultLimit)
	require.FileExists(t, stale, "its writer may be alive while anybody has the store open")
	require.NoError(t, second.Close())
	require.NoError(t, s.Close())
	require.NoFileExists(t, stale)

	require.NoError(t, os.WriteFile(stale, []byte("half"), 0o600))
	open(t, dir, store.DefaultLimit)
	require.NoFileExists(t, stale)
}

func TestManyAtOnce(t *testing.T) {
	dir := t.TempDir()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for i := range 20 {
				s, err := store.Open(dir, 300)
				if err != nil {
					t.Error(err)
					return
				}
				layer := put(t, s, fmt.Sprintf("%0100d", i))
				if _, ok := s.Layer(layer.Digest); !ok {
					t.Error("a layer was lost while its store was open")
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	require.Empty(t, files(t, dir, "tmp"))
}

func blobPath(t *testing.T, s *store.Store, d digest.Digest) string {
	t.Helper()
	blob, err := s.Blob(d)
	require.NoError(t, err)
	require.NoError(t, blob.Close())
	return blob.Name()
}

func files(t *testing.T, dir, folder string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, folder, "*"))
	require.NoError(t, err)
	return found
}
