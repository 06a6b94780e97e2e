package growth_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/growth"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/image/imagetest"
	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/layer"
	"github.com/image-budget/image-budget/internal/store"
)

// made is a layer that a test makes.
type made struct {
	instruction string
	plain       []byte
}

// add is a layer that adds files of those sizes, at paths given before them.
func add(t testing.TB, entries ...imagetest.Entry) made {
	return made{"COPY . /", imagetest.Tar(t, entries...)}
}

// sized is a file of a size whose content no other path has.
func sized(path string, size int) imagetest.Entry {
	var seed uint64
	for _, c := range path {
		seed = seed*31 + uint64(c)
	}
	return imagetest.File(path, imagetest.Noise(seed, size))
}

func open(t testing.TB) *store.Store {
	t.Helper()
	cache, err := store.Open(t.TempDir(), store.DefaultLimit)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, cache.Close()) })
	return cache
}

// hold reads an image of those layers as a source does, and takes its inventory.
func hold(t testing.TB, cache *store.Store, name string, layers ...made) growth.Held {
	t.Helper()
	img := &image.Image{Reference: name, Platform: imagetest.Linux, Config: []byte("{}")}
	for _, made := range layers {
		read, err := layer.Read(t.Context(), strings.NewReader(string(made.plain)), cache, layer.Options{Pack: true})
		require.NoError(t, err)
		read.Instruction = made.instruction
		img.Layers = append(img.Layers, read)
	}
	contents := layer.Contents(t.Context(), cache, img)
	found, err := inventory.Take(img, contents, inventory.Options{})
	require.NoError(t, err)
	return growth.Held{Inventory: found, Open: contents}
}

const site = "opt/venv/lib/python3.12/site-packages/"

// random are layers with files, packages of two package managers, whiteouts and
// files that are written again.
func random(t testing.TB, r *rand.Rand, count int) (layers []made) {
	verbs := []string{"RUN apt-get install", "RUN pip install", "COPY app", ""}
	for range count {
		var entries []imagetest.Entry
		for range r.IntN(12) {
			entries = append(entries, randomEntry(r))
		}
		if r.IntN(2) == 0 {
			entries = append(entries, debian(r)...)
		}
		if r.IntN(2) == 0 {
			entries = append(entries, python(r)...)
		}
		layers = append(layers, made{verbs[r.IntN(len(verbs))], imagetest.Tar(t, entries...)})
	}
	return layers
}

func randomEntry(r *rand.Rand) imagetest.Entry {
	folder := fmt.Sprintf("srv/%d", r.IntN(3))
	name := fmt.Sprintf("f%d", r.IntN(6))
	switch r.IntN(8) {
	case 0:
		return imagetest.Whiteout(folder, name)
	case 1:
		return imagetest.Opaque(folder)
	case 2:
		return imagetest.Symlink(folder+"/"+name, strings.Repeat("t", 1+r.IntN(30)))
	case 3:
		return imagetest.Hardlink(folder+"/"+name, fmt.Sprintf("srv/%d/f%d", r.IntN(3), r.IntN(6)))
	case 4:
		return imagetest.File(site+"mod/"+name, imagetest.Noise(r.Uint64(), r.IntN(9000)))
	}
	return imagetest.File(folder+"/"+name, imagetest.Noise(r.Uint64(), r.IntN(9000)))
}

// debian is a state of dpkg that owns some of what randomEntry makes.
func debian(r *rand.Rand) (entries []imagetest.Entry) {
	var status strings.Builder
	for n := range 4 {
		if r.IntN(3) == 0 {
			continue
		}
		fmt.Fprintf(&status, "Package: lib%d\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.%d\n\n", n, r.IntN(3))
		list := "/.\n"
		for range 3 {
			list += fmt.Sprintf("/srv/%d/f%d\n", r.IntN(3), r.IntN(6))
		}
		entries = append(entries, imagetest.File(fmt.Sprintf("var/lib/dpkg/info/lib%d.list", n), list))
	}
	return append(entries, imagetest.File("var/lib/dpkg/status", status.String()))
}

// python is a distribution, sometimes a second version of one that is there.
func python(r *rand.Rand) []imagetest.Entry {
	name, version := fmt.Sprintf("dist%d", r.IntN(3)), fmt.Sprintf("2.%d", r.IntN(3))
	folder := name + "-" + version + ".dist-info/"
	record := fmt.Sprintf("%[1]sMETADATA,,\n%[1]sRECORD,,\n%[2]s/lib.so,,\nmod/f%[3]d,,\n", folder, name, r.IntN(6))
	return []imagetest.Entry{
		imagetest.File(site+folder+"METADATA", "Name: "+name+"\nVersion: "+version+"\n\n"),
		imagetest.File(site+folder+"RECORD", record),
		imagetest.File(site+name+"/lib.so", imagetest.Noise(r.Uint64(), r.IntN(9000))),
	}
}

// changed are the layers with some of them gone, replaced, moved or added to.
func changed(t testing.TB, r *rand.Rand, layers []made) (out []made) {
	for _, l := range layers {
		switch r.IntN(6) {
		case 0: // gone
		case 1:
			out = append(out, made{l.instruction, random(t, r, 1)[0].plain})
		case 2:
			out = append(out, l, random(t, r, 1)[0])
		default:
			out = append(out, l)
		}
	}
	if r.IntN(5) == 0 {
		r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	}
	return out
}
