package layer_test

import (
	"archive/tar"
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/opencontainers/go-digest"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/image/imagetest"
	"github.com/image-budget/image-budget/internal/layer"
	"github.com/image-budget/image-budget/internal/store"
)

type entries = []imagetest.Entry

// contentsDigest is that of an image of these layers, base first.
func contentsDigest(t *testing.T, layers ...entries) digest.Digest {
	t.Helper()
	s := newStore(t)
	img := &image.Image{Config: []byte(`{"os":"linux"}`)}
	for _, l := range layers {
		got, err := layer.Read(t.Context(), bytes.NewReader(imagetest.Tar(t, l...)), s, layer.Options{})
		require.NoError(t, err)
		img.Layers = append(img.Layers, got)
	}
	d, err := layer.ContentsDigest(t.Context(), s, img)
	require.NoError(t, err)
	require.NoError(t, d.Validate())
	return d
}

// with is an entry with another header.
func with(e imagetest.Entry, change func(*tar.Header)) imagetest.Entry {
	change(&e.Header)
	return e
}

func xattr(e imagetest.Entry, name, value string) imagetest.Entry {
	return with(e, func(h *tar.Header) { h.PAXRecords = map[string]string{"SCHILY.xattr." + name: value} })
}

// tree is what the images of TestSameContents show.
var tree = entries{
	imagetest.Dir("app"), imagetest.Executable("app/main", "program"), imagetest.File("app/café", ""),
	imagetest.Symlink("app/link", "main"), imagetest.Dir("etc"), imagetest.File("etc/conf", "a=1"),
	xattr(imagetest.File("ping", "binary"), "security.capability", "\x01\x00\x02"),
	imagetest.Device("null"), with(imagetest.Device("pipe"), func(h *tar.Header) { h.Typeflag, h.Devmajor, h.Devminor = tar.TypeFifo, 0, 0 }),
	imagetest.File("\xff\x1b[31m", "1"), imagetest.File(strings.Repeat("long/", 1000)+"x", "12"),
}

func TestSameContents(t *testing.T) {
	want := contentsDigest(t, tree)
	later := slices.Clone(tree)
	for i := range later {
		later[i].Header.ModTime = time.Unix(1_700_000_000+int64(i), 0)
		later[i].Header.Uname = "somebody"
	}
	shuffled := slices.Clone(tree)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	respelled := slices.Clone(tree)
	for i := range respelled {
		respelled[i].Header.Name = "./" + respelled[i].Header.Name
	}
	old := imagetest.File("app/main", "old program")
	cases := map[string][]entries{
		"other times and names of owners": {later},
		"in another order":                {shuffled},
		"paths spelled otherwise":         {respelled},
		"in three layers":                 {tree[:3], tree[3:6], tree[6:]},
		"above an empty layer":            {nil, tree},
		"overwritten":                     {{imagetest.Dir("app"), old}, tree},
		"B11 written twice in a layer":    {append(entries{old}, tree...)},
		"deleted on the way":              {{imagetest.File("etc/tmp", "x"), imagetest.Dir("gone"), imagetest.File("gone/a/b", "")}, tree, {imagetest.Whiteout("etc", "tmp"), imagetest.Whiteout(".", "gone")}},
		"B9 deleted in its own layer":     {{imagetest.File("etc/conf", "old")}, append(entries{imagetest.Whiteout("etc", "conf")}, tree...)},
		"B9 opaque before its siblings":   {{imagetest.File("etc/old", "")}, append(entries{imagetest.Opaque("etc")}, tree...)},
		"B9 opaque after its siblings":    {{imagetest.File("etc/old", "")}, append(slices.Clone(tree), imagetest.Opaque("etc"))},
		"B9 opaque root":                  {{imagetest.File("etc/old", ""), imagetest.File("x", "")}, append(slices.Clone(tree), imagetest.Opaque("."))},
		"B9 AUFS bookkeeping":             {append(entries{imagetest.File(".wh..wh.plnk/1", "x"), imagetest.File("etc/.wh..wh.aufs", "")}, tree...)},
		"a folder replaced by a file":     {{imagetest.Dir("etc/conf"), imagetest.File("etc/conf/d", "1")}, tree},
		"and a file by a folder":          {{imagetest.Symlink("etc", "usr/etc"), imagetest.File("app", "x")}, tree},
		"and back":                        {{imagetest.Dir("etc"), imagetest.File("etc/old", "1")}, {imagetest.File("etc", "")}, tree},
	}
	for name, layers := range cases {
		t.Run(name, func(t *testing.T) { require.Equal(t, want, contentsDigest(t, layers...)) })
	}
}

