package report

import (
	"slices"

	"github.com/image-budget/image-budget/internal/budget"
)

// htmlTable is a table whose first column names its rows.
type htmlTable struct {
	Caption string
	Note    string // one sentence under it; empty for none
	Heads   []htmlHead
	Rows    []htmlTableRow
	Bars    bool // a bar at the end of every row
}

type htmlHead struct{ Text, Class string }

type htmlTableRow struct {
	Class string
	Cells []htmlCell
	Below string // a sentence about the row, under it
	Bar   htmlBar
}

type htmlCell struct {
	Text, Class, Link string
	Mark              string // sign before the text
}

// htmlBar is how much a row adds or takes away, in percent of the most.
type htmlBar struct {
	From, Width float64
	Class       string
}

// The classes of cells.
const (
	htmlNumber = "n"
	htmlCode   = "code" // a text that is not ours
)

// htmlGrid is a grid as a table; texts under code are not ours.
func htmlGrid(caption string, g *grid, code ...string) htmlTable {
	t := htmlTable{Caption: caption}
	for n, head := range g.heads {
		h := htmlHead{Text: head}
		switch {
		case g.right[n]:
			h.Class = htmlNumber
		case slices.Contains(code, head):
			h.Class = htmlCode
		}
		t.Heads = append(t.Heads, h)
	}
	for _, row := range g.rows {
		var cells []htmlCell
		for n, text := range row {
			cells = append(cells, htmlCell{Text: text, Class: t.Heads[n].Class})
		}
		t.Rows = append(t.Rows, htmlTableRow{Cells: cells})
	}
	return t
}

// bars gives every row a bar for its change, all in one scale around a zero that
// lies where the most that is taken away ends.
func (t *htmlTable) bars(deltas []int64) {
	var most, least int64
	for _, d := range deltas {
		most, least = max(most, d), min(least, d)
	}
	whole := float64(most - least)
	if whole == 0 {
		return
	}
	t.Bars = true
	zero := -float64(least) / whole * 100
	for n, d := range deltas {
		width := float64(d) / whole * 100
		switch {
		case d > 0:
			t.Rows[n].Bar = htmlBar{zero, max(width, 0.5), "more"}
		case d < 0:
			t.Rows[n].Bar = htmlBar{zero + width, max(-width, 0.5), "less"}
		}
	}
}

// htmlMarks tell verdicts apart without colours.
var htmlMarks = map[budget.Verdict]string{
	budget.Pass: "✓", budget.Regression: "✗", budget.OverMax: "✗", budget.Inconclusive: "?", budget.Unmeasured: "?", budget.New: "+",
}

var htmlClasses = map[budget.Verdict]string{
	budget.Pass: "ok", budget.Regression: "bad", budget.OverMax: "bad", budget.Inconclusive: "open", budget.Unmeasured: "open", budget.New: "new",
}

// htmlMetrics is the table of an image's metrics, the verdict beside the name so
// that a narrow screen shows both.
func htmlMetrics(img budget.ImageResult) htmlTable {
	const verdict = "verdict"
	g := &grid{
		heads: []string{"metric", verdict, "now", "baseline", "change", "limit", "max", "compared"},
		right: []bool{false, false, true, true, true, true, true, false},
	}
	for _, row := range img.Metrics {
		now, base := scales(row)
		g.rows = append(g.rows, []string{
			cleanName(row.Name), cleanName(string(row.Verdict)), now.format(row.Value), base.format(row.Baseline), change(row),
			tolerance(row.Tolerance), ceiling(row.Unit, row.Max), cleanName(string(row.Compared)),
		})
	}
	g.dropEmpty("now")
	if measuredOnly(img) {
		for _, head := range []string{"limit", verdict} {
			if at := g.find(head); at >= 0 {
				g.drop(at)
			}
		}
	}
	t := htmlGrid("Metrics of "+cleanName(img.Name), g, "metric")
	if at := g.find("compared"); at >= 0 {
		for n := range t.Rows {
			t.Rows[n].Cells[at].Class = "short"
		}
	}
	at := g.find(verdict)
	for n, row := range img.Metrics {
		if at >= 0 {
			cell := &t.Rows[n].Cells[at]
			cell.Mark, cell.Class = htmlMarks[row.Verdict], "verdict "+htmlClasses[row.Verdict]
		}
		if broken(row) {
			t.Rows[n].Class = htmlClasses[row.Verdict]
		}
		t.Rows[n].Below = timing(row, false)
		if text := exactly(row); text != "" {
			t.Rows[n].Below = text
		}
	}
	return t
}
