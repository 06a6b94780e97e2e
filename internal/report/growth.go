package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/image-budget/image-budget/internal/growth"
)

// growthViews is every format of diff, in the order of help. A new one is a line
// here.
var growthViews = views[*growth.Growth]{
	{"text", "for a terminal, what changed most first", growthText},
	{"json", "the whole comparison, for programs", growthJSON},
	{"markdown", "for a pull request comment: before and after", growthMarkdown},
	{"html", "one file, for a browser and for paper", growthHTML},
}

// GrowthFormatNames lists the formats of diff, the default first.
func GrowthFormatNames() []string { return growthViews.names() }

// GrowthFormat finds what writes what changed between two images, with the top
// largest changes of packages and of files.
func GrowthFormat(name string) (func(io.Writer, *growth.Growth, int, Options) error, bool) {
	return growthViews.named(name)
}

// between names the two images: "app:1 -> app:2".
func between(g *growth.Growth, quote quoting) string {
	return sideName(g.Old, quote) + " -> " + sideName(g.New, quote)
}

func sideName(s growth.Side, quote quoting) string {
	name := quote(s.Reference)
	if s.Since != "" {
		name += ", recorded " + quote(s.Since)
	}
	return name
}

// totals says how the whole changed: "450.0 MB -> 2.80 GB, +2.35 GB (+522 %), 6 ->
// 8 layers".
func totals(g *growth.Growth) string {
	text := moved(g.Old.Size, g.New.Size)
	if g.Old.Layers == g.New.Layers {
		text += ", " + count(g.New.Layers, "layer")
	} else {
		text += ", " + strings.ReplaceAll(fmt.Sprintf("%d -> %s", g.Old.Layers, count(g.New.Layers, "layer")), " ", glue)
	}
	if g.Old.Compressed > 0 && g.New.Compressed > 0 {
		text += "; compressed " + moved(g.Old.Compressed, g.New.Compressed)
	}
	return text
}

// moved writes how bytes changed: "450.0 MB -> 2.80 GB, +2.35 GB (+522 %)".
func moved(old, now int64) string {
	if old == now {
		return bytesText(now) + " as before"
	}
	text := fmt.Sprintf("%s -> %s, %s", bytesText(old), bytesText(now), signed(now-old))
	if share := percent(old, now); share != absent {
		text += " (" + share + ")"
	}
	return text
}

// unchanged reports whether the two are the same, as far as is known.
func unchanged(g *growth.Growth) bool {
	both := !slices.ContainsFunc(g.Layers, func(l growth.Layer) bool { return state(l) != "" })
	return both && g.Unowned == 0 && g.Hidden == 0 && len(g.Packages)+len(g.Files)+len(g.Waste) == 0
}

// state is what became of a layer; empty where nothing did.
func state(l growth.Layer) string {
	switch {
	case l.Old == nil:
		return "new"
	case l.New == nil:
		return "gone"
	case l.New.Same:
		return ""
	}
	return "changed"
}

// differences says of what the two sides should not differ and do, a sentence
// each.
func differences(g *growth.Growth, quote quoting) (all []string) {
	if g.Old.Platform != g.New.Platform && g.Old.Platform != "" && g.New.Platform != "" {
		all = append(all, fmt.Sprintf("the platforms differ: %s and %s", quote(g.Old.Platform), quote(g.New.Platform)))
	}
	return all
}
