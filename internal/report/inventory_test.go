package report

import (
	"strings"
	"testing"

	"github.com/opencontainers/go-digest"
	"github.com/stretchr/testify/require"

	images "github.com/image-budget/image-budget/internal/image" // image is a fixture here
	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/secrets"
	"github.com/image-budget/image-budget/internal/waste"
)

// inventories are every kind of inventory. Each has a golden file for each
// format, testdata/inventory/<name>.<format>.
var inventories = map[string]*inventory.Inventory{
	"service": {
		Reference: "support-agent:dev", ConfigDigest: digest.FromString("x"), Platform: "linux/amd64", Size: 2_800_000_000,
		Base: images.Base{Layers: 1, Name: "python:3.12-slim@sha256:" + strings.Repeat("0", 64), By: "labels"},
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
		Files: []inventory.File{{Path: "opt/venv/lib/python3.12/site-packages/torch/lib/libtorch_cuda.so", Size: 902_000_000, Layer: 1, Package: "python:torch"}},
		Secrets: []secrets.Found{
			{Where: secrets.Environment, Name: "DB_PASSWORD", Kind: "value of a variable that is named as one", Layer: secrets.None},
			{Where: secrets.File, Name: "root/.ssh/id_rsa", Kind: "private key", Layer: 1, Gone: true},
			{Where: secrets.History, Name: "RUN instruction, history entry 4", Kind: "value of PIP_TOKEN", Layer: 1},
		},
		Problems: []string{"opt/venv/lib/python3.12/site-packages/x.dist-info/RECORD: it is not UTF-8"},
	},
	"empty": {Reference: "scratch", Platform: "linux/amd64", Base: images.Base{Name: "scratch", By: "Dockerfile"}},
	"hostile": {
		Reference: "`<b>` ::error::x", Platform: "linux/amd64", Size: 12,
		Base: images.Base{Name: "![i](http://evil.example/i.png)\n::error::@team", By: "annotations"},
		Layers: []inventory.Layer{
			{Instruction: "\n::error::RUN \x1b[31m ##[add-mask]x", Size: 12},
			{Instruction: "RUN `x` | </details> ![i](http://evil.example/i.png) @team <!-- image-budget -->"},
		},
		Packages: []inventory.Package{{Key: "npm:\u202e@evil", Version: "\a1", Bundle: "::x", Size: 5}, {Key: "npm:`|@team", Version: "![i](http://evil.example)", Size: 4}},
		Files:    []inventory.File{{Path: "a\r::stop-commands::x/\xff" + strings.Repeat("long", 100), Size: 7, Package: "##[x]"}},
		Secrets:  []secrets.Found{{Where: secrets.File, Name: "`\x1b[31m|@team/.env", Kind: "GitHub token"}},
		Problems: []string{"::error::\x1b]0;title\a"},
	},
}

func TestInventoryGoldens(t *testing.T) {
	for name, found := range inventories {
		requireGoldens(t, inventoryViews, "inventory", name, found)
	}
	requireNoStrays(t, inventoryViews, "inventory", inventories)
}

func TestInventoryFormats(t *testing.T) {
	for _, name := range InventoryFormatNames() {
		_, ok := InventoryFormat(name)
		require.True(t, ok)
	}
	_, ok := InventoryFormat("xml")
	require.False(t, ok)
}

// TestSaving: what depends on the service is not promised.
func TestSaving(t *testing.T) {
	require.Equal(t, "412.0 MB of 2.80 GB is not needed at run time: build toolchains and headers 412.0 MB, files that a later layer overwrites or deletes 40.0 kB",
		unglue(saving(inventories["service"])))
	require.NotContains(t, saving(inventories["service"]), "accelerator")
}
