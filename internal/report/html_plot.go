package report

import (
	"math"
	"strconv"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/metric"
)

// htmlPlot shows the samples of one metric. Along x, which is as wide as the
// page, places are percentages of the width and along y pixels, so that text
// keeps its size on any screen.
type htmlPlot struct {
	ID, Title, Desc string
	Caption         string
	Height          int
	Axis            int // y of the axis
	Bands           []htmlBand
	Lines           []htmlLine
	Dots            []htmlDot
	Labels          []htmlLabel
	Numbers         *htmlTable // the same for reading; nil where another plot has it
}

type htmlBand struct{ Y, Height float64 }

type htmlLine struct {
	X1, Y1, X2, Y2 float64
	Class          string
}

type htmlDot struct {
	X, Y  float64
	Class string
	Title string
}

type htmlLabel struct {
	X, Y   float64
	Anchor string // start, middle or end
	Class  string
	Text   string
}

// plots are those of a row: the samples of both images in one scale, and where
// they were measured beside each other the ratio of every pair.
func (p *htmlPage) plots(row budget.Row) (all []htmlPlot) {
	if row.Value == nil || row.Unit != string(metric.Seconds) || len(row.Samples) == 0 || len(row.Samples)+len(row.Against) < 2 {
		return nil
	}
	strip := htmlStrip(row)
	strip.ID, strip.Numbers = p.id("plot-"), htmlNumbers(row)
	all = append(all, strip)
	if ratios := htmlRatios(row); len(ratios) > 1 {
		plot := htmlPairs(row, ratios)
		plot.ID = p.id("plot-")
		all = append(all, plot)
	}
	return all
}

// htmlRange is the range of an axis.
type htmlRange struct{ lo, hi float64 }

// htmlRangeOf is the range of values with room on both sides.
func htmlRangeOf(values []float64, room float64) htmlRange {
	r := htmlRange{math.Inf(1), math.Inf(-1)}
	for _, v := range values {
		r.lo, r.hi = min(r.lo, v), max(r.hi, v)
	}
	more := (r.hi - r.lo) * room
	if more == 0 {
		more = max(math.Abs(r.hi)*room, 1e-3)
	}
	return htmlRange{r.lo - more, r.hi + more}
}

// at is the place of v between 0 and 100.
func (r htmlRange) at(v float64) float64 { return (v - r.lo) / (r.hi - r.lo) * 100 }

// ticks are round values about five to the range, and the decimals they need.
func (r htmlRange) ticks() (all []float64, decimals int) {
	step := math.Pow(10, math.Floor(math.Log10((r.hi-r.lo)/4)))
	for _, factor := range []float64{5, 2} {
		if (r.hi-r.lo)/(step*factor) >= 3 {
			step *= factor
			break
		}
	}
	for n := math.Ceil(r.lo / step); n*step <= r.hi; n++ {
		all = append(all, n*step)
	}
	return all, max(0, -int(math.Floor(math.Log10(step)+1e-9)))
}

// The strip plot, in pixels from its top.
const (
	stripNone = 18 // text of the first row, less what lines with names take above it
	stripLine = 16 // height of the name of a line
	stripRow  = 54 // height of a row
	stripDots = 22 // from a row's text to the middle of its dots
	stripTick = 11 // half of a median's line
	tickRoom  = 2  // percent of the width at both ends where half a number would not fit
)

// htmlStrip has a row of dots for the baseline and one for the candidate.
func htmlStrip(row budget.Row) htmlPlot {
	now, base := scales(row)
	values := append(append([]float64{}, row.Samples...), row.Against...)
	reach, limit := htmlRangeOf(values, 1.5), htmlLimit(row)
	y, lines := float64(stripNone), []float64{}
	for _, line := range []*float64{limit, row.Max} {
		if line != nil && *line >= reach.lo && *line <= reach.hi {
			lines = append(lines, *line)
			y += stripLine
		}
	}
	values = append(values, lines...)
	axis := htmlRangeOf(values, 0.06)
	plot := htmlPlot{Title: "Samples of " + cleanName(row.Name), Caption: timing(row, true)}
	dots := func(name, class string, samples []float64, median *float64, s scale) {
		if len(samples) == 0 {
			return
		}
		text := name + ", " + count(len(samples), "sample")
		if median != nil {
			text += ", median" + glue + s.format(median)
			x := axis.at(*median)
			plot.Lines = append(plot.Lines, htmlLine{x, y + stripDots - stripTick, x, y + stripDots + stripTick, "median " + class})
		}
		plot.Labels = append(plot.Labels, htmlLabel{0, y, "start", "row", text})
		for n, v := range samples {
			plot.Dots = append(plot.Dots, htmlDot{axis.at(v), y + stripDots + htmlJitter(n), class, scaleFor(row.Unit, v).format(&v)})
		}
		plot.Desc += text + ". "
		y += stripRow
	}
	dots("baseline", "old", row.Against, row.Baseline, base)
	dots("candidate", "new", row.Samples, row.Value, now)
	plot.Axis = int(y)
	plot.Height = plot.Axis + 24
	at := 12.0
	for _, line := range []struct {
		name, text string
		at         *float64
	}{{"limit", now.format(limit), limit}, {"max", ceiling(row.Unit, row.Max), row.Max}} {
		if plot.mark(axis, line.at, line.name, at, line.text) {
			at += stripLine
		}
	}
	ticks, decimals := axis.ticks()
	for _, v := range ticks {
		x := axis.at(v)
		if x < tickRoom || x > 100-tickRoom {
			continue
		}
		plot.Lines = append(plot.Lines, htmlLine{x, y, x, y + 5, "tick"})
		plot.Labels = append(plot.Labels, htmlLabel{x, y + 19, "middle", "tick", strconv.FormatFloat(v, 'f', decimals, 64) + now.suffix})
	}
	return plot
}

// mark draws a line across all rows with its name, unless it is out of reach, and
// says to those who do not see it where it is. It reports whether it did.
func (plot *htmlPlot) mark(axis htmlRange, at *float64, name string, y float64, text string) bool {
	if at == nil {
		return false
	}
	plot.Desc += name + " " + text + ". "
	x := axis.at(*at)
	if x < 0 || x > 100 {
		return false
	}
	plot.Lines = append(plot.Lines, htmlLine{x, y + 5, x, float64(plot.Axis), name})
	plot.Labels = append(plot.Labels, htmlLabel{x, y, anchor(x), name, name + glue + text})
	return true
}

// anchor keeps a text inside the plot.
func anchor(x float64) string {
	switch {
	case x > 75:
		return "end"
	case x < 12:
		return "start"
	}
	return "middle"
}

// htmlJitter keeps dots of equal samples apart, the same way in every report.
func htmlJitter(n int) float64 { return float64((n*2)%5-2) * 3.5 }

// htmlLimit is the value past which a median would be over its baseline's by more
// than is allowed.
func htmlLimit(row budget.Row) *float64 {
	if row.Baseline == nil || row.Compared == "" {
		return nil
	}
	limit := *row.Baseline * (1 + row.Tolerance)
	return &limit
}
