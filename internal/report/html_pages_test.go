package report

import (
	"bytes"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/growth"
	"github.com/image-budget/image-budget/internal/inventory"
)

// evil is a text that would do something if it were more than a text.
const evil = `</style></script><script>document.title='evil'</script><img src="http://evil.example/i.png" onerror="document.title='evil'"><a href="http://evil.example">x</a>`

// hostilePage is an image whose parts, samples and changes have evil names, too.
func hostilePage() budget.ImageResult {
	img := hostile()
	img.Contents = &inventory.Part{Name: evil, Size: 30, Parts: []*inventory.Part{
		{Name: evil, Size: 20, Parts: []*inventory.Part{{Name: "python:" + evil, Size: 12, Parts: []*inventory.Part{{Name: evil, Size: 12}}}, {Name: "\u202e" + evil, Size: 8}}},
		{Name: "::error::x\x1b[31m", Size: 10},
	}}
	img.Growth = grownGrowth()
	img.Growth.Old.Reference, img.Growth.Packages[0].Key, img.Growth.Files[0].Path, img.Growth.Layers[1].Instruction = evil, evil, evil, evil
	row := sampled(start(2, 1), []float64{2, 2.1}, []float64{1, 1.1})
	row.Name, row.Compared = evil, budget.SideBySide
	row.Phases = map[string]*float64{evil: row.Value}
	img.Metrics = append(img.Metrics, row)
	return img
}

// pages is every page there is, made.
func pages(t *testing.T) map[string][]byte {
	t.Helper()
	made := map[string][]byte{}
	add := func(name string, write func(io.Writer) error) {
		var b bytes.Buffer
		require.NoError(t, write(&b))
		made[name] = b.Bytes()
	}
	kinds := map[string]budget.Result{
		"grown": run(1, grownImage("support-agent")), "hundreds": hundreds(), "hostile with map": run(1, hostilePage()),
		"nothing": {Version: 1, Verdict: budget.Pass},
	}
	for _, r := range results {
		kinds[r.name] = r.result
	}
	for name, r := range kinds {
		add("result: "+name, func(w io.Writer) error { return HTML.Write(w, r, Options{}) })
	}
	kept := maps.Clone(inventories)
	kept["with a map"] = grownInventory()
	for name, i := range kept {
		add("inventory: "+name, func(w io.Writer) error { return inventoryHTML(w, i, 3, Options{}) })
	}
	remembered := grownGrowth() // a baseline that has no room for all
	remembered.Complete, remembered.OtherFiles, remembered.Files = false, nil, nil
	for name, g := range map[string]*growth.Growth{
		"grown": grownGrowth(), "from a baseline": remembered, "none": {Complete: true}, "hostile": hostilePage().Growth,
	} {
		add("growth: "+name, func(w io.Writer) error { return growthHTML(w, g, 3, Options{}) })
	}
	return made
}

func sortedNames(of map[string][]byte) []string { return slices.Sorted(maps.Keys(of)) }

func TestHTMLIsInert(t *testing.T) {
	for name, page := range pages(t) {
		text := string(page)
		t.Run(name, func(t *testing.T) {
			requireInert(t, text)
			require.True(t, strings.HasSuffix(text, "</html>\n"))
			require.Equal(t, 1, strings.Count(text, "<script>"))
			require.NotContains(t, text, " style=", "the policy would not let it")
			require.NotContains(t, text, "ZgotmplZ", "html/template refused a value")
		})
	}
}

// The policy names what is in the page, or the browser would refuse it.
func TestHTMLPolicy(t *testing.T) {
	for name, page := range pages(t) {
		text := string(page)
		for _, element := range []string{"style", "script"} {
			_, rest, ok := strings.Cut(text, "<"+element+">")
			require.True(t, ok)
			content, _, ok := strings.Cut(rest, "</"+element+">")
			require.True(t, ok)
			require.Contains(t, strings.ReplaceAll(strings.ReplaceAll(text, "&#43;", "+"), "&#39;", "'"), element+"-src '"+htmlHash(content)+"'", name)
		}
	}
}

func TestHTMLSize(t *testing.T) {
	made := pages(t)
	require.Less(t, len(made["result: grown"]), 400_000)
	require.Less(t, len(made["result: hundreds"]), 2_000_000)
	require.Contains(t, string(made["result: hundreds"]), "Plots and differences are shown of the 20 images that matter most, maps of 8")
	require.Equal(t, 6, strings.Count(string(made["result: hundreds"]), `What caused it`), "those that broke are among the 20")
}

// A map of an image with a great many parts has no more than a page can hold,
// and still all of its bytes.
func TestHTMLMapIsBounded(t *testing.T) {
	whole := &inventory.Part{Name: "many"}
	for range 60 {
		layer := &inventory.Part{Name: "RUN x"}
		for range 24 {
			pkg := &inventory.Part{Name: "deb:x"}
			for n := range 24 {
				pkg.Parts = append(pkg.Parts, &inventory.Part{Name: "f", Size: int64(n + 1)})
				pkg.Size += int64(n + 1)
			}
			layer.Parts = append(layer.Parts, pkg)
			layer.Size += pkg.Size
		}
		whole.Parts = append(whole.Parts, layer)
		whole.Size += layer.Size
	}
	m := (&htmlPage{maps: 1}).treemap(whole)
	shown := 0
	var sum func(parts []htmlPart, want int64)
	sum = func(parts []htmlPart, want int64) {
		for _, part := range parts {
			shown++
			want -= part.Bytes
			if len(part.Parts) > 0 {
				sum(part.Parts, part.Bytes)
			}
		}
		require.Zero(t, want)
	}
	sum(m.Parts, whole.Size)
	require.LessOrEqual(t, shown, htmlMostParts)
	require.GreaterOrEqual(t, shown, 60+60*24, "no more is left out than must be")
}

func TestHTMLMapOfNothing(t *testing.T) {
	for _, none := range []*inventory.Part{nil, {}, {Size: 3}, {Parts: []*inventory.Part{{}}}} {
		require.Nil(t, (&htmlPage{}).treemap(none))
	}
}

// The rows of what changed add up, whatever is cut.
func TestHTMLChangesAddUp(t *testing.T) {
	g := grownGrowth()
	for _, top := range []int{0, 1, 3, 100} {
		for _, table := range htmlGrowthView(g, top).Tables {
			last := table.Rows[len(table.Rows)-1]
			if last.Class != "total" {
				require.Equal(t, "Waste that changed", table.Caption)
				continue
			}
			require.Contains(t, last.Cells[1].Text, signed(g.Delta()), "%s with %d", table.Caption, top)
		}
	}
}

// Text that is ours and names that are not are kept apart.
func TestHTMLSentence(t *testing.T) {
	got := htmlSentence("undo it: " + htmlQuote("a\x02b\x03") + " or " + htmlQuote("c"))
	require.Equal(t, []htmlText{{"undo it: ", false}, {"a^Bb^C", true}, {" or ", false}, {"c", true}, {"", false}}, got)
}
