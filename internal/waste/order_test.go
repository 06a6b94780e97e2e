package waste

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A package's remains go with the package, and what a cache holds with the cache.
func TestOrder(t *testing.T) {
	for _, c := range []struct{ file, category string }{
		{"usr/share/doc/gcc-12/README.Debian deb:gcc-12", "toolchain"},
		{"usr/share/doc/gcc-12-base/README.Debian deb:gcc-12-base", "documentation"},
		{"usr/share/man/man1/git.1.gz deb:git-man", "development"},
		{"usr/lib/x86_64-linux-gnu/valgrind/libvex-amd64-linux.a deb:valgrind", "development"},
		{"app/.venv/lib/python3.12/site-packages/hypothesis/extra/pandas/tests/x.py", "development"},
		{"app/.venv/lib/python3.12/site-packages/nvidia/cudnn/include/cudnn.h python:nvidia-cudnn-cu12", "accelerator"},
		{"usr/local/cuda-12.4/targets/x86_64-linux/include/cudnn.h", "toolchain"},
		{"usr/local/cuda-12.4/targets/x86_64-linux/lib/libcublas.so.12", "accelerator"},
		{"root/.cache/uv/archive-v0/Xq/torch/include/ATen/ATen.h", "caches"},
		{"root/.cache/uv/git-v0/db/3f/.git/HEAD", "caches"},
		{"app/tests/fixtures/weights.safetensors", "tests"},
		{"usr/share/doc/iris/iris.csv 9000000", "documentation"},
		{"app/.git/lfs/objects/ab/model.onnx", "version_control"},
		{"app/web/node_modules/webpack/README.md", "assets"},
	} {
		require.Equal(t, c.category, nameOf(files(t, c.file)[0]), c.file)
	}
}

// The names are in budgets and in saved results.
func TestNames(t *testing.T) {
	for _, name := range strings.Fields(`toolchain tests development caches documentation version_control models assets
		accelerator overwritten duplicate bytecode`) {
		_, ok := Named(name)
		require.True(t, ok, name)
	}
	require.Len(t, Categories, 12)
}
