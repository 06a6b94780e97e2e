package budget

import (
	"math"
	"testing"

	"github.com/opencontainers/go-digest"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/inventory"
)

func TestSameImage(t *testing.T) {
	a, b := digest.FromString("a"), digest.FromString("b")
	for _, c := range []struct {
		name      string
		base, now Measurement
		same      bool
	}{
		{"one config", Measurement{ConfigDigest: a}, Measurement{ConfigDigest: a}, true},
		{"one content under two configs", Measurement{ConfigDigest: a, ContentsDigest: b}, Measurement{ConfigDigest: b, ContentsDigest: b}, true},
		{"two images", Measurement{ConfigDigest: a, ContentsDigest: a}, Measurement{ConfigDigest: b, ContentsDigest: b}, false},
		{"contents not known", Measurement{ConfigDigest: a}, Measurement{ConfigDigest: b}, false},
		{"nothing known", Measurement{}, Measurement{}, false},
	} {
		require.Equal(t, c.same, SameImage(c.base, c.now) != "", c.name)
	}
}

// layersOf has layers with n-th content and blob sizes; a negative content is
// another layer of that size.
func layersOf(contents ...int64) (layers []inventory.Layer) {
	for i, size := range contents {
		name := string(rune('a' + i))
		if size < 0 {
			name, size = name+" changed", -size
		}
		layers = append(layers, inventory.Layer{DiffID: digest.FromString(name), Size: size, Compressed: size / 2})
	}
	return layers
}

func TestSameLayers(t *testing.T) {
	recorded := func(layers []inventory.Layer, compressed int64) Measurement {
		for i := range layers {
			layers[i].Compressed = 0 // the file does not say
		}
		return Measurement{Contents: madeOf(layers...), Metrics: map[string]Value{"compressed_size": number(compressed)}}
	}
	for _, c := range []struct {
		name string
		base Measurement
		now  []inventory.Layer
		same bool
	}{
		{"the same", recorded(layersOf(100000, 500), 50250), layersOf(100000, 500), true},
		{"code changed, under 1 %", recorded(layersOf(100000, 500), 50250), layersOf(100000, -510), true},
		{"code changed, over 1 %", recorded(layersOf(100000, 500), 50250), layersOf(100000, -1600), false},
		{"code was over 1 %", recorded(layersOf(100000, 1600), 50800), layersOf(100000, -500), false},
		{"the base changed", recorded(layersOf(100000, 500), 50250), layersOf(-100000, 500), false},
		{"under 1 % of the content, over of the blobs", recorded(layersOf(100000, 500), 51000), layersOf(100000, -500), false},
		{"packed in another way", recorded(layersOf(100000, 500), 70000), layersOf(100000, 500), false},
		{"blobs not recorded", Measurement{Contents: recorded(layersOf(100000, 500), 1).Contents}, layersOf(100000, 500), false},
		{"layers not recorded", recorded(nil, 50250), layersOf(100000, 500), false},
		{"a layer twice counts twice", recorded(append(layersOf(100000), layersOf(100000)...), 100000), layersOf(100000), false},
		{"the image at hand says its blobs itself", Measurement{Contents: madeOf(layersOf(100000, 500)...)}, layersOf(100000, -500), true},
		{"sums that wrap are none", recorded([]inventory.Layer{{Size: math.MaxInt64}, {Size: math.MaxInt64}}, 1), layersOf(100000), false},
	} {
		require.Equal(t, c.same, SameLayers(c.base, Measurement{Contents: madeOf(c.now...)}) != "", c.name)
	}
}

func TestSamePacking(t *testing.T) {
	img := &image.Image{Layers: []image.Layer{{Size: 1000}, {Size: 9000}}}
	for compressed, same := range map[int64]bool{10000: true, 10050: true, 9950: true, 12000: false, 8000: false} {
		require.Equal(t, same, SamePacking(Measurement{Metrics: map[string]Value{"compressed_size": number(compressed)}}, img), compressed)
	}
	require.True(t, SamePacking(Measurement{}, img), "where it is not known there is nothing against it")
}

func TestDrift(t *testing.T) {
	m := func(size, layers int64) Measurement {
		return Measurement{Metrics: map[string]Value{"size": number(size), "layers": number(layers), "pull_time": times(1000)}}
	}
	b := agent("size", "layers", "pull_time", "compressed_size")
	require.Equal(t, []string{
		"size: +60.0 MB since it was recorded: +40.0 MB inherited (commit 3f2c has it too, with nothing of this change), +20.0 MB of this change",
	}, Drift(b, m(400e6, 5), m(440e6, 5), m(460e6, 5), "commit 3f2c"))
	require.Equal(t, []string{
		"size: -3 B since it was recorded: -1 B inherited (git:main has it too, with nothing of this change), -2 B of this change",
		"layers: +0 since it was recorded: +1 inherited (git:main has it too, with nothing of this change), -1 of this change",
	}, Drift(b, m(4, 5), m(3, 6), m(1, 5), "git:main"))
	require.Empty(t, Drift(b, m(400e6, 5), m(400e6, 5), m(460e6, 6), "commit 3f2c"), "all of it is the change's")
}
