package report

import (
	"strings"

	"github.com/image-budget/image-budget/internal/growth"
	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/waste"
)

// growths are every kind of comparison. Each has a golden file for each format and
// look, testdata/growth/<name>.<look>.
var growths = map[string]*growth.Growth{
	"layered":    compared(naive(), layered()),
	"grown":      compared(layered(), naive()),
	"baseline":   recorded(growth.Between(remembered(layered()), naive())),
	"nothing":    compared(layered(), layered()),
	"as-large":   compared(sized(7000, "1.0"), rebuilt(sized(5000, "1.1"))),
	"relabelled": compared(sized(7000, "1.0"), rebuilt(sized(7000, "1.1"))),
	"other":      compared(sized(7000, "1.0"), rebuilt(sized(7000, "1.0"))),
	"from-zero":  compared(&inventory.Inventory{Reference: "scratch"}, sized(7000, "1.0")),
	"hostile":    hostileGrowth(),
}

// naive is an image with everything in it: one stage, CUDA and a compiler.
func naive() *inventory.Inventory {
	return &inventory.Inventory{
		Reference: "agent-naive", Platform: "linux/amd64", Size: 2_800_000_000,
		Layers: []inventory.Layer{
			{DiffID: "sha256:base", Instruction: "ADD rootfs.tar /", Size: 124_000_000, Compressed: 50_000_000, Unowned: 12_000_000, Hidden: 40_000},
			{DiffID: "sha256:apt", Instruction: "RUN apt-get update && apt-get install -y build-essential git curl", Size: 412_000_000, Compressed: 140_000_000, Unowned: 20_000_000, Hidden: 11_960_000},
			{DiffID: "sha256:copy", Instruction: "COPY . .", Size: 26_000_000, Compressed: 9_000_000, Unowned: 26_000_000},
			{DiffID: "sha256:pip", Instruction: "RUN pip install -r requirements.txt && python -m compileall /opt/venv # with every extra there is", Size: 2_238_000_000, Compressed: 1_000_000_000, Unowned: 312_000_000},
		},
		Packages: []inventory.Package{
			{Key: "python:torch", Version: "2.5.1+cu124", Bundle: "CUDA: PyTorch with kernels for NVIDIA's GPUs", Size: 1_512_000_000, Layer: 3},
			{Key: "python:nvidia-cudnn-cu12", Version: "9.1.0.70", Bundle: "CUDA: cuDNN, neural networks", Size: 402_000_000, Layer: 3},
			{Key: "deb:gcc-12", Version: "12.2.0-14", Size: 330_000_000, Layer: 1},
			{Key: "deb:libc6", Version: "2.36-9+deb12u9", Size: 112_000_000},
			{Key: "deb:git", Version: "2.39.5", Size: 50_000_000, Layer: 1},
			{Key: "python:fastapi", Version: "0.115.4", Size: 8_000_000, Layer: 3},
			{Key: "python:pydantic", Version: "2.9.2", Size: 4_000_000, Layer: 3},
		},
		Waste: []inventory.Waste{
			{Category: waste.Toolchain, Size: 412_000_000},
			{Category: waste.Overwritten, Size: 12_000_000},
			{Category: waste.Accelerator, Size: 1_202_000_000},
		},
	}
}

// layered is the same service built in stages.
func layered() *inventory.Inventory {
	return &inventory.Inventory{
		Reference: "agent-layered", Platform: "linux/amd64", Size: 450_000_000,
		Layers: []inventory.Layer{
			{DiffID: "sha256:base", Instruction: "ADD rootfs.tar /", Size: 124_000_000, Compressed: 50_000_000, Unowned: 12_000_000},
			{DiffID: "sha256:uv", Instruction: "RUN uv sync --frozen --no-dev --no-install-project", Size: 322_000_000, Compressed: 110_000_000, Unowned: 9_500_000},
			{DiffID: "sha256:app", Instruction: "COPY --chown=app app /app", Size: 4_000_000, Compressed: 1_000_000, Unowned: 4_000_000},
		},
		Packages: []inventory.Package{
			{Key: "python:torch", Version: "2.5.1+cpu", Bundle: "PyTorch for CPUs", Size: 300_000_000, Layer: 1},
			{Key: "deb:libc6", Version: "2.36-9+deb12u9", Size: 112_000_000},
			{Key: "python:fastapi", Version: "0.115.4", Size: 8_000_000, Layer: 1},
			{Key: "python:pydantic", Version: "2.10.0", Size: 4_000_000, Layer: 1},
			{Key: "python:uvloop", Version: "0.21.0", Size: 500_000, Layer: 1},
		},
		Waste: []inventory.Waste{{Category: waste.Accelerator, Size: 300_000}},
	}
}

