package importtime

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Growth is a package that takes longer than it did.
type Growth struct {
	Package
	Was time.Duration // its Self before; 0 where it was not imported
}

// By is how much longer.
func (g Growth) By() time.Duration { return g.Self - g.Was }

// One run differs from the next. A package has grown where it takes this much
// longer, and longer by one part in so many of what it took.
const (
	leastGrowth = 10 * time.Millisecond
	leastPart   = 10
)

// Grown lists the packages that take notably longer in now than in base, those
// that grew most first.
func Grown(base, now Report) []Growth {
	was := map[string]time.Duration{}
	for _, p := range base.Packages {
		was[p.Name] = p.Self
	}
	var grown []Growth
	for _, p := range now.Packages {
		g := Growth{Package: p, Was: was[p.Name]}
		if g.By() >= leastGrowth && g.By() >= g.Was/leastPart {
			grown = append(grown, g)
		}
	}
	slices.SortFunc(grown, func(a, b Growth) int {
		return cmp.Or(cmp.Compare(b.By(), a.By()), strings.Compare(a.Name, b.Name))
	})
	return grown
}
