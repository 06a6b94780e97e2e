package report

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/opencontainers/go-digest"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/growth"
	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/waste"
)

// mapPart is a part made of others; what they do not take is in one of its own.
func mapPart(name string, size int64, parts ...*inventory.Part) *inventory.Part {
	left := size
	for _, p := range parts {
		left -= p.Size
	}
	if left > 0 && len(parts) > 0 {
		parts = append(parts, &inventory.Part{Name: inventory.PartSmaller, Size: left})
	}
	slices.SortStableFunc(parts, func(a, b *inventory.Part) int { return int(b.Size - a.Size) })
	return &inventory.Part{Name: name, Size: size, Parts: parts}
}

// sitePackage is a part for a Python distribution and its folder.
func sitePackage(name string, size int64, parts ...*inventory.Part) *inventory.Part {
	return mapPart("python:"+name, size, mapPart("opt/venv/lib/python3.12/site-packages/"+name, size*99/100, parts...))
}

// grownParts is a Python service with torch and what torch brings along, in about
// as many parts as such an image has.
func grownParts() *inventory.Part {
	const mb = 1_000_000
	torch := sitePackage("torch", 812*mb, mapPart("lib", 690*mb, mapPart("files here", 689*mb)), mapPart("include", 58*mb, mapPart("ATen", 30*mb), mapPart("c10", 11*mb)),
		mapPart("_inductor", 9*mb), mapPart("test", 21*mb), mapPart("bin", 12*mb))
	var nvidia []*inventory.Part
	for n, name := range []string{"nvidia-cublas-cu12", "nvidia-cudnn-cu12", "nvidia-nccl-cu12", "nvidia-cusparse-cu12", "nvidia-cusolver-cu12", "nvidia-cufft-cu12", "nvidia-curand-cu12"} {
		size := []int64{411, 371, 188, 92, 82, 88, 61}[n] * mb
		nvidia = append(nvidia, sitePackage(name, size, mapPart("lib", size*97/100), mapPart("include", size*15/1000)))
	}
	install := append([]*inventory.Part{torch, sitePackage("triton", 209*mb, mapPart("backends", 180*mb), mapPart("_C", 22*mb))}, nvidia...)
	for n, name := range []string{"transformers", "scipy", "numpy", "pandas", "scikit-learn", "fastapi", "pydantic-core", "uvicorn"} {
		size := []int64{44, 38, 21, 19, 17, 4, 3, 2}[n] * mb
		install = append(install, sitePackage(name, size, mapPart("core", size/2), mapPart("tests", size/4)))
	}
	install = append(install, mapPart(inventory.PartUnowned, 31*mb, mapPart("root/.cache/pip", 29*mb, mapPart("http-v2", 20*mb))))
	whole := &inventory.Part{Name: "support-agent:ci", Parts: []*inventory.Part{ // in the order of the image
		mapPart("ADD rootfs.tar.xz / # debian:bookworm-slim", 74*mb, mapPart("deb:libc6", 13*mb, mapPart("lib/x86_64-linux-gnu", 12*mb)), mapPart("deb:perl-base", 7*mb), mapPart("deb:coreutils", 6*mb), mapPart(inventory.PartUnowned, 20*mb), mapPart(inventory.PartHidden, 2*mb)),
		mapPart("RUN apt-get update && apt-get install -y build-essential git", 151*mb, mapPart("deb:gcc-12", 51*mb, mapPart("usr/lib/gcc", 44*mb)), mapPart("deb:g++-12", 33*mb), mapPart("deb:git", 21*mb), mapPart(inventory.PartUnowned, 18*mb, mapPart("var/lib/apt/lists", 17*mb))),
		mapPart("RUN pip install -r requirements.txt", 2493*mb, install...),
		mapPart("COPY . .", 3*mb, mapPart(inventory.PartUnowned, 3*mb, mapPart("app/.git", 2*mb))),
		mapPart("", 0),
	}}
	for _, p := range whole.Parts {
		whole.Size += p.Size
	}
	return whole
}

