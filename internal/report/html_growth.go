package report

import (
	"cmp"
	"fmt"
	"io"

	"github.com/image-budget/image-budget/internal/growth"
)

// htmlGrowth is what changed between two images.
type htmlGrowth struct {
	Title    string
	Old, New string
	Sum      string
	Sides    htmlTable
	Tables   []htmlTable
}

func growthHTML(w io.Writer, g *growth.Growth, top int, _ Options) error {
	top = max(top, 0)
	p := &htmlPage{}
	v := htmlGrowthView(g, top)
	return p.deliver(w, v.Title, "growth", v)
}

func htmlGrowthView(g *growth.Growth, top int) *htmlGrowth {
	v := &htmlGrowth{Old: cleanName(g.Old.Reference), New: cleanName(g.New.Reference), Sides: htmlSides(g)}
	v.Title = "What changed from " + v.Old + " to " + v.New
	v.Sum = fmt.Sprintf("%s: %s before, %s now.", signed(g.Delta()), bytesText(g.Old.Size), bytesText(g.New.Size))
	if g.Delta() == 0 {
		v.Sum = fmt.Sprintf("As large as before: %s.", bytesText(g.New.Size))
	}
	for _, table := range []htmlTable{changedLayersTable(g), changedPackagesTable(g, top), changedFilesTable(g, top), changedWasteTable(g)} {
		if len(table.Rows) > 0 {
			v.Tables = append(v.Tables, table)
		}
	}
	return v
}

func htmlSides(g *growth.Growth) htmlTable {
	grid := &grid{heads: []string{"what", "before", "now"}, right: []bool{false, false, false}}
	text := func(s growth.Side) []string {
		compressed := absent
		if s.Compressed > 0 {
			compressed = bytesText(s.Compressed)
		}
		return []string{
			cleanName(s.Reference), cmp.Or(cleanName(s.Since), absent), cmp.Or(cleanName(s.Platform), absent), bytesText(s.Size), compressed,
			fmt.Sprint(s.Layers), cmp.Or(cleanName(s.ConfigDigest), absent),
		}
	}
	old, now := text(g.Old), text(g.New)
	for n, name := range []string{"image", "recorded", "platform", "size", "compressed", "layers", "config"} {
		if old[n] != absent || now[n] != absent {
			grid.rows = append(grid.rows, []string{name, old[n], now[n]})
		}
	}
	for _, moved := range g.Times {
		c := timeCells(moved)
		grid.rows = append(grid.rows, []string{spaced(moved.Metric), c[0], c[1] + ", " + c[3]})
	}
	t := htmlGrid("Both images", grid)
	for n := range t.Rows {
		if name := t.Rows[n].Cells[0].Text; name == "image" || name == "config" {
			t.Rows[n].Cells[1].Class, t.Rows[n].Cells[2].Class = htmlCode, htmlCode
		}
	}
	return t
}

// htmlChanges is a table of changes whose rows add up to the last.
type htmlChanges struct {
	grid   grid
	deltas []int64
	sum    int64
	rests  []int // rows of what has none of its own
}

// add appends a row of what, before, now and the change, and what else there is
// to say of it.
func (c *htmlChanges) add(what, before, now string, delta int64, more string) {
	c.grid.rows = append(c.grid.rows, []string{what, signed(delta), before, now, more})
	c.deltas = append(c.deltas, delta)
	c.sum += delta
}

// rest appends a row of what is not in one of its own.
func (c *htmlChanges) rest(what string, delta int64) {
	if delta != 0 {
		c.rests = append(c.rests, len(c.deltas))
		c.add(what, "", "", delta, "")
	}
}

// table has heads for what, and for more there is to say, and for a growth that
// the rows add up to, a row with that.
func (c *htmlChanges) table(caption, what, more string, of *growth.Growth, code ...string) htmlTable {
	if len(c.deltas) == 0 {
		return htmlTable{}
	}
	c.grid.heads = []string{what, "change", "before", "now", more}
	c.grid.right = []bool{false, true, true, true, false}
	if of != nil {
		c.grid.rows = append(c.grid.rows, []string{"together", signed(c.sum), bytesText(of.Old.Size), bytesText(of.New.Size), ""})
		c.deltas = append(c.deltas, 0)
	}
	c.grid.dropEmpty("change")
	t := htmlGrid(caption, &c.grid, code...)
	for _, n := range c.rests {
		t.Rows[n].Class = "rest"
	}
	if of != nil {
		t.Rows[len(t.Rows)-1].Class = "total"
	}
	t.bars(c.deltas)
	return t
}
