package report

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/opencontainers/go-digest"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/waste"
)

// inventories are every kind of inventory. Each has a golden file for each
// format, testdata/inventory/<name>.<format>.
var inventories = map[string]*inventory.Inventory{
	"service": {
		Reference: "support-agent:dev", ConfigDigest: digest.FromString("x"), Platform: "linux/amd64", Size: 2_800_000_000,
		Layers: []inventory.Layer{
			{DiffID: digest.FromString("a"), Instruction: "ADD rootfs.tar /", Size: 124_000_000, Files: 3214, Unowned: 12_000_000, Hidden: 40_000},
			{DiffID: digest.FromString("b"), Instruction: "RUN pip install -r requirements.txt && python -m compileall /opt/venv # with every extra there is", Size: 2_676_000_000, Files: 41_213, Unowned: 312_000_000},
		},
		Packages: []inventory.Package{
			{Key: "python:torch", Version: "2.5.1+cu124", Bundle: "CUDA: PyTorch with kernels for NVIDIA's GPUs", Size: 1_612_113_211, Files: 12_041, Layer: 1},
			{Key: "deb:gcc-12", Version: "12.2.0-14", Size: 51_613_000, Files: 131},
		},
		Waste: []inventory.Waste{
			{Category: waste.Toolchain, Size: 412_000_000, Files: 9120},
			{Category: waste.Overwritten, Size: 40_000},
			{Category: waste.Accelerator, Size: 1_202_000_000, Files: 42},
		},
		Files:    []inventory.File{{Path: "opt/venv/lib/python3.12/site-packages/torch/lib/libtorch_cuda.so", Size: 902_000_000, Layer: 1, Package: "python:torch"}},
		Problems: []string{"opt/venv/lib/python3.12/site-packages/x.dist-info/RECORD: it is not UTF-8"},
	},
	"empty": {Reference: "scratch", Platform: "linux/amd64"},
	"hostile": {
		Reference: "`<b>` ::error::x", Platform: "linux/amd64", Size: 12,
		Layers:   []inventory.Layer{{Instruction: "\n::error::RUN \x1b[31m ##[add-mask]x", Size: 12}},
		Packages: []inventory.Package{{Key: "npm:\u202e@evil", Version: "\a1", Bundle: "::x", Size: 5}},
		Files:    []inventory.File{{Path: "a\r::stop-commands::x/\xff" + strings.Repeat("long", 100), Size: 7, Package: "##[x]"}},
		Problems: []string{"::error::\x1b]0;title\a"},
	},
}

func TestInventoryGoldens(t *testing.T) {
	for name, found := range inventories {
		for _, format := range InventoryFormatNames() {
			t.Run(name+"/"+format, func(t *testing.T) {
				write, ok := InventoryFormat(format)
				require.True(t, ok)
				var b bytes.Buffer
				require.NoError(t, write(&b, found, 1, Options{Width: 100}))
				requireInert(t, b.String())
				got := cutShell(b.String())
				path := filepath.Join("testdata", "inventory", name+"."+format)
				if *update {
					require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
					require.NoError(t, os.WriteFile(path, []byte(got), 0o666))
				}
				want, err := os.ReadFile(path)
				require.NoError(t, err, "run go test ./internal/report -update")
				require.Equal(t, string(want), got)
				if format == "json" {
					require.True(t, json.Valid(b.Bytes()))
				}
				require.ErrorIs(t, write(failing{0, os.ErrClosed}, found, 1, Options{}), os.ErrClosed)
			})
		}
	}
	_, ok := InventoryFormat("xml")
	require.False(t, ok)
}
