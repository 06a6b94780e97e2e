package report

import (
	"fmt"
	"strings"

	"github.com/image-budget/image-budget/internal/growth"
)

// growthListings are the tables of what changed: layers, packages and files, each
// of which adds up to the whole.
func growthListings(g *growth.Growth, top int, quote quoting) []listing {
	top = max(top, 0)
	return []listing{
		changedLayers(g, quote),
		changedPackages(g, top, quote),
		changedFiles(g, top, quote),
	}
}

func changedLayers(g *growth.Growth, quote quoting) listing {
	l := listing{
		title: "layers",
		grid:  grid{heads: []string{"change", "old", "new", "", "instruction"}, right: []bool{true, true, true, false, false}},
		wide:  "instruction",
		spare: []string{"old", "new"},
	}
	var same, was int64
	for _, layer := range g.Layers {
		state := state(layer)
		if state == "" {
			same, was = same+1, was+layer.Old.Size
			continue
		}
		old, now := absent, absent
		if layer.Old != nil {
			old = bytesText(layer.Old.Size)
		}
		if layer.New != nil {
			now = bytesText(layer.New.Size)
		}
		l.add(signed(layer.Delta()), old, now, state, quote(layer.Instruction)+inPlaceOf(layer, quote))
	}
	if len(l.rows) == 0 {
		return l
	}
	if same > 0 {
		l.sum(signed(0), bytesText(was), bytesText(was), fmt.Sprintf("%d unchanged", same), "")
	}
	l.sum(signed(g.Delta()), bytesText(g.Old.Size), bytesText(g.New.Size), "total", "")
	return l
}

// inPlaceOf names the instruction whose layer another one's has become.
func inPlaceOf(l growth.Layer, quote quoting) string {
	if l.Was == "" {
		return ""
	}
	return ", in place of " + quote(l.Was)
}

// noPackage is the name of what no package has.
func noPackage(g *growth.Growth) string {
	if g.Complete {
		return "no package"
	}
	return "no package, or not recorded"
}

func changedPackages(g *growth.Growth, top int, quote quoting) listing {
	l := listing{
		title: "packages",
		grid:  grid{heads: []string{"change", "old", "new", "package", "version", "what it is"}, right: []bool{true, true, true, false, false, false}},
		wide:  "what it is",
		spare: []string{"what it is", "old", "new"},
	}
	if len(g.Packages) == 0 && g.OtherFiles != nil { // then files say more
		return l
	}
	others := grown{}
	relabelled := 0
	for n, p := range g.Packages {
		shown := n < top
		if p.Delta() == 0 { // only the version changed: it is last, and of interest all the same
			relabelled++
			shown = shown || relabelled <= top
		}
		if !shown {
			others.add(packageSizes(p))
			continue
		}
		old, now := packageSizes(p)
		l.add(signed(now-old), orAbsent(p.Old != nil, old), orAbsent(p.New != nil, now), quote(p.Key), versions(p, quote), quote(p.Bundle))
	}
	if others.count > 0 {
		l.sum(signed(others.now-others.old), bytesText(others.old), bytesText(others.now), fmt.Sprintf("%d others", others.count), "", "")
	}
	for _, rest := range []part{{noPackage(g), g.Unowned}, {string(growth.Overwritten), g.Hidden}} {
		if rest.delta != 0 {
			l.sum(signed(rest.delta), "", "", rest.name, "", "")
		}
	}
	if len(l.rows) > 0 {
		l.sum(signed(g.Delta()), "", "", "total", "", "")
	}
	l.dropEmpty("change")
	return l
}

// grown is how several changed together.
type grown struct {
	count    int
	old, now int64
}

func (g *grown) add(old, now int64) { g.count, g.old, g.now = g.count+1, g.old+old, g.now+now }

func packageSizes(p growth.Package) (old, now int64) {
	if p.Old != nil {
		old = p.Old.Size
	}
	if p.New != nil {
		now = p.New.Size
	}
	return old, now
}

func orAbsent(there bool, n int64) string {
	if !there {
		return absent
	}
	return bytesText(n)
}

// longVersion is how many columns a version has: one package may be there in many.
const longVersion = 40

// versions is how a package's version changed: "2.4.0 -> 2.5.1", "2.5.1, new".
func versions(p growth.Package, quote quoting) string {
	switch {
	case p.Old == nil:
		return strings.TrimPrefix(quote(short(p.New.Version, longVersion))+", new", ", ")
	case p.New == nil:
		return strings.TrimPrefix(quote(short(p.Old.Version, longVersion))+", gone", ", ")
	case p.Old.Version == p.New.Version:
		return quote(short(p.New.Version, longVersion))
	}
	return quote(short(p.Old.Version, longVersion) + " -> " + short(p.New.Version, longVersion))
}

func changedFiles(g *growth.Growth, top int, quote quoting) listing {
	l := listing{
		title: "files",
		grid:  grid{heads: []string{"change", "old", "new", "file", "package"}, right: []bool{true, true, true, false, false}},
	}
	if g.OtherFiles == nil || len(g.Files) == 0 {
		return l
	}
	for _, f := range g.Files[:min(top, len(g.Files))] {
		l.add(signed(f.Delta()), orAbsent(f.Old > 0, f.Old), orAbsent(!f.Gone, f.New), quote("/"+f.Path), quote(f.Package))
	}
	others := *g.OtherFiles
	for _, f := range g.Files[min(top, len(g.Files)):] {
		others += f.Delta()
	}
	for _, rest := range []part{{"other files", others}, {string(growth.Overwritten), g.Hidden}} {
		if rest.delta != 0 {
			l.sum(signed(rest.delta), "", "", rest.name, "")
		}
	}
	l.sum(signed(g.Delta()), "", "", "total", "")
	l.dropEmpty("change")
	return l
}

func changedWaste(g *growth.Growth) listing {
	l := listing{
		title: "waste",
		grid:  grid{heads: []string{"change", "old", "new", "not needed at run time"}, right: []bool{true, true, true, false}},
		wide:  "not needed at run time",
		spare: []string{"old", "new"},
	}
	for _, w := range g.Waste {
		l.add(signed(w.Delta()), bytesText(w.Old), bytesText(w.New), wasteTitle(w.Title, w.Optional))
	}
	return l
}
