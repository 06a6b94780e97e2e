package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/image-budget/image-budget/internal/growth"
)

// part is one of those that add up to a change.
type part struct {
	name  string
	delta int64
}

// because says in one sentence what made the change, whichever way it went.
func because(g *growth.Growth, quote quoting) string {
	with, against := parts(g, quote)
	switch {
	case len(with) == 0:
		return "what its packages take, and what no package has, is as much as before"
	case g.Delta() == 0:
		return "as much was added as went: " + list(spell(with))
	}
	text := "what grew most: "
	if g.Delta() < 0 {
		text = "what saved most: "
	}
	text += list(spell(with))
	if len(against) > 0 && abs(against[0].delta)*20 >= abs(g.Delta()) {
		text += "; the other way: " + list(spell(against[:1]))
	}
	if where := whereMost(g, quote); where != "" {
		text += "; most of it in layer " + where
	}
	return text
}

// mostParts is how many parts are named.
const mostParts = 4

// parts are those that change the size as the whole has changed, as many as lead,
// and those that go against it; all that changed where the whole has not.
func parts(g *growth.Growth, quote quoting) (with, against []part) {
	all := []part{{noPackage(g), g.Unowned}, {string(growth.Overwritten), g.Hidden}}
	all[0].name += largestOfNone(g, quote)
	for _, p := range g.Packages {
		all = append(all, part{quote(p.Key) + packageState(p), p.Delta()})
	}
	slices.SortStableFunc(all, func(a, b part) int { return cmp.Compare(abs(b.delta), abs(a.delta)) })
	total := g.Delta()
	for _, p := range all {
		switch {
		case p.delta == 0:
		case total != 0 && (p.delta > 0) != (total > 0):
			against = append(against, p)
		case len(with) == mostParts || len(with) > 0 && abs(p.delta)*50 < abs(total):
		default:
			with = append(with, p)
		}
	}
	return with, against
}

func spell(parts []part) (texts []string) {
	for _, p := range parts {
		texts = append(texts, p.name+" "+signed(p.delta))
	}
	return texts
}

func packageState(p growth.Package) string {
	switch {
	case p.Old == nil:
		return " (new)"
	case p.New == nil:
		return " (gone)"
	}
	return ""
}

// largestOfNone names the file that makes most of what no package has.
func largestOfNone(g *growth.Growth, quote quoting) string {
	for _, f := range g.Files {
		if f.Package == "" && (f.Delta() > 0) == (g.Unowned > 0) {
			if abs(f.Delta())*2 >= abs(g.Unowned) {
				return " (above all " + quote("/"+f.Path) + ")"
			}
			break
		}
	}
	return ""
}

// whereMost is the layer that makes at least half of the change.
func whereMost(g *growth.Growth, quote quoting) string {
	for _, l := range g.Layers {
		if abs(l.Delta())*2 < abs(g.Delta()) || (l.Delta() > 0) != (g.Delta() > 0) {
			continue
		}
		most := instruction(l, quote)
		if state := state(l); state != "changed" {
			most += " (" + state + ")"
		}
		return most
	}
	return ""
}

// instruction is what made a layer, as much of it as tells it from others.
func instruction(l growth.Layer, quote quoting) string {
	if strings.TrimSpace(l.Instruction) != "" {
		return quote(short(l.Instruction, 60))
	}
	if l.New != nil {
		return fmt.Sprint(l.New.Index)
	}
	return fmt.Sprint(l.Old.Index)
}

// short is a name of no more than width columns.
func short(name string, width int) string { return columns.Truncate(cleanName(name), width, "…") }

func abs(n int64) int64 { return max(n, -n) }
