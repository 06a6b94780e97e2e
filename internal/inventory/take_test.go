package inventory_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/image/imagetest"
	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/layer"
	"github.com/image-budget/image-budget/internal/secrets"
	"github.com/image-budget/image-budget/internal/store"
)

// taken is the inventory of an image of those layers, read as a source reads them.
func taken(t *testing.T, top int, layers ...[]byte) *inventory.Inventory {
	t.Helper()
	cache, err := store.Open(t.TempDir(), store.DefaultLimit)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, cache.Close()) })
	img := &image.Image{Reference: "app", Platform: imagetest.Linux, Config: []byte("{}")}
	for i, plain := range layers {
		read, err := layer.Read(t.Context(), strings.NewReader(string(plain)), cache, layer.Options{Pack: true})
		require.NoError(t, err)
		read.Instruction = []string{"ADD rootfs", "RUN install", "RUN clean", "COPY app"}[i]
		img.Layers = append(img.Layers, read)
	}
	found, err := inventory.Take(img, layer.Contents(t.Context(), cache, img), inventory.Options{Files: top, Parts: true})
	require.NoError(t, err)
	return found
}

const status = `Package: zlib1g
Status: install ok installed
Architecture: amd64
Version: 1:1.2.13

`

// An image with a base, an installation, a clean-up and an app.
func layers(t *testing.T) [][]byte {
	file := func(path string, size int) imagetest.Entry {
		return imagetest.File(path, imagetest.Noise(uint64(len(path)), size))
	}
	return [][]byte{
		imagetest.Tar(t,
			imagetest.Symlink("lib", "usr/lib"),
			file("usr/lib/libz.so.1", 100_000),
			imagetest.File("var/lib/dpkg/status", status),
			imagetest.File("var/lib/dpkg/info/zlib1g.list", "/.\n/lib\n/lib/libz.so.1\n"),
			file("usr/share/man/man1/z.1.gz", 3000),
			file("srv/data", 50_000)),
		imagetest.Tar(t,
			imagetest.File("opt/venv/lib/python3.12/site-packages/torch-2.5.1.dist-info/METADATA", "Name: torch\nVersion: 2.5.1\n\n"),
			imagetest.File("opt/venv/lib/python3.12/site-packages/torch-2.5.1.dist-info/RECORD", "torch/__init__.py,,\ntorch/lib/libtorch.so,,\ntorch-2.5.1.dist-info/METADATA,,\ntorch-2.5.1.dist-info/RECORD,,\n"),
			file("opt/venv/lib/python3.12/site-packages/torch/__init__.py", 2000),
			file("opt/venv/lib/python3.12/site-packages/torch/lib/libtorch.so", 400_000),
			file("opt/venv/lib/python3.12/site-packages/torch/__pycache__/__init__.cpython-312.pyc", 1500),
			file("root/.cache/pip/http/wheel", 70_000)),
		imagetest.Tar(t, imagetest.File("srv/.wh.data", "")),
		imagetest.Tar(t, file("app/model.safetensors", 90_000), file("app/main.py", 1000), file("copies/one", 5000), file("copies/two", 5000)),
	}
}

func TestEveryByteHasAnOwner(t *testing.T) {
	found := taken(t, 3, layers(t)...)
	var sum, layersSum int64
	for _, l := range found.Layers {
		sum += l.Unowned + l.Hidden
		layersSum += l.Size
	}
	for _, p := range found.Packages {
		sum += p.Size
	}
	require.Equal(t, found.Size, sum)
	require.Equal(t, found.Size, layersSum)
	require.EqualValues(t, 50_000, found.Layers[0].Hidden, "what a later layer deletes")
	require.Equal(t, "RUN install", found.Layers[1].Instruction)
}

func TestPackages(t *testing.T) {
	found := taken(t, 3, layers(t)...)
	require.Len(t, found.Packages, 2)
	torch, zlib := found.Packages[0], found.Packages[1]
	require.Equal(t, "python:torch", torch.Key)
	require.Equal(t, "2.5.1", torch.Version)
	require.Equal(t, 1, torch.Layer)
	require.Greater(t, torch.Size, int64(403_000))
	require.Equal(t, "deb:zlib1g", zlib.Key)
	require.GreaterOrEqual(t, zlib.Size, int64(100_000), "listed as /lib, which leads to usr/lib")
	require.Empty(t, found.Problems)

	require.Len(t, found.Files, 3)
	require.Equal(t, inventory.File{
		Path: "opt/venv/lib/python3.12/site-packages/torch/lib/libtorch.so", Size: 400_000, Layer: 1, Package: "python:torch",
	}, found.Files[0])
}

