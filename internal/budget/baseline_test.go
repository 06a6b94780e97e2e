package budget

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/opencontainers/go-digest"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/waste"
)

var (
	digestA = digest.FromString("a")
	digestB = digest.FromString("b")
)

func number(n int64) Value { return Value{Number: &n} }

func times(milliseconds ...int) Value {
	var v Value
	for _, ms := range milliseconds {
		v.Samples = append(v.Samples, time.Duration(ms)*time.Millisecond)
	}
	return v
}

// measured is what a baseline of a usual image holds.
func measured() Measurement {
	return Measurement{
		Image: "support-agent", Platform: image.Platform{OS: "linux", Architecture: "amd64"},
		ConfigDigest: digestA, ManifestDigest: digestB,
		Reference: "ghcr.io/acme/support-agent@" + digestB.String(), Commit: "3f2c1a2b9d4e5f60718293a4b5c6d7e8f9012345",
		Recorded:     time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC),
		RecordedWith: Machine{Tool: "0.1.0", Engine: "20.10.24 overlay2", CPU: "AMD EPYC 7763", CPUs: 2, Kernel: "6.18"},
		Link:         Link{Bandwidth: 1e9, Latency: 10 * time.Millisecond},
		Metrics: map[string]Value{
			"size": number(402723682), "compressed_size": number(196205311), "layers": number(5),
			"pull_time": times(7498, 7341, 7282, 7101, 7200), "cold_start": times(621, 640, 600, 633, 610),
		},
		Contents: madeOf(
			inventory.Layer{DiffID: digestA, Size: 74000000, Files: 3500, Unowned: inventory.Unknown, Hidden: inventory.Unknown, Instruction: "/bin/sh -c #(nop) ADD file:9 in / "},
			inventory.Layer{DiffID: digestB, Unowned: inventory.Unknown, Hidden: inventory.Unknown, Instruction: `RUN echo "a: b # c" && x`},
		),
	}
}

// madeOf is what a baseline of a usual image says of those layers.
func madeOf(layers ...inventory.Layer) *inventory.Inventory {
	i := &inventory.Inventory{Reference: "support-agent", ConfigDigest: digestA, Platform: "linux/amd64", Layers: layers}
	for _, l := range layers {
		i.Size += l.Size
	}
	return i
}

const measuredFile = `version: 1
image: support-agent
platform: linux/amd64
config_digest: sha256:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb
manifest_digest: sha256:3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d
reference: ghcr.io/acme/support-agent@sha256:3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d
commit: 3f2c1a2b9d4e5f60718293a4b5c6d7e8f9012345
recorded: 2026-11-22T10:00:00Z
recorded_with: {tool: 0.1.0, engine: "20.10.24 overlay2", cpu: "AMD EPYC 7763", cpus: 2, kernel: "6.18"}
link: {bandwidth: 1Gbit/s, latency: 10ms}
metrics:
  size: 402723682
  compressed_size: 196205311
  layers: 5
  pull_time: {median: 7.282s, samples: [7.498s, 7.341s, 7.282s, 7.101s, 7.2s]}
  cold_start: {median: 0.621s, samples: [0.621s, 0.64s, 0.6s, 0.633s, 0.61s]}
contents:
  layers:
    - {diff_id: "sha256:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb", size: 74000000, files: 3500, instruction: "/bin/sh -c #(nop) ADD file:9 in / "}
    - {diff_id: "sha256:3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d", size: 0, files: 0, instruction: "RUN echo \"a: b # c\" && x"}
`

func TestBaselineFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "support-agent.baseline.yaml")
	want := measured()
	require.NoError(t, Save(path, want))
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, measuredFile, string(data))
	got, err := LoadBaseline(path)
	require.NoError(t, err)
	require.Equal(t, &want, got)
}

// TestBaselineReadsThePartsThatAreNotWrittenYet has the parts of the format that
// nothing here writes yet.
func TestBaselineReadsThePartsThatAreNotWrittenYet(t *testing.T) {
	text := strings.Replace(measuredFile, "commit:", "contents_digest: "+digestA.String()+"\ncommit:", 1)
	text = strings.Replace(text, `kernel: "6.18"`, "kernel: 6.18", 1)
	text += "  packages: {\"python:torch\": {version: 2.5.1, size: 812113211}, \"deb:gcc-12\": {version: 12, size: 1}}\n"
	m, err := decodeBaseline("x", []byte(text))
	require.NoError(t, err)
	require.Equal(t, digestA, m.ContentsDigest)
	require.Equal(t, "6.18", m.RecordedWith.Kernel)
	require.Len(t, m.Contents.Layers, 2)
	require.Equal(t, []inventory.Package{{Key: "python:torch", Version: "2.5.1", Size: 812113211, Layer: -1}, {Key: "deb:gcc-12", Version: "12", Size: 1, Layer: -1}}, m.Contents.Packages)
}