// compared has files as well, when the sides differ.
func compared(old, now *inventory.Inventory) *growth.Growth {
	g := growth.Between(old, now)
	g.Files = []growth.File{}
	rest := g.Delta() - g.Hidden
	if len(now.Layers) > 2 && g.Delta() != 0 {
		g.Files = []growth.File{
			{Path: "opt/venv/lib/python3.12/site-packages/torch/lib/libtorch_cuda.so", Old: 902_000_000, Package: "python:torch", Gone: true, Layer: 3},
			{Path: "opt/venv/lib/python3.12/site-packages/torch/lib/libtorch_cpu.so", Old: 403_000_000, New: 240_000_000, Package: "python:torch", Layer: 1},
			{Path: "root/.cache/huggingface/model.safetensors", Old: 290_000_000, Gone: true, Layer: 3},
			{Path: "opt/venv/bin/uv", New: 36_000_000, Layer: 1},
		}
		for n := range g.Files {
			if f := &g.Files[n]; g.Delta() > 0 {
				f.Old, f.New, f.Gone = f.New, f.Old, f.Old == 0
			}
			rest -= g.Files[n].Delta()
		}
	}
	g.OtherFiles = &rest
	return g
}

// remembered is what a baseline keeps: no small packages, and no layer of any.
func remembered(i *inventory.Inventory) *inventory.Inventory {
	i.Reference = "support-agent"
	i.Packages = i.Packages[:2]
	return i
}

func recorded(g *growth.Growth) *growth.Growth {
	g.Old.Since = "2026-11-22 (commit 3f2c1a2b9d4e)"
	g.New.Platform = "linux/arm64"
	g.Times = []growth.Time{{Metric: "pull_time", Old: 5.74, New: 61.2}, {Metric: "cold_start", Old: 1.53, New: 1.53}}
	return g
}

// sized is an image of 10 kB, of which a package has so much.
func sized(size int64, version string) *inventory.Inventory {
	return &inventory.Inventory{
		Reference: "app:" + version, Platform: "linux/amd64", Size: 10_000,
		Layers:   []inventory.Layer{{DiffID: "sha256:base", Instruction: "ADD rootfs.tar /", Size: 10_000, Unowned: 10_000 - size, Compressed: 3000}},
		Packages: []inventory.Package{{Key: "apk:musl", Version: version, Size: size}},
	}
}

func rebuilt(i *inventory.Inventory) *inventory.Inventory {
	i.Layers[0].DiffID, i.Layers[0].Compressed = "sha256:other", 2990
	return i
}

// hostileGrowth is a comparison whose every text wants to be more than a text.
func hostileGrowth() *growth.Growth {
	evil := "`</details>|<img src=x> ![i](http://evil.example/i.png) @team #1 <!-- image-budget -->\n::error::x\u202e\x1b[31m##[add-mask]x"
	old := &inventory.Inventory{
		Reference: "::error::" + evil, Platform: evil, Size: 1000,
		Layers:   []inventory.Layer{{DiffID: "sha256:a", Instruction: "RUN \xff\xfe" + evil, Size: 1000}},
		Packages: []inventory.Package{{Key: "npm:" + evil, Version: "\a" + evil, Bundle: "::x" + evil, Size: 1000}},
	}
	now := &inventory.Inventory{
		Reference: "##[error]" + strings.Repeat("`", 7), Platform: "\n::stop-commands::x", Size: 3400,
		Layers:   []inventory.Layer{{DiffID: "sha256:b", Instruction: "\n::add-mask::" + evil, Size: 3400, Unowned: 1400}},
		Packages: []inventory.Package{{Key: "npm:" + evil, Version: "2" + strings.Repeat("long", 200), Size: 2000}},
	}
	g := compared(old, now)
	g.Old.Since = "\r::warning::" + evil
	g.Files = []growth.File{{Path: "a\r::stop-commands::x/\xff" + evil + strings.Repeat("long", 100), New: 1400}, {Path: evil, New: 1000, Package: "::x" + evil}}
	rest := int64(0)
	g.OtherFiles = &rest
	return g
}
