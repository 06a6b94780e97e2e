package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/image-budget/image-budget/internal/inventory"
)

// htmlMap is an image as a map of two levels and as a list of all. The script
// draws the deeper levels from the list.
type htmlMap struct {
	ID, Name, Size string
	Bytes          int64
	Cells          []htmlPlace
	Parts          []htmlPart
	Kinds          []htmlKind // that are in it, for the legend
}

// htmlPlace is a part on the map; the rule with its ID has its place.
type htmlPlace struct {
	ID, To, Name, Size, Kind string
	Label                    string // the name without what its colour says
	Bytes                    int64
	Places                   []htmlPlace
}

// htmlPart is a part in the list.
type htmlPart struct {
	ID, Name, Size, Share string
	Kind                  string // empty where it is that of the part around it
	Bytes                 int64
	Parts                 []htmlPart
}

// htmlKind is what a colour stands for.
type htmlKind struct{ Class, Name string }

var htmlKinds = []htmlKind{
	{"python", "Python"}, {"deb", "Debian"}, {"apk", "Alpine"}, {"conda", "conda"}, {"npm", "npm"},
	{"none", inventory.PartUnowned}, {"hidden", inventory.PartHidden}, {"smaller", inventory.PartSmaller}, {"layer", "a layer"},
}

// The size for which the map is drawn where there is no script; the style gives
// it that ratio. Parts that would be smaller than a few points are not drawn.
const (
	mapWidth, mapHeight = 960, 540
	mapLeast            = 4 * 4
	htmlMostParts       = 4000 // of all maps of a page
)

func (p *htmlPage) treemap(whole *inventory.Part) *htmlMap {
	if whole == nil || whole.Size <= 0 || len(whole.Parts) == 0 {
		return nil
	}
	least := int64(1)
	for most := max(htmlMostParts/max(p.maps, 1), 200); shown(whole, least) > most; least *= 2 {
	}
	m := &htmlMap{ID: p.id("map-"), Name: cleanName(whole.Name), Size: bytesText(whole.Size), Bytes: whole.Size}
	for n, layer := range whole.Parts {
		if layer.Size <= 0 {
			continue
		}
		part := listedPart(layer, whole.Size, least, 1, "")
		part.ID, part.Name = fmt.Sprint(m.ID, "-", n), fmt.Sprintf("layer %d: %s", n, cmp.Or(cleanName(layer.Name), "no instruction"))
		m.Parts = append(m.Parts, part)
	}
	slices.SortStableFunc(m.Parts, func(a, b htmlPart) int { return cmp.Compare(b.Bytes, a.Bytes) })
	m.Cells = p.places(m.Parts, m.ID, box{0, 0, mapWidth, mapHeight}, 2)
	for _, kind := range htmlKinds {
		if slices.ContainsFunc(m.Parts, func(part htmlPart) bool { return part.has(kind.Class) }) {
			m.Kinds = append(m.Kinds, kind)
		}
	}
	return m
}

// shown is how many parts are not smaller than least.
func shown(of *inventory.Part, least int64) (n int) {
	for _, part := range of.Parts {
		if part.Size >= least {
			n += 1 + shown(part, least)
		}
	}
	return n
}

// listedPart is a part for the list; those in it that are smaller than least are one.
func listedPart(of *inventory.Part, whole, least int64, depth int, around string) htmlPart {
	kind := around
	switch {
	case depth == 1:
		kind = "layer"
	case depth == 2 || of.Name == inventory.PartSmaller:
		kind = kindOf(of.Name)
	}
	part := htmlPart{Name: cleanName(of.Name), Bytes: of.Size, Size: bytesText(of.Size), Share: share(of.Size, whole)}
	if kind != around {
		part.Kind = kind
	}
	rest := &inventory.Part{Name: inventory.PartSmaller}
	for _, below := range of.Parts {
		if below.Size < least || below.Name == inventory.PartSmaller {
			rest.Size += below.Size
			continue
		}
		part.Parts = append(part.Parts, listedPart(below, whole, least, depth+1, kind))
	}
	if rest.Size > 0 && len(part.Parts) > 0 {
		part.Parts = append(part.Parts, listedPart(rest, whole, least, depth+1, kind))
	}
	slices.SortStableFunc(part.Parts, func(a, b htmlPart) int { return cmp.Compare(b.Bytes, a.Bytes) })
	return part
}

// kindOf is the class of what is directly in a layer.
func kindOf(name string) string {
	manager, _, _ := strings.Cut(name, ":")
	for _, kind := range htmlKinds {
		if kind.Class == manager || kind.Name == name {
			return kind.Class
		}
	}
	return "none"
}

func (part htmlPart) has(kind string) bool {
	return part.Kind == kind || slices.ContainsFunc(part.Parts, func(below htmlPart) bool { return below.has(kind) })
}

// share is a part of a whole as a percentage.
func share(n, whole int64) string {
	percent := float64(n) / float64(whole) * 100
	if percent < 0.1 {
		return "<0.1" + glue + "%"
	}
	return fmt.Sprintf("%.1f"+glue+"%%", percent)
}

// places lays parts out in a box of the map, and what is in them in theirs.
func (p *htmlPage) places(parts []htmlPart, id string, in box, levels int) (all []htmlPlace) {
	sizes := make([]float64, len(parts))
	for n, part := range parts {
		sizes[n] = float64(part.Bytes)
	}
	for n, b := range squarify(sizes, in) {
		part := parts[n]
		if b.area() < mapLeast && levels == 1 {
			continue
		}
		place := htmlPlace{ID: fmt.Sprint(id, "c", n), To: part.ID, Name: part.Name, Size: part.Size, Kind: part.Kind, Bytes: part.Bytes}
		place.Label = strings.TrimPrefix(part.Name, part.Kind+":")
		fmt.Fprintf(&p.rules, "#%s{left:%.3f%%;top:%.3f%%;width:%.3f%%;height:%.3f%%}\n", place.ID,
			(b.x-in.x)/in.w*100, (b.y-in.y)/in.h*100, b.w/in.w*100, b.h/in.h*100)
		if levels > 1 {
			place.Places = p.places(part.Parts, place.ID, b, levels-1)
		}
		all = append(all, place)
	}
	return all
}
