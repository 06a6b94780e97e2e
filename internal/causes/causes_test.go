package causes

import (
	"fmt"
	"strings"
	"testing"

	"github.com/opencontainers/go-digest"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/growth"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/waste"
)

func made(layers ...inventory.Layer) *inventory.Inventory {
	i := &inventory.Inventory{Layers: layers}
	for n, l := range layers {
		i.Size += l.Size
		if l.DiffID == "" {
			layers[n].DiffID = digest.FromString(fmt.Sprint(l.Instruction, l.Size))
		}
	}
	return i
}

func with(i *inventory.Inventory, packages ...inventory.Package) *inventory.Inventory {
	i.Packages = packages
	return i
}

func over(names ...string) (rows []budget.Row) {
	for _, name := range names {
		rows = append(rows, budget.Row{Name: name, Verdict: budget.Regression})
	}
	return rows
}

var (
	old = with(made(
		inventory.Layer{Instruction: "ADD rootfs", Size: 80e6, Compressed: 30e6, Unowned: 80e6},
		inventory.Layer{Instruction: "RUN uv sync", Size: 300e6, Compressed: 100e6, Unowned: 0},
		inventory.Layer{Instruction: "COPY . .", Size: 1e6, Compressed: 500e3, Unowned: 1e6}),
		inventory.Package{Key: "python:numpy", Version: "1.26.4", Size: 300e6, Layer: 1})
	grown = with(made(
		inventory.Layer{Instruction: "ADD rootfs", Size: 80e6, Compressed: 30e6, Unowned: 40e6, Hidden: 40e6},
		inventory.Layer{Instruction: "RUN uv sync", Size: 2400e6, Compressed: 700e6, Unowned: 100e6},
		inventory.Layer{Instruction: "COPY . .", Size: 51e6, Compressed: 49e6, Unowned: 51e6},
		inventory.Layer{Instruction: "RUN make", Size: 10e6, Compressed: 5e6, Unowned: 10e6, Largest: []inventory.File{{Path: "out/a", Size: 9e6, Layer: 3}}}),
		inventory.Package{Key: "python:torch", Version: "2.5.1", Size: 1900e6, Layer: 1},
		inventory.Package{Key: "python:numpy", Version: "2.1.0", Size: 400e6, Layer: 1})
)

func TestOf(t *testing.T) {
	g := growth.Between(old, grown)
	g.Old.Since = "2026-11-22 (commit 3f2c1a2b9d4e)"
	for _, c := range []struct {
		name string
		rows []budget.Row
		want []string
	}{
		{"nothing broke", []budget.Row{{Name: "size", Verdict: budget.Pass}, {Name: "layers", Verdict: budget.Inconclusive}}, nil},
		{"size", over("size"), []string{
			"size: +2.10 GB by RUN uv sync (layer 1) since 2026-11-22 (commit 3f2c1a2b9d4e): python:torch 2.5.1, new, +1.90 GB; python:numpy 1.26.4 -> 2.1.0 +100 MB; files of no package +100 MB",
			"size: +60.0 MB by 2 other layers",
		}},
		{"blobs, after the size", over("size", "compressed_size"), []string{
			"size: +2.10 GB by RUN uv sync (layer 1) since 2026-11-22 (commit 3f2c1a2b9d4e): python:torch 2.5.1, new, +1.90 GB; python:numpy 1.26.4 -> 2.1.0 +100 MB; files of no package +100 MB",
			"size: +60.0 MB by 2 other layers",
			"compressed_size: +600 MB by RUN uv sync (layer 1) since 2026-11-22 (commit 3f2c1a2b9d4e); +48.5 MB by COPY . . (layer 2); +5.00 MB by RUN make (layer 3)",
		}},
		{"blobs alone say what is in them", over("compressed_size"), []string{
			"compressed_size: +600 MB by RUN uv sync (layer 1) since 2026-11-22 (commit 3f2c1a2b9d4e): unpacked, python:torch 2.5.1, new, +1.90 GB; python:numpy 1.26.4 -> 2.1.0 +100 MB; files of no package +100 MB",
			"compressed_size: +48.5 MB by COPY . . (layer 2): unpacked, files of no package +50.0 MB",
			"compressed_size: +5.00 MB by RUN make (layer 3): unpacked, files of no package +10.0 MB (/out/a +9.00 MB)",
		}},
		{"layers", over("layers"), []string{"layers: 1 more since 2026-11-22 (commit 3f2c1a2b9d4e): RUN make (layer 3)"}},
		{"a pull", over("pull_time"), []string{
			"pull_time: +600 MB to transfer by RUN uv sync (layer 1) since 2026-11-22 (commit 3f2c1a2b9d4e): unpacked, python:torch 2.5.1, new, +1.90 GB; python:numpy 1.26.4 -> 2.1.0 +100 MB; files of no package +100 MB",
			"pull_time: +48.5 MB to transfer by COPY . . (layer 2): unpacked, files of no package +50.0 MB",
			"pull_time: +5.00 MB to transfer by RUN make (layer 3): unpacked, files of no package +10.0 MB (/out/a +9.00 MB)",
			"pull_time: +2.16 GB to unpack",
		}},
		{"a start has phases", over("cold_start"), nil},
	} {
		require.Equal(t, c.want, Of(c.rows, g, grown), c.name)
	}
}

