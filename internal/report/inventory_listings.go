package report

import (
	"fmt"

	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/secrets"
)

// inventoryListings are the tables of an inventory.
func inventoryListings(i *inventory.Inventory, top int, quote quoting) []listing {
	return []listing{
		secretsOf(i, quote),
		layersOf(i, quote),
		packagesOf(i, top, quote),
		wasteOf(i),
		filesOf(i, quote),
	}
}

func layersOf(i *inventory.Inventory, quote quoting) listing {
	l := listing{
		title: "layers",
		grid:  grid{heads: []string{"layer", "size", "of it unowned", "hidden", "files", "instruction"}, right: []bool{true, true, true, true, true, false}},
		wide:  "instruction",
		spare: []string{"files", "of it unowned", "hidden"},
	}
	for n, layer := range i.Layers {
		l.add(fmt.Sprint(n), bytesText(layer.Size), bytesText(layer.Unowned), bytesText(layer.Hidden), fmt.Sprint(layer.Files), quote(layer.Instruction))
	}
	return l
}

func packagesOf(i *inventory.Inventory, top int, quote quoting) listing {
	l := listing{
		title: "packages",
		grid:  grid{heads: []string{"size", "package", "version", "layer", "what it is"}, right: []bool{true, false, false, true, false}},
		wide:  "what it is",
		spare: []string{"what it is", "layer"},
	}
	for _, p := range i.Packages[:min(max(top, 0), len(i.Packages))] {
		l.add(bytesText(p.Size), quote(p.Key), quote(p.Version), fmt.Sprint(p.Layer), quote(p.Bundle))
	}
	l.dropEmpty("size")
	if len(i.Packages) > top {
		l.title = fmt.Sprintf("packages, the largest %d of %d", top, len(i.Packages))
	}
	return l
}

func wasteOf(i *inventory.Inventory) listing {
	l := listing{
		title: "waste",
		grid:  grid{heads: []string{"size", "files", "not needed at run time"}, right: []bool{true, true, false}},
		wide:  "not needed at run time",
		spare: []string{"files"},
		about: "what to do",
	}
	for _, w := range i.Waste {
		files := fmt.Sprint(w.Files)
		if w.Files == 0 {
			files = absent
		}
		l.add(bytesText(w.Size), files, wasteTitle(w.Title, w.Optional))
		l.below = append(l.below, w.Fix)
	}
	return l
}

func wasteTitle(title string, optional bool) string {
	if optional {
		title += " (depends on the service)"
	}
	return title
}

func filesOf(i *inventory.Inventory, quote quoting) listing {
	l := listing{
		title: "largest files",
		grid:  grid{heads: []string{"size", "layer", "file", "package"}, right: []bool{true, true, false, false}},
	}
	for _, f := range i.Files {
		l.add(bytesText(f.Size), fmt.Sprint(f.Layer), quote("/"+f.Path), quote(f.Package))
	}
	l.dropEmpty("size")
	return l
}

// secretsOf comes first: nothing else in an image is as urgent.
func secretsOf(i *inventory.Inventory, quote quoting) listing {
	l := listing{
		title: "secrets",
		grid:  grid{heads: []string{"layer", "where", "name", "what it is"}, right: []bool{true, false, false, false}},
	}
	for _, s := range i.Secrets {
		layer, name := absent, s.Name
		if s.Layer != secrets.None {
			layer = fmt.Sprint(s.Layer)
		}
		if s.Where == secrets.File {
			name = "/" + name
		}
		what := s.Kind
		if s.Gone {
			what += ", deleted later and still in its layer"
		}
		l.add(layer, s.Where, quote(name), what)
	}
	l.dropEmpty("name")
	return l
}
