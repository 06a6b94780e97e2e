package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image/imagetest"
	"github.com/image-budget/image-budget/internal/report"
)

// B4, B5: bombs take no more memory than other images, and a window that is too
// large is refused before there is memory for it.
func TestBombs(t *testing.T) {
	const size = 320 << 20
	file := imagetest.Tar(t, imagetest.File("bomb", ""))[:512]
	imagetest.SetSize(file, size)
	plain := append(bytes.Clone(file), make([]byte, size+1024)...)
	zeros := size/(128<<10) + 1
	whole := append(bytes.Clone(file), make([]byte, size+128<<10)...)
	diffID := imagetest.DiffID(t, whole)
	large := &imagetest.Packed{Blob: imagetest.ZstdWindow(file, 27, zeros), Diff: diffID, Type: types.OCILayerZStd}
	for _, c := range []struct {
		name  string
		layer v1.Layer
		fault string
	}{
		{"gzip", &imagetest.Packed{Blob: imagetest.Gzip(t, plain), Diff: imagetest.DiffID(t, plain), Type: types.OCILayer}, ""},
		{"zstd with a window of 8 MiB", &imagetest.Packed{Blob: imagetest.ZstdWindow(file, 23, zeros), Diff: diffID, Type: types.OCILayerZStd}, ""},
		{"zstd with a window of 128 MiB", large, ""},
		{"zstd with a window of 256 MiB", &imagetest.Packed{Blob: imagetest.ZstdWindow(file, 28, zeros), Diff: diffID, Type: types.OCILayerZStd}, "window size exceeded"},
		{"zstd with a window of 2 TiB", &imagetest.Packed{Blob: imagetest.ZstdWindow(file, 41, zeros), Diff: diffID, Type: types.OCILayerZStd}, "window size exceeded"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScene(t)
			s.layout(imagetest.ImageOf(t, imagetest.Linux, c.layer))
			if c.fault != "" {
				s.requireFault(c.fault)
				return
			}
			most := memoryCap / 2
			if c.layer == large {
				most += 128 << 20
			} else {
				require.EqualValues(t, size, s.explain("oci:layout").Size)
			}
			got := s.run(append([]string{"measure", "oci:layout"}, exactOnly...)...)
			require.Zero(t, got.status, got.stderr)
			require.EqualValues(t, size, measured(t, got.stdout)["size"])
			require.Less(t, got.peak, most)
		})
	}
}

// B6: folders of folders take no more memory than one, also in the map of a check.
func TestManyDeepFolders(t *testing.T) {
	s := newScene(t)
	const files = 60_000
	s.layout(imagetest.ImageOf(t, imagetest.Linux,
		imagetest.Streamed(t, many(files, "x", func(i int) string { return strings.Repeat(fmt.Sprintf("%d/", i), 12) + "x" })),
		imagetest.Streamed(t, many(20, "x", func(i int) string { return fmt.Sprint(i) + strings.Repeat("/n", 10_000) }))))
	require.EqualValues(t, files+20, s.explain("oci:layout").Size)
	for _, command := range []string{"record", "check"} {
		got := s.run(command)
		require.Zero(t, got.status, got.stderr)
		require.Less(t, got.peak, memoryCap/2, command)
	}
}

// oddNames are of files, packages and instructions.
var oddNames = []string{
	strings.Repeat("long", 1250), "\xff\xfe not UTF-8", "\x1b[31m\a\b\x7f", "\u202egpj.exe", "\u009b31m", "::error::x",
	"##[add-mask]x", "`|<img src=x><!-- x -->", "a\n::error::b", "\xed\xa0\x80", "![x](http://x)@team",
}

