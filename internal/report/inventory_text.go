package report

import (
	"fmt"
	"io"

	"github.com/image-budget/image-budget/internal/inventory"
)

// inventoryText is for a person: the sentence that matters, then layers,
// packages, waste and files.
func inventoryText(w io.Writer, i *inventory.Inventory, top int, o Options) error {
	p := &page{Options: o}
	if p.Width <= 0 {
		p.Width = defaultWidth
	}
	p.Width = max(p.Width, minWidth)
	p.say(fmt.Sprintf("%s: %s in %s, %s", cleanName(i.Reference), bytesText(i.Size), count(len(i.Layers), "layer"), count(len(i.Packages), "package")), "", "  ")
	p.say(saving(i), "", "  ")
	p.layers(i)
	p.packages(i, top)
	p.waste(i)
	p.files(i)
	for _, problem := range i.Problems {
		p.say("not read: "+Clean(problem), "", "  ")
	}
	return deliver(w, []byte(disarm(unglue(p.String()))))
}

// list writes a grid under a title; what is said of a row stands under it.
func (p *page) list(title string, g *grid, below []string) {
	if len(g.rows) == 0 {
		return
	}
	p.WriteString("\n")
	p.line(bold, title)
	p.line(dim, g.line(g.heads))
	for n, row := range g.rows {
		p.line(plain, g.line(row))
		if n < len(below) && below[n] != "" {
			p.say(below[n], belowRow, belowRow+"  ")
		}
	}
}

// besideInstruction is what the other columns of a layer take.
const besideInstruction = 50

func (p *page) layers(i *inventory.Inventory) {
	g := &grid{heads: []string{"layer", "size", "of it unowned", "hidden", "files", "instruction"}, right: []bool{true, true, true, true, true, false}}
	for n, l := range i.Layers {
		instruction := columns.Truncate(cleanName(l.Instruction), max(p.Width-besideInstruction, 10), "…")
		g.rows = append(g.rows, []string{fmt.Sprint(n), bytesText(l.Size), bytesText(l.Unowned), bytesText(l.Hidden), fmt.Sprint(l.Files), instruction})
	}
	p.list("layers", g, nil)
}

func (p *page) packages(i *inventory.Inventory, top int) {
	g := &grid{heads: []string{"size", "package", "version", "layer", "what it is"}, right: []bool{true, false, false, true, false}}
	for _, pkg := range i.Packages[:min(top, len(i.Packages))] {
		g.rows = append(g.rows, []string{bytesText(pkg.Size), cleanName(pkg.Key), cleanName(pkg.Version), fmt.Sprint(pkg.Layer), cleanName(pkg.Bundle)})
	}
	g.dropEmpty("size")
	title := "packages"
	if more := len(i.Packages) - top; more > 0 {
		title = fmt.Sprintf("packages, the largest %d of %d", top, len(i.Packages))
	}
	p.list(title, g, nil)
}

func (p *page) waste(i *inventory.Inventory) {
	g := &grid{heads: []string{"size", "files", "not needed at run time"}, right: []bool{true, true, false}}
	var fixes []string
	for _, w := range i.Waste {
		title := w.Title
		if w.Optional {
			title += " (depends on the service)"
		}
		files := fmt.Sprint(w.Files)
		if w.Files == 0 {
			files = absent
		}
		g.rows = append(g.rows, []string{bytesText(w.Size), files, title})
		fixes = append(fixes, w.Fix)
	}
	p.list("waste", g, fixes)
}

func (p *page) files(i *inventory.Inventory) {
	g := &grid{heads: []string{"size", "layer", "file", "package"}, right: []bool{true, true, false, false}}
	for _, f := range i.Files {
		g.rows = append(g.rows, []string{bytesText(f.Size), fmt.Sprint(f.Layer), cleanName("/" + f.Path), cleanName(f.Package)})
	}
	g.dropEmpty("size")
	p.list("largest files", g, nil)
}
