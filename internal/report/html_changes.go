package report

import (
	"cmp"
	"fmt"

	"github.com/image-budget/image-budget/internal/growth"
)

// mostLayers is how many layers that changed have a row of their own.
const mostLayers = 40

func changedLayersTable(g *growth.Growth) htmlTable {
	var c htmlChanges
	same, others, rest := 0, 0, int64(0)
	for _, l := range g.Layers {
		switch {
		case l.Old != nil && l.New != nil && l.Old.Same:
			same++
			rest += l.Delta()
		case len(c.deltas) == mostLayers:
			others++
			rest += l.Delta()
		default:
			old, now := layerBytes(l.Old), layerBytes(l.New)
			c.add(cmp.Or(cleanName(l.Instruction)+inPlaceOf(l, cleanName), "no instruction"), old, now, l.Delta(), layerChange(l))
		}
	}
	if len(c.deltas) == 0 {
		return htmlTable{}
	}
	c.rest(count(others, "other layer"), rest)
	t := c.table("Layers that changed", "instruction", "what became of it", g, "instruction")
	if same > 0 {
		t.Note = count(same, "layer") + " unchanged."
	}
	return t
}

func layerBytes(s *growth.LayerSide) string {
	if s == nil {
		return absent
	}
	return bytesText(s.Size)
}

func layerChange(l growth.Layer) string {
	switch {
	case l.Old == nil:
		return fmt.Sprintf("new, layer %d", l.New.Index)
	case l.New == nil:
		return fmt.Sprintf("gone, was layer %d", l.Old.Index)
	}
	return fmt.Sprintf("changed, layer %d", l.New.Index)
}

func changedPackagesTable(g *growth.Growth, top int) htmlTable {
	var c htmlChanges
	top = min(top, len(g.Packages))
	for _, p := range g.Packages[:top] {
		c.add(cleanName(p.Key), packageBytes(p.Old), packageBytes(p.New), p.Delta(), packageChange(p))
	}
	if len(c.deltas) == 0 && g.Unowned == 0 && g.Hidden == 0 {
		return htmlTable{}
	}
	var others int64
	for _, p := range g.Packages[top:] {
		others += p.Delta()
	}
	c.rest(count(len(g.Packages)-top, "other package"), others)
	unowned := "files of no package"
	if !g.Complete {
		unowned = "not known by package"
	}
	c.rest(unowned, g.Unowned)
	c.rest("overwritten or deleted later", g.Hidden)
	return c.table("Packages that changed", "package", "version", g, "package", "version")
}

func packageBytes(s *growth.PackageSide) string {
	if s == nil {
		return absent
	}
	return bytesText(s.Size)
}

func packageChange(p growth.Package) string {
	switch {
	case p.Old == nil:
		return "new: " + cleanName(p.New.Version)
	case p.New == nil:
		return "gone: " + cleanName(p.Old.Version)
	case p.Old.Version == p.New.Version:
		return cleanName(p.New.Version)
	}
	return cleanName(p.Old.Version) + " → " + cleanName(p.New.Version)
}

func changedFilesTable(g *growth.Growth, top int) htmlTable {
	var c htmlChanges
	if g.OtherFiles == nil { // a side has no files
		return htmlTable{}
	}
	top = min(top, len(g.Files))
	for _, f := range g.Files[:top] {
		old, now := bytesText(f.Old), bytesText(f.New)
		if f.Old == 0 {
			old = absent
		}
		if f.Gone {
			now = absent
		}
		c.add(cleanName("/"+f.Path), old, now, f.Delta(), cleanName(f.Package))
	}
	others := *g.OtherFiles
	for _, f := range g.Files[top:] {
		others += f.Delta()
	}
	c.rest("all other files", others)
	c.rest("overwritten or deleted later", g.Hidden)
	return c.table("Files that changed", "file", "package", g, "file", "package")
}

func changedWasteTable(g *growth.Growth) htmlTable {
	var c htmlChanges
	for _, w := range g.Waste {
		title := cleanName(w.Title)
		if w.Optional {
			title += " (depends on the service)"
		}
		c.add(title, bytesText(w.Old), bytesText(w.New), w.Delta(), "")
	}
	return c.table("Waste that changed", "not needed at run time", "", nil)
}
