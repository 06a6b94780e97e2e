package causes

import (
	"fmt"
	"strings"

	"github.com/image-budget/image-budget/internal/metric"
)

// layers names the instructions whose layers are new, and those that are gone.
func (o of) layers() []string {
	if o.whole {
		return nil // every layer is one
	}
	var added, gone []string
	for _, l := range o.Layers {
		switch {
		case l.Old == nil:
			added = append(added, o.name(l))
		case l.New == nil:
			gone = append(gone, o.name(l))
		}
	}
	var lines []string
	if len(added) > 0 {
		lines = append(lines, fmt.Sprintf("%d more%s: %s", len(added), o.since(), some(added)))
	}
	if len(gone) > 0 {
		lines = append(lines, fmt.Sprintf("%d gone: %s", len(gone), some(gone)))
	}
	return lines
}

// pull says what more there is to transfer and to unpack, and by which layers unless
// that has been said; how the time is divided between the two is in the phases.
func (o of) pull() []string {
	var lines []string
	packed := o.New.Compressed - o.Old.Compressed
	switch known := o.Old.Compressed > 0 || o.whole; {
	case known && packed > 0 && o.told[metric.CompressedSize.Name]:
		lines = []string{o.amount(packed) + " to transfer"}
	case known && packed > 0:
		lines = o.blobs(" to transfer")
	}
	delta := o.Delta()
	switch {
	case delta > 0 && (o.told[metric.Size.Name] || len(lines) > 0):
		lines = append(lines, o.amount(delta)+" to unpack")
	case delta > 0:
		for _, line := range o.size() {
			lines = append(lines, "to unpack, "+line)
		}
	}
	if o.told[metric.CompressedSize.Name] && len(lines) > 1 {
		return []string{strings.Join(lines, " and ")}
	}
	return lines
}

// worthALine is the share of what grew from which it is worth a line that no service
// needs it: a twentieth.
const worthALine = 20

// needless says how much of what grew no service needs, by category.
func (o of) needless() []string {
	more, sum := o.wasted()
	if sum*worthALine < o.Delta() || sum == 0 {
		return nil
	}
	return []string{fmt.Sprintf("no service needs, of all that: %s (%s)", strings.Join(more, ", "), o.amount(sum))}
}

// waste names the categories of which there is more.
func (o of) waste() []string {
	more, sum := o.wasted()
	if len(more) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s%s: %s", o.amount(sum), o.since(), strings.Join(more, ", "))}
}

// wasted is how much more there is of each category, and in all.
func (o of) wasted() (more []string, sum int64) {
	for _, w := range o.Waste {
		if !w.Optional && w.Delta() > 0 {
			more = append(more, w.Title+" "+o.amount(w.Delta()))
			sum += w.Delta()
		}
	}
	return more, sum
}

// some is a list of which the first mostLayers are named.
func some(names []string) string {
	if more := len(names) - mostLayers; more > 1 {
		names = append(names[:mostLayers:mostLayers], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, "; ")
}
