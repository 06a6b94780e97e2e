package report

import (
	"strings"
	"time"

	"github.com/image-budget/image-budget/internal/growth"
	"github.com/image-budget/image-budget/internal/metric"
)

// timeCells are the cells of a time before and after: the two, how they differ,
// and that in percent.
func timeCells(t growth.Time) []string {
	write := func(v float64) string { return scaleFor(string(metric.Seconds), v).format(&v) }
	change := "0" + glue + "s"
	switch difference := t.New - t.Old; {
	case difference > 0:
		change = "+" + write(difference)
	case difference < 0:
		change = "-" + write(-difference)
	}
	return []string{write(t.Old), write(t.New), change, percent(micro(t.Old), micro(t.New))}
}

// timesMoved says it in one line: "pull time 61.2 s -> 5.74 s, -55.5 s (-90.6 %)".
func timesMoved(g *growth.Growth) string {
	var all []string
	for _, t := range g.Times {
		c := timeCells(t)
		all = append(all, spaced(t.Metric)+" "+c[0]+" -> "+c[1]+", "+c[2]+" ("+c[3]+")")
	}
	return strings.Join(all, "; ")
}

// spaced is the name of a metric in a sentence.
func spaced(name string) string { return strings.ReplaceAll(name, "_", " ") }

func micro(seconds float64) int64 { return int64(seconds * float64(time.Second/time.Microsecond)) }
