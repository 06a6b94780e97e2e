package causes

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/image-budget/image-budget/internal/growth"
	"github.com/image-budget/image-budget/internal/metric"
)

// Layers are named until they make up leading of what grew, and no more than
// mostLayers of them; the others are summed up.
const (
	leading    = 0.95
	mostLayers = 12
)

// grew is a layer that grew, and what a line says of it.
type grew struct {
	growth.Layer
	delta  int64
	detail string
}

// size names layers with what in them grew.
func (o of) size() []string {
	var all []grew
	for _, c := range o.Causes(o.now) {
		all = append(all, grew{c.Layer, c.Delta(), o.detail(c)})
	}
	return o.lines(all, o.Shrunk(), "")
}

// compressed names layers by their blobs, in one line where the size has said what
// is in them.
func (o of) compressed() []string { return o.blobs("") }

func (o of) blobs(what string) []string {
	if o.Old.Compressed == 0 && !o.whole || o.New.Compressed == 0 {
		return []string{"which layer it was is not known, since the baseline does not have the sizes of its blobs: image-budget record writes them"}
	}
	details := map[int]string{}
	if !o.told[metric.Size.Name] {
		for _, c := range o.Causes(o.now) {
			details[c.New.Index] = o.detail(c)
		}
	}
	var all []grew
	var shrunk int64
	for _, l := range o.Layers {
		delta := l.CompressedDelta()
		if delta <= 0 {
			shrunk += delta
			continue
		}
		one := grew{Layer: l, delta: delta}
		if detail := details[l.New.Index]; detail != "" {
			one.detail = "unpacked, " + detail
		}
		all = append(all, one)
	}
	slices.SortStableFunc(all, func(a, b grew) int { return cmp.Compare(b.delta, a.delta) })
	lines := o.lines(all, shrunk, what)
	if o.told[metric.Size.Name] && len(lines) > 0 {
		return []string{strings.Join(lines, "; ")}
	}
	return lines
}

// lines is one line a layer, the largest first.
func (o of) lines(all []grew, shrunk int64, what string) []string {
	var lines []string
	var total, sum int64
	for _, one := range all {
		total += one.delta
	}
	for n, one := range all {
		if left := len(all) - n; left > 1 && (n >= mostLayers || float64(sum) >= leading*float64(total)) {
			lines = append(lines, fmt.Sprintf("%s%s by %s", o.amount(total-sum), what, count(left, "other layer")))
			break
		}
		line := fmt.Sprintf("%s%s by %s", o.amount(one.delta), what, o.name(one.Layer))
		if n == 0 {
			line += o.since()
		}
		if one.detail != "" {
			line += ": " + one.detail
		}
		lines = append(lines, line)
		sum += one.delta
	}
	if shrunk < 0 && len(lines) > 0 {
		lines = append(lines, fmt.Sprintf("%s%s by layers that shrank or are gone", o.amount(shrunk), what))
	}
	return lines
}

// detail says what in a layer grew.
func (o of) detail(c growth.Cause) string {
	var parts []string
	for _, one := range c.Grown {
		parts = append(parts, o.what(one))
	}
	if c.Other.Count > 0 {
		parts = append(parts, fmt.Sprintf("%s %s", count(c.Other.Count, "other package"), o.amount(c.Other.Delta)))
	}
	return strings.Join(parts, "; ")
}

// what is one package, or what else grew, with its bytes.
func (o of) what(g growth.Grown) string {
	if p := g.Package; p != nil {
		text := p.Key + " " + versions(*p)
		if p.Bundle != "" {
			text += " (" + p.Bundle + ")"
		}
		if p.Old == nil && !o.whole {
			text += ", new,"
		}
		return strings.Join(strings.Fields(text), " ") + " " + o.amount(g.Delta)
	}
	text := string(g.Reason) + " " + o.amount(g.Delta)
	var files []string
	for _, f := range g.Files {
		files = append(files, "/"+f.Path+" "+o.amount(f.Delta()))
	}
	if len(files) > 0 {
		text += " (" + strings.Join(files, ", ") + ")"
	}
	return text
}

// versions is what a package changed from and to.
func versions(p growth.Package) string {
	if p.Old == nil || p.Old.Version == p.New.Version {
		return p.New.Version
	}
	return p.Old.Version + " -> " + p.New.Version
}

func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