func TestOtherContents(t *testing.T) {
	seen := map[digest.Digest]string{contentsDigest(t, tree): "the tree"}
	changed := func(name string, change func(*imagetest.Entry)) []entries {
		one := slices.Clone(tree)
		i := slices.IndexFunc(one, func(e imagetest.Entry) bool { return strings.TrimSuffix(e.Header.Name, "/") == name })
		change(&one[i])
		return []entries{one}
	}
	cases := map[string][]entries{
		"content":           changed("app/main", func(e *imagetest.Entry) { e.Body = "Program" }),
		"mode":              changed("app/main", func(e *imagetest.Entry) { e.Header.Mode = 0o750 }),
		"setuid":            changed("app/main", func(e *imagetest.Entry) { e.Header.Mode = 0o4755 }),
		"mode of a folder":  changed("app", func(e *imagetest.Entry) { e.Header.Mode = 0o1777 }),
		"owner":             changed("app/main", func(e *imagetest.Entry) { e.Header.Uid = 1000 }),
		"group":             changed("app/main", func(e *imagetest.Entry) { e.Header.Gid = 1000 }),
		"path":              changed("app/café", func(e *imagetest.Entry) { e.Header.Name = "app/cafe" }),
		"type":              changed("app/café", func(e *imagetest.Entry) { *e = imagetest.Dir("app/café"); e.Header.Mode = 0o644 }),
		"link target":       changed("app/link", func(e *imagetest.Entry) { e.Header.Linkname = "./main" }),
		"attribute":         changed("ping", func(e *imagetest.Entry) { *e = xattr(*e, "security.capability", "\x01\x00\x03") }),
		"name of attribute": changed("ping", func(e *imagetest.Entry) { *e = xattr(*e, "user.x", "\x01\x00\x02") }),
		"no attribute":      changed("ping", func(e *imagetest.Entry) { e.Header.PAXRecords = nil }),
		"device":            changed("null", func(e *imagetest.Entry) { e.Header.Devminor = 5 }),
		"type of device":    changed("null", func(e *imagetest.Entry) { e.Header.Typeflag = tar.TypeBlock }),
		"B12 the last byte": changed(strings.Repeat("long/", 1000)+"x", func(e *imagetest.Entry) { e.Header.Name = strings.Repeat("long/", 1000) + "y" }),
		"B12 no UTF-8":      changed("\xff\x1b[31m", func(e *imagetest.Entry) { e.Header.Name = "\xfe\x1b[31m" }),
		"one less":          {tree[1:]},
		"one deleted":       {tree, {imagetest.Whiteout("etc", "conf")}},
		"a folder deleted":  {tree, {imagetest.Whiteout(".", "etc")}},
		"one more":          {tree, {imagetest.File("etc/more", "")}},
		"replaced and back": {tree, {imagetest.File("app", "")}, {tree[0]}},
	}
	for name, layers := range cases {
		d := contentsDigest(t, layers...)
		require.NotContains(t, seen, d, "%s is the same as %s", name, seen[d])
		seen[d] = name
	}
	// A folder is as empty where a file took its place within one layer.
	emptied := contentsDigest(t, cases["replaced and back"]...)
	require.Equal(t, emptied, contentsDigest(t, append(slices.Clone(tree), imagetest.File("app", ""), tree[0])))
	require.Equal(t, emptied, contentsDigest(t, tree, entries{imagetest.Opaque("app")}))
}