// What grew in the base image is told from what one's own instructions added.
func TestBaseImage(t *testing.T) {
	for _, c := range []struct {
		base image.Base
		want string
	}{
		{image.Base{}, "layers: 2 more: ADD rootfs (layer 0); layer 1"},
		{image.Base{Layers: 1, Name: "python:3.12-slim@sha256:00", By: "labels"}, "layers: 2 more: ADD rootfs (layer 0, of the base image python:3.12-slim); layer 1"},
		{image.Base{Layers: 2, By: "history"}, "layers: 2 more: ADD rootfs (layer 0, of the base image); layer 1, of the base image"},
	} {
		before := made(inventory.Layer{Instruction: "COPY old", Size: 5})
		now := made(inventory.Layer{Instruction: "ADD rootfs", Size: 80}, inventory.Layer{Size: 7})
		now.Base = c.base
		lines := Of(over("layers"), growth.Between(before, now), now)
		require.Equal(t, []string{c.want, "layers: 1 gone: COPY old (layer 0 of the baseline)"}, lines)
	}
}

// TestToldOnce: a pull that grew with the size does not repeat which layers it was.
func TestToldOnce(t *testing.T) {
	lines := Of(over("size", "compressed_size", "pull_time"), growth.Between(old, grown), grown)
	require.Equal(t, "pull_time: +654 MB to transfer and +2.16 GB to unpack", lines[len(lines)-1])
	require.Len(t, lines, 4, "two layers that grew, the blobs in a line, the pull in one")
}

// TestLeads: what has a name makes up at least 95 % of what a metric grew by.
func TestLeads(t *testing.T) {
	for _, sizes := range [][]int64{{1}, {100, 100, 100}, {1000, 1, 1, 1}, {5, 4, 3, 2, 1}} {
		now := made(inventory.Layer{Instruction: "RUN install"})
		for i, size := range sizes {
			now.Packages = append(now.Packages, inventory.Package{Key: fmt.Sprintf("deb:p%d", i), Version: "1", Size: size * 1000})
			now.Layers[0].Size += size * 1000
			now.Size += size * 1000
		}
		lines := Of(over("size"), growth.Between(made(), now), now)
		require.Len(t, lines, 1)
		var named, all int64
		for i, size := range sizes {
			all += size
			if strings.Contains(lines[0], fmt.Sprintf("deb:p%d 1, new,", i)) {
				named += size
			}
		}
		require.GreaterOrEqual(t, float64(named), 0.95*float64(all), lines[0])
	}
}

func TestUnknownBefore(t *testing.T) {
	require.Nil(t, Of(over("size"), nil, grown), "a baseline that does not say what its image held")
	ceiling := []budget.Row{{Name: "size", Verdict: budget.OverMax}}
	require.Equal(t, []string{
		"size: 2.40 GB by RUN uv sync (layer 1): python:torch 2.5.1 1.90 GB; python:numpy 2.1.0 400 MB; files of no package 100 MB",
		"size: 80.0 MB by ADD rootfs (layer 0): files of no package 40.0 MB; overwritten or deleted by later layers 40.0 MB",
		"size: 61.0 MB by 2 other layers",
	}, Of(ceiling, nil, grown), "all of the image is explained then")
	bare := made(inventory.Layer{Instruction: "RUN uv sync", Size: 300e6, Unowned: inventory.Unknown, Hidden: inventory.Unknown})
	lines := Of(over("compressed_size"), growth.Between(bare, grown), grown)
	require.Len(t, lines, 1)
	require.Contains(t, lines[0], "not known")
}

func TestWaste(t *testing.T) {
	now := made(inventory.Layer{Instruction: "RUN a", Size: 100})
	now.Waste = []inventory.Waste{{Category: waste.Caches, Size: 7e6}, {Category: waste.Tests, Size: 3e6}, {Category: waste.Models, Size: 90e6}}
	before := made(inventory.Layer{Instruction: "RUN a", Size: 100})
	before.Waste = []inventory.Waste{{Category: waste.Tests, Size: 1e6}}
	lines := Of(over("waste"), growth.Between(before, now), now)
	require.Equal(t, []string{"waste: +9.00 MB: " + waste.Caches.Title + " +7.00 MB, " + waste.Tests.Title + " +2.00 MB"}, lines)
}

// What no service needs is told beside what grew, unless it is next to nothing.
func TestNeedless(t *testing.T) {
	now, before := *grown, *old
	now.Waste = []inventory.Waste{{Category: waste.Toolchain, Size: 600e6}, {Category: waste.Tests, Size: 90e6}, {Category: waste.Models, Size: 90e6}}
	lines := Of(over("size"), growth.Between(&before, &now), &now)
	require.Equal(t, "size: no service needs, of all that: build toolchains and headers +600 MB, test packages and test folders +90.0 MB (+690 MB)", lines[len(lines)-1])
	now.Waste = []inventory.Waste{{Category: waste.Tests, Size: 9e6}}
	require.NotContains(t, strings.Join(Of(over("size"), growth.Between(&before, &now), &now), "\n"), "no service needs")
	require.NotContains(t, strings.Join(Of(over("pull_time"), growth.Between(&before, &now), &now), "\n"), "no service needs")
}