// grownGrowth is how that image came from one of 450 MB.
func grownGrowth() *growth.Growth {
	const mb = 1_000_000
	others := int64(90 * mb)
	side := func(version string, size int64) *growth.PackageSide {
		return &growth.PackageSide{Version: version, Size: size, Layer: 2}
	}
	g := &growth.Growth{
		Old: growth.Side{Reference: "support-agent@main", Since: "2026-11-22 (commit 3f2c1a2b9d4e)", Platform: "linux/amd64", Size: 452 * mb, Layers: 4, ConfigDigest: digest.FromString("old").String()},
		New: growth.Side{Reference: "support-agent:ci", Platform: "linux/amd64", Size: 2721 * mb, Compressed: 1402 * mb, Layers: 5, ConfigDigest: digest.FromString("new").String()},
		Layers: []growth.Layer{
			{Instruction: "ADD rootfs.tar.xz / # debian:bookworm-slim", Old: &growth.LayerSide{Size: 74 * mb, Same: true}, New: &growth.LayerSide{Size: 74 * mb, Same: true}},
			{Instruction: "RUN apt-get update && apt-get install -y build-essential git", New: &growth.LayerSide{Index: 1, Size: 151 * mb}},
			{Instruction: "RUN pip install -r requirements.txt", Old: &growth.LayerSide{Index: 1, Size: 371 * mb}, New: &growth.LayerSide{Index: 2, Size: 2493 * mb}},
			{Instruction: "RUN python -m compileall /opt/venv", Old: &growth.LayerSide{Index: 2, Size: 4 * mb}},
			{Instruction: "COPY . .", Old: &growth.LayerSide{Index: 3, Size: 3 * mb}, New: &growth.LayerSide{Index: 3, Size: 3 * mb}},
		},
		Packages: []growth.Package{
			{Key: "python:torch", Bundle: "CUDA: PyTorch with kernels for NVIDIA's GPUs", Old: side("2.4.0+cpu", 180*mb), New: side("2.5.1+cu124", 812*mb)},
			{Key: "python:nvidia-cublas-cu12", New: side("12.4.5.8", 411*mb)}, {Key: "python:nvidia-cudnn-cu12", New: side("9.1.0.70", 371*mb)},
			{Key: "python:triton", New: side("3.1.0", 209*mb)}, {Key: "python:nvidia-nccl-cu12", New: side("2.21.5", 188*mb)},
			{Key: "deb:gcc-12", New: side("12.2.0-14", 51*mb)}, {Key: "python:faiss-cpu", Old: side("1.8.0", 31*mb)},
		},
		Hidden: 2 * mb, Complete: true, OtherFiles: &others,
		Files: []growth.File{
			{Path: "opt/venv/lib/python3.12/site-packages/torch/lib/libtorch_cuda.so", Old: 0, New: 602 * mb, Layer: 2, Package: "python:torch"},
			{Path: "opt/venv/lib/python3.12/site-packages/nvidia/cublas/lib/libcublasLt.so.12", New: 401 * mb, Layer: 2, Package: "python:nvidia-cublas-cu12"},
			{Path: "opt/venv/lib/python3.12/site-packages/faiss/_swigfaiss.so", Old: 30 * mb, Gone: true, Package: "python:faiss-cpu"},
		},
		Waste: []growth.Waste{
			{Category: waste.Toolchain.Name, Title: waste.Toolchain.Title, New: 131 * mb},
			{Category: waste.Accelerator.Name, Title: waste.Accelerator.Title, Optional: true, New: 1601 * mb},
		},
	}
	g.Unowned = g.Delta() - g.Hidden
	for _, p := range g.Packages {
		g.Unowned -= p.Delta()
	}
	others = g.Delta() - g.Hidden
	for _, f := range g.Files {
		others -= f.Delta()
	}
	return g
}

// drawn are samples around a median.
func drawn(seed uint64, n int, median, spread float64) (all []float64) {
	random := rand.New(rand.NewPCG(seed, 1))
	for range n {
		all = append(all, median*(1+spread*random.NormFloat64()))
	}
	return all
}

// grownImage is a regression as the page is made for: of size and cold start.
func grownImage(name string) budget.ImageResult {
	cold := beside(broke(start(2.14, 0.604)), 8, 3.02, 3.98)
	cold = sampled(cold, drawn(3, 8, 2.14, 0.08), drawn(4, 8, 0.604, 0.09))
	cold.Max = ptr(2.5)
	slow := beside(pull(8.02, 7.301), 12, 1.02, 1.17)
	slow = sampled(slow, drawn(5, 12, 8.02, 0.06), drawn(6, 12, 7.301, 0.06))
	mild := sampled(pull(7.9, 7.3), drawn(8, 5, 7.9, 0.02), drawn(7, 9, 7.3, 0.05))
	mild.Name = "rebuild_time"
	img := image(name, budget.Regression, overMax(broke(size(2721e6, 452e6)), 500e6), broke(compressed(1402e6, 196205311)), layers(5, 4), slow, cold, mild)
	img.Causes = []string{
		"size: +2.27 GB: layer 2 (RUN pip install -r requirements.txt) +2.12 GB: python:torch 2.4.0+cpu -> 2.5.1+cu124 +632 MB, nvidia-* +1.39 GB (new), python:triton +209 MB (new)",
		"size: layer 1 (RUN apt-get update && apt-get install -y build-essential git) is new: +151 MB",
		"cold_start: first answer +1.41 s, start call +0.018 s, port open +0.108 s",
	}
	img.Warnings = []string{"the trials waited 34.2s for those of another gate on this machine"}
	img.Contents, img.Growth = grownParts(), grownGrowth()
	return img
}

// sampled is a row with these samples and their medians.
func sampled(r budget.Row, now, against []float64) budget.Row {
	median := func(all []float64) *float64 {
		sorted := slices.Sorted(slices.Values(all))
		n := len(sorted)
		return ptr((sorted[(n-1)/2] + sorted[n/2]) / 2)
	}
	r.Samples, r.Against, r.Value, r.Baseline = now, against, median(now), median(against)
	r.Change = ptr(*r.Value / *r.Baseline - 1)
	return r
}

func ptr(v float64) *float64 { return &v }

func grownInventory() *inventory.Inventory {
	i := *inventories["service"]
	i.Reference, i.Parts = "support-agent:ci", grownParts()
	i.Size = i.Parts.Size
	return &i
}

func hundreds() budget.Result {
	var images []budget.ImageResult
	for n := range 300 {
		img := grownImage(fmt.Sprintf("service-%d", n))
		if n%50 != 7 {
			img.Verdict, img.Metrics = budget.Pass, []budget.Row{size(402723682, 402723682), pull(7.3, 7.3)}
			img.Causes = nil
		}
		images = append(images, img)
	}
	r := run(1, images...)
	r.Verdict = budget.Regression
	return r
}

func TestGrownPartsAddUp(t *testing.T) {
	var check func(p *inventory.Part)
	check = func(p *inventory.Part) {
		sum := int64(0)
		for _, below := range p.Parts {
			sum += below.Size
			check(below)
		}
		require.True(t, len(p.Parts) == 0 || sum == p.Size, "%s: %d of %d", p.Name, sum, p.Size)
	}
	check(grownParts())
}