// Which name of a file holds its content is up to who wrote the tar.
func TestHardLinks(t *testing.T) {
	file, other := imagetest.File("a", "content"), imagetest.File("b", "content")
	third := imagetest.File("c/d", "content")
	want := contentsDigest(t, entries{file, other, third})
	owned := func(e imagetest.Entry) imagetest.Entry {
		return with(e, func(h *tar.Header) { h.Uid, h.Mode = 7, 0o600 })
	}
	same := map[string][]entries{
		"forward":                     {{file, imagetest.Hardlink("b", "a"), imagetest.Hardlink("c/d", "a")}},
		"backward":                    {{third, imagetest.Hardlink("b", "c/d"), imagetest.Hardlink("a", "c/d")}},
		"a link to a link":            {{file, imagetest.Hardlink("b", "/a"), imagetest.Hardlink("c/d", "./b")}},
		"to a lower layer":            {{file}, {imagetest.Hardlink("b", "a")}, {imagetest.Hardlink("c/d", "b")}},
		"to what is replaced later":   {{imagetest.File("a", "content"), imagetest.Hardlink("b", "a"), imagetest.Hardlink("c/d", "a"), imagetest.File("a", "other"), file}},
		"to what is deleted above":    {{imagetest.File("x", "content")}, {imagetest.Hardlink("b", "x"), imagetest.Hardlink("a", "b")}, {imagetest.Whiteout(".", "x"), imagetest.Hardlink("c/d", "a")}},
		"B11 as a copy in each layer": {{file}, {other}, {third}},
	}
	for name, layers := range same {
		require.Equal(t, want, contentsDigest(t, layers...), name)
	}
	changed := contentsDigest(t, entries{owned(file), owned(other), owned(third)})
	require.NotEqual(t, want, changed)
	// Engines give the file the owner and the mode of every link's header too.
	require.Equal(t, changed, contentsDigest(t, entries{file, owned(imagetest.Hardlink("b", "a")), owned(imagetest.Hardlink("c/d", "a"))}))

	nowhere := contentsDigest(t, entries{imagetest.Hardlink("b", "nowhere")})
	require.NotEqual(t, nowhere, contentsDigest(t, entries{imagetest.Hardlink("b", "elsewhere")}), "B11")
	require.NotEqual(t, nowhere, contentsDigest(t, entries{}), "B11")
	symlinks := contentsDigest(t, entries{imagetest.Symlink("a", "x"), imagetest.Symlink("b", "x")})
	require.Equal(t, symlinks, contentsDigest(t, entries{imagetest.Symlink("b", "x"), imagetest.Hardlink("a", "b")}))
}

// Holes are content like any other.
func TestSparseFileIsItsContent(t *testing.T) {
	s := newStore(t)
	var digests []digest.Digest
	dense := imagetest.File("sparse", "1234\x00\x00\x00\x00")
	for _, plain := range [][]byte{sparseTar(t, "1234", 8), imagetest.Tar(t, dense)} {
		got, err := layer.Read(t.Context(), bytes.NewReader(plain), s, layer.Options{})
		require.NoError(t, err)
		d, err := layer.ContentsDigest(t.Context(), s, &image.Image{Config: []byte("{}"), Layers: []image.Layer{got}})
		require.NoError(t, err)
		digests = append(digests, d)
	}
	require.Equal(t, digests[0], digests[1])
}

func TestContentsDigestFaults(t *testing.T) {
	dir := t.TempDir()
	s := storeIn(t, dir)
	got, err := layer.Read(t.Context(), bytes.NewReader(imagetest.Tar(t, tree...)), s, layer.Options{})
	require.NoError(t, err)
	img := &image.Image{Config: []byte("{}"), Layers: []image.Layer{got}}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = layer.ContentsDigest(ctx, s, img)
	require.ErrorIs(t, err, context.Canceled)

	path := filepath.Join(dir, "contents", got.Digest.Encoded())
	body, err := os.ReadFile(path)
	require.NoError(t, err)
	for i := len(body) - 1; i > len(body)-200; i-- {
		damaged := bytes.Clone(body)
		damaged[i] ^= 1
		require.NoError(t, os.WriteFile(path, damaged, 0o600))
		_, err = layer.ContentsDigest(t.Context(), s, img)
		var fault *store.DamagedError
		require.ErrorAs(t, err, &fault, "byte %d", i)
		require.NoFileExists(t, path)
	}
	_, err = layer.ContentsDigest(t.Context(), s, img)
	require.ErrorIs(t, err, os.ErrNotExist)
}
