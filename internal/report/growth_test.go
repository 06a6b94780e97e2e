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
)

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

// Two baselines of one image may have other times.
func TestOnlyTimesMoved(t *testing.T) {
	g := *growths["nothing"]
	g.Times = []growth.Time{{Metric: "pull_time", Old: 60, New: 6}}
	for format, want := range map[string]string{"markdown": "| pull time | 60.0 s | 6.00 s | -54.0 s | -90.0 % |", "text": "pull time 60.0 s -> 6.00 s, -54.0 s (-90.0 %)"} {
		require.Contains(t, strings.ReplaceAll(growthAs(t, format, &g, 10), "\u00a0", " "), want)
	}
}
