package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

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

func TestGrowthGoldens(t *testing.T) {
	for name, g := range growths {
		requireGoldens(t, growthViews, "growth", name, g)
	}
	requireNoStrays(t, growthViews, "growth", growths)
}

func TestGrowthFormats(t *testing.T) {
	for _, name := range GrowthFormatNames() {
		_, ok := GrowthFormat(name)
		require.True(t, ok)
	}
	_, ok := GrowthFormat("xml")
	require.False(t, ok)
}

func growthAs(t *testing.T, format string, g *growth.Growth, top int) string {
	t.Helper()
	var b bytes.Buffer
	write, ok := GrowthFormat(format)
	require.True(t, ok)
	require.NoError(t, write(&b, g, top, Options{Width: 1000}))
	return b.String()
}

// The first lines say it: by how much, and what made it.
func TestGrowthFirst(t *testing.T) {
	for name, want := range map[string][2]string{
		"grown":   {"agent-layered -> agent-naive: 450.0 MB -> 2.80 GB, +2.35 GB (+522 %), 3 -> 4 layers; compressed 161.0 MB -> 1.20 GB, +1.04 GB (+645 %)", "what grew most: python:torch +1.21 GB, "},
		"layered": {"agent-naive -> agent-layered: 2.80 GB -> 450.0 MB, -2.35 GB (-83.9 %), 4 -> 3 layers; compressed ", "what saved most: python:torch -1.21 GB, "},
		"nothing": {"agent-layered -> agent-layered: nothing changed, 450.0 MB as before, 3 layers", ""},
		"other":   {"app:1.0 -> app:1.0: 10.0 kB as before, 1 layer; compressed 3.00 kB -> 2.99 kB, -10 B (-0.33 %)", "what its packages take, and what no package has, is as much as before"},
	} {
		lines := strings.Split(growthAs(t, "text", growths[name], 10), "\n")
		require.Contains(t, lines[0], want[0], name)
		require.Contains(t, lines[1], want[1], name)
	}
	require.Equal(t, 1, strings.Count(growthAs(t, "text", growths["nothing"], 10), "\n"), "one line")
	require.Equal(t, 1, strings.Count(growthAs(t, "markdown", growths["nothing"], 10), "\n"))
}

// What is listed and what sums up the rest add up to the total, whatever the top.
func TestGrowthJSONAddsUp(t *testing.T) {
	for name, g := range growths {
		var got struct {
			Delta, Unowned, Hidden int64
			Layers, Packages       []struct{ Delta int64 }
			Waste, Files           []struct{ Old, New, Delta int64 }
			Old, New               struct{ Size int64 }
		}
		require.NoError(t, json.Unmarshal([]byte(growthAs(t, "json", g, 1)), &got))
		require.Equal(t, got.New.Size-got.Old.Size, got.Delta, name)
		layers, packages := int64(0), got.Unowned+got.Hidden
		for _, l := range got.Layers {
			layers += l.Delta
		}
		for _, p := range got.Packages {
			packages += p.Delta
		}
		for _, one := range append(got.Waste, got.Files...) {
			require.Equal(t, one.New-one.Old, one.Delta, name)
		}
		require.Equal(t, got.Delta, layers, name)
		require.Equal(t, got.Delta, packages, name)
		require.Len(t, got.Packages, len(g.Packages), "nothing is cut")
	}
}

// No table of what can be cut is wider than the page. Paths are left whole, so that
// they can be copied.
func TestGrowthWidth(t *testing.T) {
	for name, g := range growths {
		for _, width := range []int{80, 100, 132} {
			var b bytes.Buffer
			require.NoError(t, growthText(&b, g, 10, Options{Width: width}))
			for _, line := range strings.Split(b.String(), "\n") {
				if name != "hostile" && !strings.Contains(line, "/lib/") && !strings.HasSuffix(line, "package") {
					require.LessOrEqual(t, columns.StringWidth(line), width, "%s: %q", name, line)
				}
			}
		}
	}
}

// A package whose version alone changed is seen, although it is last by bytes.
func TestRelabelledIsSeen(t *testing.T) {
	text := growthAs(t, "text", growths["grown"], 2)
	require.Regexp(t, `0 B +4\.00 MB +4\.00 MB +python:pydantic +2\.10\.0 -> 2\.9\.2`, text)
	require.Regexp(t, `\+380 MB +500\.0 kB +380\.0 MB +3 others`, text)
	require.Regexp(t, `\+2\.35 GB +total`, text)
}

// A comparison too long for a comment keeps what sums it up and says what it left out.
func TestGrowthMarkdownIsBounded(t *testing.T) { // C7
	g := growth.Between(&inventory.Inventory{}, &inventory.Inventory{})
	for n := range 3000 {
		name := fmt.Sprintf("npm:%d%s", n, strings.Repeat("`x", 90))
		g.Packages = append(g.Packages, growth.Package{Key: name, New: &growth.PackageSide{Size: int64(5000 - n), Version: name}})
		g.Layers = append(g.Layers, growth.Layer{Instruction: name, New: &growth.LayerSide{Index: n}})
		g.Files = append(g.Files, growth.File{Path: name, New: 7})
	}
	rest := int64(0)
	g.OtherFiles = &rest
	text := growthAs(t, "markdown", g, 1<<30)
	require.LessOrEqual(t, utf8.RuneCountInString(text), 65536)
	require.Equal(t, 3, strings.Count(text, "rows left out for want of room"))
	require.Equal(t, 3, strings.Count(text, "| total |"))
	requireInertMarkdown(t, text)
}
