package report

import (
	"strings"

	"github.com/image-budget/image-budget/internal/budget"
)

// table is the image's metrics in columns, and under each what there is to say
// of it.
func (p *page) table(img budget.ImageResult, g *grid) {
	if len(g.heads) == 0 {
		return
	}
	p.line(dim, g.line(g.heads))
	for i, row := range img.Metrics {
		p.line(rowStyle(row), g.line(g.rows[i]))
		p.below(row, g.find("compared") < 0)
	}
}

func rowStyle(row budget.Row) style {
	switch {
	case !broken(row):
		return plain
	case row.Verdict == budget.Regression || row.Verdict == budget.OverMax:
		return red
	}
	return yellow
}

// stack is the table for a terminal too narrow for it: a few short lines a
// metric.
func (p *page) stack(img budget.ImageResult) {
	for _, row := range img.Metrics {
		now, base := scales(row)
		head := mark(row) + cleanName(row.Name) + ": "
		if measuredOnly(img) {
			head += now.format(row.Value)
		} else {
			head += cleanName(string(row.Verdict))
		}
		p.line(rowStyle(row), head)
		if measuredOnly(img) {
			p.below(row, false)
			continue
		}
		var parts []string
		for _, part := range [][2]string{
			{"", now.format(row.Value)}, {"was ", base.format(row.Baseline)}, {"", change(row)},
			{"limit ", tolerance(row.Tolerance)}, {"max ", ceiling(row.Unit, row.Max)},
		} {
			if part[1] != absent {
				parts = append(parts, strings.ReplaceAll(part[0]+part[1], " ", glue))
			}
		}
		p.say(strings.Join(parts, ", "), belowRow, belowRow)
		p.below(row, true)
	}
}

// below says what there is to say of one row under it.
func (p *page) below(row budget.Row, compared bool) {
	if text := timing(row, compared); text != "" {
		p.say(text, belowRow, belowRow+"  ")
	}
	p.told(row)
	if row.Detail != "" {
		p.say(Clean(row.Detail), belowRow, belowRow+"  ")
	}
	if !p.Verbose {
		return
	}
	if text := exactly(row); text != "" {
		p.say(text, belowRow, belowRow+"  ")
	}
	if len(row.Samples) > 0 {
		p.say("samples "+samples(row), belowRow, belowRow+"  ")
	}
}

// told says under a row how its time was compared and why so, which is of
// interest when it passed, too. The first line of what broke is in the headline.
func (p *page) told(row budget.Row) {
	if !toldBelow(row) {
		return
	}
	lines := strings.Split(Clean(row.Reason), "\n")
	if broken(row) && !p.Verbose {
		lines = lines[1:]
	}
	for _, line := range lines {
		p.say(line, belowRow, belowRow+"  ")
	}
}

// toldBelow reports whether a row's reason stands under it.
func toldBelow(row budget.Row) bool {
	return row.Reason != "" && row.Compared != "" && row.Compared != budget.Exact
}