func TestBaselineKeepsAnyText(t *testing.T) {
	for _, text := range []string{
		"RUN a\nRUN b", "tab\there", "\x00\x01\x1b[31m\x7f", "\u0085\u2028\u2029\ufeff", "emoji 🐍", `quotes ' " \ and # : {}[],&*!|>%@`,
		" leading and trailing ", "null", "true", "1", "0x10", "2026-11-22", "~", "- a", "? b", "<<", "=", "::error::x", "---", "...",
		strings.Repeat("é", 100),
	} {
		m := measured()
		m.Contents = madeOf(inventory.Layer{DiffID: digestA, Instruction: text})
		m.Contents.Reference = text
		m.RecordedWith.CPU, m.RecordedWith.Engine, m.RecordedWith.Kernel, m.Image = text, text, text, text
		path := filepath.Join(t.TempDir(), "x.baseline.yaml")
		require.NoError(t, Save(path, m), "%q", text)
		got, err := LoadBaseline(path)
		require.NoError(t, err, "%q", text)
		require.Equal(t, &m, got, "%q", text)
	}
	m := measured()
	m.Contents.Layers[0].Instruction = "RUN \xff\xfe"
	path := filepath.Join(t.TempDir(), "x.baseline.yaml")
	require.NoError(t, Save(path, m))
	got, err := LoadBaseline(path)
	require.NoError(t, err)
	require.Equal(t, "RUN \ufffd", got.Contents.Layers[0].Instruction, "YAML has no form for bytes that are not UTF-8")
}

func TestEmptyBaseline(t *testing.T) {
	path := filepath.Join(t.TempDir(), "agent.baseline.yaml")
	require.NoError(t, os.WriteFile(path, []byte("\n"), 0o600))
	_, err := LoadBaseline(path)
	requireFault(t, err, "is empty", "run image-budget record agent")
}

// TestBaselineStaysReadable: however many layers an image has and however long
// their instructions are, the file is within what LoadBaseline takes.
func TestBaselineStaysReadable(t *testing.T) {
	for _, layers := range []int{1, 127, 500, 2000} {
		m := measured()
		m.Contents = madeOf(make([]inventory.Layer, layers)...)
		for i := range m.Contents.Layers {
			m.Contents.Layers[i] = inventory.Layer{DiffID: digestA, Size: 1, Files: 1, Instruction: strings.Repeat("RUN é", 10000)}
		}
		path := filepath.Join(t.TempDir(), "x.baseline.yaml")
		require.NoError(t, Save(path, m))
		got, err := LoadBaseline(path)
		require.NoError(t, err)
		require.Equal(t, m.Metrics, got.Metrics)
	}
}

func TestBaselineLeavesOutWhatWasNotMeasured(t *testing.T) {
	m := measured()
	m.Metrics["cold_start"] = Value{Reason: "no container was run"}
	path := filepath.Join(t.TempDir(), "x.baseline.yaml")
	require.NoError(t, Save(path, m))
	got, err := LoadBaseline(path)
	require.NoError(t, err)
	require.NotContains(t, got.Metrics, "cold_start")
	require.Len(t, got.Metrics, 4)
}