// B12, C2, C3: odd names are counted, shown escaped in every format, and cut; a
// baseline that has them can be read again.
func TestOddNames(t *testing.T) {
	const site = "usr/lib/python3/dist-packages/"
	var entries []imagetest.Entry
	var dpkg strings.Builder
	for i, name := range oddNames {
		entries = append(entries, imagetest.File(fmt.Sprintf("srv/%d/", i)+strings.ReplaceAll(name, "/", "_"), imagetest.Noise(uint64(i), 20_000)))
		about := fmt.Sprintf("%sp%d-1.dist-info/", site, i)
		entries = append(entries,
			imagetest.File(about+"METADATA", fmt.Sprintf("Name: %s\nVersion: 1%s\n\n", name, name)),
			imagetest.File(about+"RECORD", fmt.Sprintf("p%d/x,,\n%s,,\n", i, name)),
			imagetest.File(fmt.Sprintf("%sp%d/x", site, i), imagetest.Noise(uint64(i), 6000)))
		fmt.Fprintf(&dpkg, "Package: %s\nStatus: install ok installed\nVersion: %s\n\n", name, name)
	}
	entries = append(entries, imagetest.File("var/lib/dpkg/status", dpkg.String()))
	s := newScene(t)
	s.layout(withHistory(t, imagetest.Image(t, imagetest.Linux, imagetest.Tar(t, entries...)), strings.Join(oddNames, " ")))

	require.Zero(t, s.run("record").status)
	baseline, err := os.ReadFile(s.path("budgets/app.baseline.yaml"))
	require.NoError(t, err)
	requirePrintable(t, string(baseline))
	for _, line := range strings.Split(string(baseline), "\n") {
		require.Less(t, len(line), 2500, "one scalar a line, of names that are cut")
	}
	require.Zero(t, s.run("check").status, "the baseline can be read")

	for _, format := range report.InventoryFormatNames() {
		got := s.run("explain", "oci:layout", "--top", "100", "--format", format)
		require.Zero(t, got.status, got.stderr)
		requireReport(t, got.stdout)
		if format == "json" {
			require.True(t, json.Valid([]byte(got.stdout)))
			continue
		}
		require.NotContains(t, got.stdout, strings.Repeat("long", 51))
	}
	require.Len(t, filesUnder(s.explain("oci:layout"), "srv/"), 10, "as many as are listed")

	entries = append(entries, imagetest.File("srv/grown", imagetest.Noise(1, 500_000)))
	require.NoError(t, os.RemoveAll(s.path("layout")))
	s.layout(withHistory(t, imagetest.Image(t, imagetest.Linux, imagetest.Tar(t, entries...)), strings.Join(oddNames, " ")))
	args := []string{"check"}
	for _, f := range report.Formats {
		args = append(args, "-o", f.Name+"="+f.Name+".out")
	}
	got := s.run(args...)
	require.Equal(t, 1, got.status, got.stderr)
	require.Contains(t, got.stdout, "cause: size:")
	requireReport(t, got.stdout+got.stderr)
	for _, f := range report.Formats {
		text, err := os.ReadFile(s.path(f.Name + ".out"))
		require.NoError(t, err)
		requireReport(t, string(text))
		if f.Name != "text" && f.Name != "json" {
			require.NotContains(t, string(text), "<!-- x -->")
		}
	}
	s.requireClean(false)
}

func filesUnder(e explained, folder string) (all []string) {
	for _, f := range e.Files {
		if strings.HasPrefix(f.Path, folder) {
			all = append(all, f.Path)
		}
	}
	return all
}

// withHistory is img whose last layer was made by an instruction.
func withHistory(t testing.TB, img v1.Image, by string) v1.Image {
	t.Helper()
	config, err := img.ConfigFile()
	require.NoError(t, err)
	config = config.DeepCopy()
	config.History[len(config.History)-1].CreatedBy = by
	img, err = mutate.ConfigFile(img, config)
	require.NoError(t, err)
	return img
}

func requirePrintable(t *testing.T, text string) {
	t.Helper()
	require.True(t, utf8.ValidString(text))
	for _, r := range text {
		if r != '\n' && r != '\t' && r != '\ufe0f' {
			require.True(t, unicode.IsPrint(r), "%U", r)
		}
	}
}

// requireReport is for what goes into the log of a runner, which obeys commands.
func requireReport(t *testing.T, text string) {
	t.Helper()
	requirePrintable(t, text)
	require.NotContains(t, text, "##[")
	for line := range strings.SplitSeq(text, "\n") {
		require.False(t, strings.HasPrefix(strings.TrimSpace(line), "::"), "%q", line)
	}
}

// B14: a layout whose documents are not what they should be is status 3 and clean,
// and no panic.
func TestMalformedLayouts(t *testing.T) {
	plain := imagetest.Tar(t, imagetest.File("a", "12345"))
	img := imagetest.Image(t, imagetest.Linux, plain)
	manifest, err := img.Digest()
	require.NoError(t, err)
	deep := strings.Repeat(`{"a":[`, 5000)
	for name, text := range map[string]string{
		"nothing": "", "null": "null", "a list": "[]", "a number": "1", "text": "<html>", "not UTF-8": "\xff\xfe{", "nested": deep,
		"types": `{"schemaVersion":2,"manifests":"x","layers":{},"config":[]}`, "nulls": `{"schemaVersion":2,"manifests":[null],"config":null,"layers":[null]}`,
		"no images": `{"schemaVersion":2,"manifests":[]}`, "another version": `{"schemaVersion":99}`,
		"itself":               `{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.index.v1+json","digest":"` + manifest.String() + `","size":1}]}`,
		"a digest that climbs": `{"schemaVersion":2,"manifests":[{"digest":"sha256:../../../../../etc/passwd","size":1}]}`,
		"an empty digest":      `{"schemaVersion":2,"manifests":[{"digest":"","size":1}]}`,
		"a platform of ESC":    `{"schemaVersion":2,"manifests":[{"digest":"` + manifest.String() + `","size":1,"platform":{"os":"\u001b[31m","architecture":"::x"}}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			s.layout(img)
			s.write("layout/index.json", text)
			s.requireFault("")
			require.NoError(t, os.RemoveAll(s.path("layout")))
			s.layout(img)
			require.NoError(t, os.WriteFile(filepath.Join(s.path("layout/blobs/sha256"), manifest.Hex), []byte(text), 0o600))
			s.requireFault(manifest.Hex)
		})
	}
}
