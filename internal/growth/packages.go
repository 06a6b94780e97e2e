package growth

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/image-budget/image-budget/internal/inventory"
)

// packages are those that changed. What a baseline had no room for is in none of
// them, nor what the other image has of packages as small as those.
func packages(old, now *inventory.Inventory) []Package {
	was, is := byKey(old.Packages), byKey(now.Packages)
	all := []Package{}
	for key, side := range is {
		p := Package{Key: key, Bundle: side.bundle, New: &side.PackageSide}
		if before := was[key]; before != nil {
			p.Old = &before.PackageSide
		} else if side.Size <= smallest(old) {
			continue
		}
		all = append(all, p)
	}
	for key, side := range was {
		if is[key] == nil && side.Size > smallest(now) {
			all = append(all, Package{Key: key, Bundle: side.bundle, Old: &side.PackageSide})
		}
	}
	all = slices.DeleteFunc(all, func(p Package) bool {
		return p.Old != nil && p.New != nil && p.Old.Size == p.New.Size && p.Old.Version == p.New.Version
	})
	slices.SortFunc(all, func(a, b Package) int {
		return cmp.Or(cmp.Compare(abs(b.Delta()), abs(a.Delta())), strings.Compare(a.Key, b.Key))
	})
	return all
}

type keyed struct {
	PackageSide
	bundle string
}

func byKey(all []inventory.Package) map[string]*keyed {
	m := map[string]*keyed{}
	for _, p := range inventory.Merged(all) {
		m[p.Key] = &keyed{PackageSide{Version: p.Version, Size: p.Size, Layer: p.Layer}, p.Bundle}
	}
	return m
}

// smallest is the size up to which packages of the image may have been left out;
// -1 where none was.
func smallest(i *inventory.Inventory) int64 {
	if whole(i) {
		return -1
	}
	if len(i.Packages) == 0 {
		return math.MaxInt64 // nothing is known of packages
	}
	least := int64(-1)
	for _, p := range i.Packages {
		if least < 0 || p.Size < least {
			least = p.Size
		}
	}
	return least
}

func abs(n int64) int64 { return max(n, -n) }

// wastes are the categories that changed; none where a side does not say what in
// its layers is whose, since then it does not say either what of it is waste.
func wastes(old, now *inventory.Inventory) []Waste {
	all := []Waste{}
	if !old.Complete() || !now.Complete() {
		return all
	}
	for _, w := range now.Waste {
		all = append(all, Waste{Category: w.Name, Title: w.Title, Optional: w.Optional, New: w.Size})
	}
	for _, w := range old.Waste {
		at := slices.IndexFunc(all, func(other Waste) bool { return other.Category == w.Name })
		if at < 0 {
			at = len(all)
			all = append(all, Waste{Category: w.Name, Title: w.Title, Optional: w.Optional})
		}
		all[at].Old = w.Size
	}
	all = slices.DeleteFunc(all, func(w Waste) bool { return w.Delta() == 0 })
	slices.SortStableFunc(all, func(a, b Waste) int { return cmp.Compare(abs(b.Delta()), abs(a.Delta())) })
	return all
}