func TestBaselineRejected(t *testing.T) {
	for _, c := range []struct {
		name, old, new string
		line           int
		problem, hint  string
	}{
		{"E3 negative", "size: 402723682", "size: -1", 12, "metrics.size is -1", "a whole number from 0"},
		{"E3 NaN", "size: 402723682", "size: .nan", 12, "metrics.size is .nan", "in digits"},
		{"E3 infinite", "size: 402723682", "size: .inf", 12, "metrics.size is .inf", "in digits"},
		{"E3 null", "size: 402723682", "size: null", 12, "a value is missing", ""},
		{"E3 no value", "size: 402723682", "size:", 12, "a value is missing", ""},
		{"E3 1e309", "size: 402723682", "size: 1e309", 12, "metrics.size is 1e309", "in digits"},
		{"E3 beyond 64 bits", "size: 402723682", "size: 9223372036854775808", 12, "metrics.size is 9223372036854775808", ""},
		{"E3 quoted", "size: 402723682", `size: "402723682"`, 12, `metrics.size is "402723682"`, "without quotes"},
		{"E3 float", "size: 402723682", "size: 402723682.0", 12, "metrics.size is 402723682.0", ""},
		{"E3 time of 0", "[7.498s, ", "[0s, ", 15, "0s is no time at all", "30s"},
		{"E3 negative time", "[7.498s, ", "[-7.498s, ", 15, "-7.498s is not a duration", "30s"},
		{"E3 time that is NaN", "[7.498s, ", "[.nan, ", 15, ".nan is not a duration", "30s"},
		{"E3 null time", "[7.498s, ", "[null, ", 15, "a value is missing", ""},
		{"E3 time of 1e309", "[7.498s, ", "[1e309s, ", 15, "1e309s is not a duration", "30s"},
		{"E3 median of 0", "median: 7.282s", "median: 0s", 15, "0s is no time at all", ""},
		{"no samples", "samples: [7.498s, 7.341s, 7.282s, 7.101s, 7.2s]", "samples: []", 15, "has no samples", ""},
		{"samples are missing", ", samples: [7.498s, 7.341s, 7.282s, 7.101s, 7.2s]", "", 15, "samples is missing", ""},
		{"median that is not the samples'", "median: 7.282s", "median: 9.282s", 15, "metrics.pull_time.median is 9.282s, and the median of the samples is 7.282s", "record"},
		{"number for a time", "pull_time: {", "pull_time: 7\n#", 15, "metrics.pull_time is not a mapping", ""},
		{"time for a number", "layers: 5\n", "layers: 5s\n", 14, "metrics.layers is 5s", ""},
		{"E7 newer", "version: 1\n", "version: 2\n", 1, "newer than this tool", "update image-budget"},
		{"E7 older", "version: 1\n", "version: 0\n", 1, "older than this tool", "image-budget record"},
		{"E4 unknown key", "commit: 3f2c1a2b9d4e5f60718293a4b5c6d7e8f9012345", "comit: 3f2c", 7, `no key "comit"`, "did you mean commit?"},
		{"a commit that moves", "commit: 3f2c1a2b9d4e5f60718293a4b5c6d7e8f9012345", "commit: HEAD", 7, `commit is "HEAD", not the full ID of a commit`, "record"},
		{"contents of a time", "median: 7.282s, ", "contents_digest: x, median: 7.282s, ", 15, "is not a digest", "64 hexadecimal digits"},
		{"E4 unknown metric", "layers: 5\n", "layers: 5\n  start_time: {median: 1s, samples: [1s]}\n", 15, `no key "start_time" in metrics`, "pull_time"},
		{"E4 duplicate key", "commit: 3f2c1a2b9d4e5f60718293a4b5c6d7e8f9012345", "commit: 3f2c1a2b9d4e5f60718293a4b5c6d7e8f9012345\nimage: y", 8, "given twice", ""},
		{"E4 alias", "commit: 3f2c1a2b9d4e5f60718293a4b5c6d7e8f9012345", "commit: *c", 7, "alias", ""},
		{"E13 conflict marker", "metrics:\n", "metrics:\n<<<<<<< HEAD\n", 12, "has a merge conflict", "keep one side whole, or run image-budget record"},
		{"E13 conflict over the whole file", "version: 1\n", "<<<<<<< HEAD\nversion: 1\n", 1, "has a merge conflict", "resolve it"},
		{"E13 base of a conflict", "metrics:\n", "metrics:\n||||||| base\n", 12, "has a merge conflict", "resolve it"},
		{"no metrics", "metrics:\n", "metric:\n", 11, `there is no key "metric"`, "metrics"},
		{"digest", "config_digest: sha256:ca", "config_digest: sha256:", 4, "is not a digest", "64 hexadecimal digits"},
		{"date", "2026-11-22T10:00:00Z", "yesterday", 8, "yesterday is not a date", "2026-11-22T10:00:00Z"},
		{"layer without a size", "size: 74000000, ", "", 19, "contents.layers[0].size is missing", ""},
		{"layer of a negative size", "size: 74000000", "size: -4", 19, "contents.layers[0].size is -4", ""},
		{"bandwidth", "bandwidth: 1Gbit/s", "bandwidth: 1Gbps", 10, "1Gbps is not an amount", "1Gbit/s"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Contains(t, measuredFile, c.old)
			path := filepath.Join(t.TempDir(), "x.baseline.yaml")
			require.NoError(t, os.WriteFile(path, []byte(strings.Replace(measuredFile, c.old, c.new, 1)), 0o600))
			_, err := LoadBaseline(path)
			requireFault(t, err, c.problem, c.hint)
			var fault *FileError
			require.ErrorAs(t, err, &fault)
			require.Equal(t, c.line, fault.Line, "%v", err)
		})
	}
}

