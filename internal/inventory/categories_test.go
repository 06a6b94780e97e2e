package inventory_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image/imagetest"
)

// TestCategories: what is in a layer appears under its category, to the byte,
// whether or not a package owns it.
func TestCategories(t *testing.T) {
	var entries []imagetest.Entry
	want := map[string]int64{}
	add := func(category, path string, size int) {
		entries = append(entries, imagetest.File(path, imagetest.Noise(uint64(len(entries)), size)))
		if category != "" {
			want[category] += int64(size)
		}
	}
	for i := range 30 {
		add("tests", fmt.Sprintf("opt/venv/lib/python3.12/site-packages/pandas/tests/frame/test_%d.py", i), 1_000_000)
	}
	add("caches", "root/.cache/pip/http-v2/a/b/c/d/e/abcde.body", 700_001)
	add("caches", "var/lib/apt/lists/mirror_debian_dists_bookworm_main_binary-amd64_Packages", 400_003)
	add("caches", "var/cache/apt/archives/gcc_12.deb", 90_001)
	add("version_control", "app/.git/objects/pack/pack-0a1b.pack", 250_007)
	add("version_control", "app/.git/HEAD", 21)
	add("models", "app/weights/model.safetensors", 5_000_011)
	add("documentation", "usr/share/man/man1/gcc.1.gz", 13_001)
	add("documentation", "usr/share/doc/gcc/README", 4_007)
	add("toolchain", "usr/lib/gcc/x86_64-linux-gnu/12/cc1", 3_300_013)
	add("toolchain", "usr/bin/x86_64-linux-gnu-gcc-12", 1_000_003)
	add("toolchain", "usr/include/stdio.h", 31_001)
	add("", "app/main.py", 2_003)
	add("", "opt/venv/lib/python3.12/site-packages/pandas/core/frame.py", 400_009)
	found := taken(t, 3, imagetest.Tar(t, entries...))
	sizes := map[string]int64{}
	for _, w := range found.Waste {
		sizes[w.Name] = w.Size
	}
	require.Equal(t, want, sizes)
	require.Equal(t, want["tests"]+want["caches"]+want["version_control"]+want["documentation"]+want["toolchain"], found.Needless())
}
