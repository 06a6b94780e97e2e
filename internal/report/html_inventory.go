package report

import (
	"fmt"
	"io"

	"github.com/image-budget/image-budget/internal/inventory"
)

// htmlInventory is what an image is made of.
type htmlInventory struct {
	Title, Name string
	Sum, Saving string
	Base        string // which layers are not its own; empty where that is not known
	Map         *htmlMap
	Tables      []htmlTable
	Problems    []string
	Facts       []htmlFact
}

func inventoryHTML(w io.Writer, i *inventory.Inventory, top int, _ Options) error {
	top = max(top, 0)
	p := &htmlPage{maps: 1}
	v := &htmlInventory{
		Name: cleanName(i.Reference), Saving: saving(i), Base: based(i, cleanName), Map: p.treemap(i.Parts), Problems: htmlClean(i.Problems),
		Sum: fmt.Sprintf("%s in %s, %s", bytesText(i.Size), count(len(i.Layers), "layer"), count(len(i.Packages), "package")),
	}
	v.Title = v.Name + ": where the bytes are"
	for _, table := range []htmlTable{htmlSecrets(i), htmlLayers(i), htmlPackages(i, top), htmlWaste(i), htmlLargest(i)} {
		if len(table.Rows) > 0 {
			v.Tables = append(v.Tables, table)
		}
	}
	for _, fact := range []htmlFact{{"config", i.ConfigDigest.String()}, {"platform", i.Platform}} {
		if fact.Text != "" {
			v.Facts = append(v.Facts, htmlFact{fact.Name, cleanName(fact.Text)})
		}
	}
	return p.deliver(w, v.Title, "inventory", v)
}

// htmlSecrets comes first, as in every format.
func htmlSecrets(i *inventory.Inventory) htmlTable {
	l := secretsOf(i, cleanName)
	g := &grid{heads: []string{"name", "where", "what it is", "layer"}, right: []bool{false, false, false, true}}
	for _, row := range l.rows {
		cell := func(head string) string {
			if at := l.find(head); at >= 0 {
				return row[at]
			}
			return absent
		}
		g.rows = append(g.rows, []string{cell("name"), cell("where"), cell("what it is"), cell("layer")})
	}
	return htmlGrid("Secrets", g, "name")
}

func htmlLayers(i *inventory.Inventory) htmlTable {
	g := &grid{
		heads: []string{"layer", "size", "of it unowned", "hidden", "files", "instruction"},
		right: []bool{true, true, true, true, true, false},
	}
	for n, l := range i.Layers {
		g.rows = append(g.rows, []string{
			fmt.Sprint(n), bytesText(l.Size), knownBytes(l.Unowned), knownBytes(l.Hidden), fmt.Sprint(l.Files), cleanName(l.Instruction),
		})
	}
	t := htmlGrid("Layers", g, "instruction")
	t.Note = "Unowned: what no package has. Hidden: what later layers overwrite or delete."
	return t
}

// knownBytes is a number of bytes, or that it is not known.
func knownBytes(n int64) string {
	if n < 0 { // inventory.Unknown
		return absent
	}
	return bytesText(n)
}

func htmlPackages(i *inventory.Inventory, top int) htmlTable {
	g := &grid{heads: []string{"package", "size", "version", "layer", "files", "what it is"}, right: []bool{false, true, false, true, true, false}}
	top = min(top, len(i.Packages))
	for _, pkg := range i.Packages[:top] {
		g.rows = append(g.rows, []string{
			cleanName(pkg.Key), bytesText(pkg.Size), cleanName(pkg.Version), fmt.Sprint(pkg.Layer), fmt.Sprint(pkg.Files), cleanName(pkg.Bundle),
		})
	}
	g.dropEmpty("package")
	t := htmlGrid("Packages", g, "package", "version")
	if more := i.Packages[top:]; len(more) > 0 {
		var size int64
		for _, pkg := range more {
			size += pkg.Size
		}
		t.Note = fmt.Sprintf("The largest %d of %d; the others take %s.", top, len(i.Packages), bytesText(size))
	}
	return t
}

func htmlWaste(i *inventory.Inventory) htmlTable {
	g := &grid{heads: []string{"not needed at run time", "size", "files"}, right: []bool{false, true, true}}
	for _, w := range i.Waste {
		title := w.Title
		if w.Optional {
			title += " (depends on the service)"
		}
		files := fmt.Sprint(w.Files)
		if w.Files == 0 {
			files = absent
		}
		g.rows = append(g.rows, []string{title, bytesText(w.Size), files})
	}
	t := htmlGrid("Waste", g)
	for n, w := range i.Waste {
		t.Rows[n].Below = w.Fix
	}
	return t
}

func htmlLargest(i *inventory.Inventory) htmlTable {
	g := &grid{heads: []string{"file", "size", "layer", "package"}, right: []bool{false, true, true, false}}
	for _, f := range i.Files {
		g.rows = append(g.rows, []string{cleanName("/" + f.Path), bytesText(f.Size), fmt.Sprint(f.Layer), cleanName(f.Package)})
	}
	g.dropEmpty("file")
	return htmlGrid("Largest files", g, "file", "package")
}