// TestMatch has E7: a baseline of something else is no baseline.
func TestMatch(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "agent.yaml")
	b := Defaults()
	b.Name, b.Path, b.Image = "agent", path, "support-agent"
	b.Platform = image.Platform{OS: "linux", Architecture: "amd64"}

	none, err := BaselineFor(b)
	require.NoError(t, err)
	require.Nil(t, none, "no baseline yet is no fault")

	require.NoError(t, Save(BaselinePath(path), measured()))
	found, err := BaselineFor(b)
	require.NoError(t, err)
	require.Equal(t, "support-agent", found.Image)

	for _, c := range []struct {
		name   string
		change func(*Budget)
		want   string
	}{
		{"E7 image", func(b *Budget) { b.Image = "other" }, `the baseline is for image "support-agent", the budget for "other"`},
		{"E7 platform", func(b *Budget) { b.Platform.Architecture = "arm64" }, "the baseline is for platform linux/amd64, the budget for linux/arm64"},
		{"E7 bandwidth", func(b *Budget) { b.Link.Bandwidth = 80e6 }, "the baseline is for link 1Gbit/s, 10ms, the budget for 80Mbit/s, 10ms"},
		{"E7 latency", func(b *Budget) { b.Link.Latency = 0 }, "the budget for 1Gbit/s, 0s"},
	} {
		t.Run(c.name, func(t *testing.T) {
			other := b
			c.change(&other)
			_, err := BaselineFor(other)
			requireFault(t, err, c.want, "image-budget record agent")
			require.ErrorContains(t, err, filepath.Join(dir, "agent.baseline.yaml"))
		})
	}
}

func TestMedian(t *testing.T) {
	require.Equal(t, time.Duration(0), Median(nil))
	require.Equal(t, time.Duration(3), Median([]time.Duration{3}))
	require.Equal(t, time.Duration(2), Median([]time.Duration{3, 1, 2}))
	require.Equal(t, time.Duration(3), Median([]time.Duration{9, 4, 1, 2}))
	samples := []time.Duration{3, 1, 2}
	Median(samples)
	require.Equal(t, []time.Duration{3, 1, 2}, samples, "samples keep the order of the trials")
}

// TestBaselineKeepsContents: what an image is made of comes back as it was
// recorded, but for what only the image itself can tell.
func TestBaselineKeepsContents(t *testing.T) {
	m := measured()
	m.Contents = madeOf(inventory.Layer{DiffID: digestA, Size: 900, Compressed: 300, Files: 7, Unowned: 100, Hidden: 50, Instruction: "RUN pip install"})
	m.Contents.Packages = []inventory.Package{
		{Key: "python:torch", Version: "2.5.1", Size: 700, Files: 3, Bundle: "PyTorch", Layer: 0},
		{Key: "deb:gcc-12", Version: "12", Size: 40},
		{Key: "npm:@types/node", Version: "", Size: 8},
		{Key: "npm:@types/node", Version: "20", Size: 2},
	}
	m.Contents.Waste = []inventory.Waste{{Category: waste.Caches, Size: 90, Files: 2}, {Category: waste.Models, Size: 60}}
	path := filepath.Join(t.TempDir(), "x.baseline.yaml")
	require.NoError(t, Save(path, m))
	got, err := LoadBaseline(path)
	require.NoError(t, err)
	require.Equal(t, m.Contents.Layers, got.Contents.Layers)
	require.True(t, got.Contents.Complete())
	require.Zero(t, got.Contents.Rest())
	require.Equal(t, []inventory.Package{
		{Key: "deb:gcc-12", Version: "12", Size: 40, Layer: -1},
		{Key: "npm:@types/node", Version: "20", Size: 10, Layer: -1},
		{Key: "python:torch", Version: "2.5.1", Size: 700, Layer: -1},
	}, got.Contents.Packages, "in the order of their names")
	require.Equal(t, []inventory.Waste{{Category: waste.Caches, Size: 90}, {Category: waste.Models, Size: 60}}, got.Contents.Waste)
}

// TestBaselineLeavesOutSmallPackages: what has no room are the smallest ones,
// and how much that is can be told.
func TestBaselineLeavesOutSmallPackages(t *testing.T) {
	m := measured()
	m.Contents = madeOf(inventory.Layer{DiffID: digestA, Size: 2000 * 2001 / 2})
	for i := range 2000 {
		m.Contents.Packages = append(m.Contents.Packages, inventory.Package{Key: fmt.Sprintf("deb:a-package-of-some-length-%d", i), Version: "1:2.3.4-5+deb12u6", Size: int64(i + 1)})
	}
	path := filepath.Join(t.TempDir(), "x.baseline.yaml")
	require.NoError(t, Save(path, m))
	got, err := LoadBaseline(path)
	require.NoError(t, err)
	require.Len(t, got.Contents.Packages, 400)
	require.EqualValues(t, 1600*1601/2, got.Contents.Rest())
	require.NotContains(t, got.Contents.Packages, m.Contents.Packages[0])
}
