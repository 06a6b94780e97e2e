// Package causes says in words what made an image outgrow its budget: the
// instruction, the package, the bytes, the largest first. It judges nothing: it
// takes the verdicts as they are, and knows nothing of how an image was had.
package causes

import (
	"fmt"
	"strings"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/growth"
	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/metric"
)

// explained says what made a metric grow, from what grew.
var explained = []struct {
	metric metric.Metric
	lines  func(of) []string
}{
	{metric.Size, func(o of) []string { return append(o.size(), o.needless()...) }},
	{metric.CompressedSize, of.compressed},
	{metric.Layers, of.layers},
	{metric.PullTime, of.pull},
	{metric.Waste, of.waste},
}

// of is what a metric's growth is explained from.
type of struct {
	*growth.Growth
	now   *inventory.Inventory
	whole bool // nothing is known before: all of the image is explained, not what it grew by
	told  told
}

// told is what was explained already, by the names of metrics: a reader is not told
// twice what is in the layers.
type told map[string]bool

// Of are the causes of every row that is over its limit: lines of text, "size: ..."
// and so on. g is nil where it is not known what the baseline's image held.
func Of(rows []budget.Row, g *growth.Growth, now *inventory.Inventory) []string {
	var all []string
	before := told{}
	for _, one := range explained {
		for _, row := range rows {
			if row.Name != one.metric.Name {
				continue
			}
			from, ok := explainable(row, g, now)
			if !ok {
				continue
			}
			from.told = before
			lines := one.lines(from)
			for _, line := range lines {
				all = append(all, row.Name+": "+line)
			}
			before[row.Name] = len(lines) > 0
		}
	}
	return all
}

// explainable is what a row is explained from: what it grew by where it grew too
// much, and else all of the image where that is over a ceiling.
func explainable(row budget.Row, g *growth.Growth, now *inventory.Inventory) (of, bool) {
	grew := row.Verdict == budget.Regression || row.Verdict == budget.OverMax && row.Change != nil && *row.Change > row.Tolerance
	switch {
	case grew && g != nil:
		return of{Growth: g, now: now}, true
	case row.Verdict == budget.OverMax:
		return of{Growth: growth.Between(&inventory.Inventory{}, now), now: now, whole: true}, true
	}
	return of{}, false
}

// since says from when on, with the first line of a metric.
func (o of) since() string {
	if o.Old.Since == "" {
		return ""
	}
	return " since " + o.Old.Since
}

// amount is how many bytes grew, or are there.
func (o of) amount(n int64) string {
	text := metric.Bytes.Signed(n)
	if o.whole {
		text = strings.TrimPrefix(text, "+")
	}
	return text
}

// name is a layer as its instruction and its number, and whether it is of the base
// image: that grows by another FROM, and by no instruction of one's own.
func (o of) name(l growth.Layer) string {
	index, whose := 0, ""
	switch {
	case l.New == nil:
		index, whose = l.Old.Index, " of the baseline"
	case l.New.Index < o.now.Base.Layers:
		index, whose = l.New.Index, strings.TrimRight(", of the base image "+o.now.Base.Short(), " ")
	default:
		index = l.New.Index
	}
	if l.Instruction == "" {
		return fmt.Sprintf("layer %d%s", index, whose)
	}
	if l.Was != "" {
		whose += ", in place of " + l.Was
	}
	return fmt.Sprintf("%s (layer %d%s)", l.Instruction, index, whose)
}