func TestWaste(t *testing.T) {
	found := taken(t, 3, layers(t)...)
	sizes := map[string]int64{}
	for _, w := range found.Waste {
		sizes[w.Name] = w.Size
	}
	require.Equal(t, map[string]int64{
		"overwritten": 50_000, "caches": 70_000, "documentation": 3000, "models": 90_000, "duplicate": 5000, "bytecode": 1500,
	}, sizes)
	require.EqualValues(t, 128_000, found.Needless(), "what depends on the service does not count")
	require.False(t, found.Waste[0].Optional)
	require.True(t, found.Waste[len(found.Waste)-1].Optional)
}

// An image without packages, or without anything, has an inventory too.
func TestNothing(t *testing.T) {
	found := taken(t, 3, imagetest.Tar(t))
	require.Zero(t, found.Size)
	require.Empty(t, found.Packages)
	require.Empty(t, found.Waste)
	require.Zero(t, taken(t, 1).Size)
}

// TestParts: the parts of a part add up to it, down to the folders.
func TestParts(t *testing.T) {
	found := taken(t, 3, layers(t)...)
	requireSum(t, found.Parts)
	require.Equal(t, found.Size, found.Parts.Size)
	require.Len(t, found.Parts.Parts, len(found.Layers), "in the order of the layers")
	base, install := found.Parts.Parts[0], found.Parts.Parts[1]
	require.Equal(t, "ADD rootfs", base.Name)
	require.Contains(t, names(base), "overwritten or deleted later")
	require.Equal(t, []string{"python:torch", "no package"}, names(install))
	require.Equal(t, []string{"opt/venv/lib/python3.12/site-packages"}, names(install.Parts[0]), "folders that hold nothing but one other are one")
	require.Equal(t, []string{"torch", "smaller ones"}, names(install.Parts[0].Parts[0]))
}

// TestPartsAreBounded: a map of many folders is no larger than one of few.
func TestPartsAreBounded(t *testing.T) {
	var entries []imagetest.Entry
	for i := range 3000 {
		entries = append(entries, imagetest.File(fmt.Sprintf("a/%d/f", i), "x"), imagetest.File(fmt.Sprintf("b%d/f", i), "xy"))
	}
	entries = append(entries, imagetest.File(strings.Repeat("deep/", 1000)+"f", "xyz"))
	found := taken(t, 3, imagetest.Tar(t, entries...))
	requireSum(t, found.Parts)
	require.Less(t, size(found.Parts), 200)
}

func requireSum(t *testing.T, p *inventory.Part) {
	t.Helper()
	var sum int64
	for _, part := range p.Parts {
		sum += part.Size
		requireSum(t, part)
	}
	if len(p.Parts) > 0 {
		require.Equal(t, p.Size, sum, p.Name)
	}
}

func names(p *inventory.Part) (all []string) {
	for _, part := range p.Parts {
		all = append(all, part.Name)
	}
	return all
}

func size(p *inventory.Part) int {
	n := 1
	for _, part := range p.Parts {
		n += size(part)
	}
	return n
}

// TestSecrets: in what a container sees, in what a later layer deletes, and in the
// config; never with a value.
func TestSecrets(t *testing.T) {
	random := base64.StdEncoding.EncodeToString([]byte(imagetest.Noise(9, 48)))
	key := "-----BEGIN " + "PRIVATE KEY-----\n" + random + "\n" + random + "\n-----END " + "PRIVATE KEY-----\n"
	found := taken(t, 3,
		imagetest.Tar(t, imagetest.File("root/.ssh/id_rsa", key), imagetest.File("app/.env", "API_KEY="+random[:30])),
		imagetest.Tar(t, imagetest.File("root/.ssh/.wh.id_rsa", ""), imagetest.File("app/large.key", key+strings.Repeat("x", 64<<10))))
	require.Equal(t, []secrets.Found{
		{Where: secrets.File, Name: "app/.env", Kind: "API key", Layer: 0},
		{Where: secrets.File, Name: "root/.ssh/id_rsa", Kind: "private key", Layer: 0, Gone: true},
	}, found.Secrets)
}
