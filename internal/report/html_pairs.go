package report

import (
	"fmt"

	"github.com/image-budget/image-budget/internal/budget"
)

// htmlRatios are those of the pairs, in their order.
func htmlRatios(row budget.Row) (all []float64) {
	if row.Compared != budget.SideBySide {
		return nil
	}
	for n := range min(len(row.Samples), len(row.Against)) {
		if row.Against[n] <= 0 {
			return nil
		}
		all = append(all, row.Samples[n]/row.Against[n])
	}
	return all
}

// The plot of ratios, in pixels and percentages.
const (
	pairsTop, pairsHeight = 16, 150
	pairsLeft             = 14
)

// htmlPairs shows the ratio of every pair against 1 and the limit.
func htmlPairs(row budget.Row, ratios []float64) htmlPlot {
	limit := 1 + row.Tolerance
	values := append([]float64{1, limit}, ratios...)
	if row.Interval != nil {
		values = append(values, row.Interval[:]...)
	}
	axis := htmlRangeOf(values, 0.16)
	y := func(v float64) float64 { return pairsTop + pairsHeight*(1-axis.at(v)/100) }
	plot := htmlPlot{
		Title: "Ratio of every pair of " + cleanName(row.Name), Axis: pairsTop + pairsHeight, Height: pairsTop + pairsHeight + 24,
		Caption: "candidate / baseline, pair by pair; below 1 the candidate was faster",
		Desc:    fmt.Sprintf("%s, candidate divided by baseline; limit %.2f. ", count(len(ratios), "pair"), limit),
	}
	if row.Interval != nil {
		plot.Bands = []htmlBand{{y(row.Interval[1]), y(row.Interval[0]) - y(row.Interval[1])}}
		plot.Caption += fmt.Sprintf("; the band is the interval of the ratio, %.3f to %.3f", row.Interval[0], row.Interval[1])
		plot.Desc += fmt.Sprintf("Interval %.3f to %.3f. ", row.Interval[0], row.Interval[1])
	}
	for _, line := range []struct {
		at, below   float64 // the name stands so far below the line
		class, name string
	}{{1, 13, "one", "1, equal"}, {limit, -4, "limit", fmt.Sprintf("%.2f, limit", limit)}} {
		plot.Lines = append(plot.Lines, htmlLine{0, y(line.at), 100, y(line.at), line.class})
		plot.Labels = append(plot.Labels, htmlLabel{0, y(line.at) + line.below, "start", line.class, line.name})
	}
	for n, ratio := range ratios {
		x := pairsLeft + (98-pairsLeft)*(float64(n)+0.5)/float64(len(ratios))
		class := "new"
		if ratio > limit {
			class = "new over"
		}
		plot.Dots = append(plot.Dots, htmlDot{x, y(ratio), class, fmt.Sprintf("pair %d: %.3f", n+1, ratio)})
		if every := (len(ratios) + 9) / 10; n%every == 0 {
			plot.Labels = append(plot.Labels, htmlLabel{x, float64(plot.Axis) + 19, "middle", "tick", fmt.Sprint(n + 1)})
		}
	}
	return plot
}

// htmlNumbers is every sample of a row.
func htmlNumbers(row budget.Row) *htmlTable {
	g := &grid{heads: []string{"number", "baseline", "candidate", "ratio"}, right: []bool{true, true, true, true}}
	ratios := htmlRatios(row)
	text := func(all []float64, n int) string {
		if n >= len(all) {
			return absent
		}
		return scaleFor(row.Unit, all[n]).format(&all[n])
	}
	for n := range max(len(row.Samples), len(row.Against)) {
		ratio := absent
		if n < len(ratios) {
			ratio = fmt.Sprintf("%.3f", ratios[n])
		}
		g.rows = append(g.rows, []string{fmt.Sprint(n + 1), text(row.Against, n), text(row.Samples, n), ratio})
	}
	g.dropEmpty("number")
	t := htmlGrid("Samples of "+cleanName(row.Name), g)
	return &t
}
