package report

import (
	"fmt"
	"io"
	"strconv"

	"github.com/image-budget/image-budget/internal/growth"
)

// growthMarkdown is for a comment on a pull request: before and after in one
// table, and then where the bytes came from or went.
func growthMarkdown(w io.Writer, g *growth.Growth, top int, _ Options) error {
	d := &document{}
	if unchanged(g) {
		d.add(fmt.Sprintf("**%s**: nothing changed, %s\n\n", between(g, span), totals(g)))
	} else {
		d.add(fmt.Sprintf("**%s**: %s\n\n%s\n\n", between(g, span), totals(g), because(g, span)))
	}
	for _, difference := range differences(g, span) {
		d.add(difference + "\n\n")
	}
	switch {
	case !unchanged(g):
		d.listings(append([]listing{beforeAndAfter(g)}, growthListings(g, top, span)...))
	case len(g.Times) > 0:
		d.listings([]listing{beforeAndAfter(g)})
	}
	return d.deliver(w)
}

// beforeAndAfter sums up the two images side by side.
func beforeAndAfter(g *growth.Growth) listing {
	l := listing{
		title: "before and after",
		grid:  grid{heads: []string{"", "before", "after", "change", "in percent"}, right: []bool{false, true, true, true, true}},
	}
	add := func(name string, old, now int64) {
		l.sum(name, bytesText(old), bytesText(now), signed(now-old), percent(old, now))
	}
	add("size", g.Old.Size, g.New.Size)
	if g.Old.Compressed > 0 && g.New.Compressed > 0 {
		add("compressed size", g.Old.Compressed, g.New.Compressed)
	}
	old, now := g.Old.Layers, g.New.Layers
	more := strconv.Itoa(now - old)
	if now > old {
		more = "+" + more
	}
	l.sum("layers", strconv.Itoa(old), strconv.Itoa(now), more, percent(int64(old), int64(now)))
	for _, t := range g.Times {
		l.sum(append([]string{spaced(t.Metric)}, timeCells(t)...)...)
	}
	for _, w := range g.Waste {
		add(wasteTitle(w.Title, w.Optional), w.Old, w.New)
	}
	return l
}
