package inventory

import (
	"slices"
	"strings"
)

// Merged puts packages of one key together, since several versions of one may be
// there: a size for all of them, the versions in a list, and the layer of the first.
// It keeps the order.
func Merged(all []Package) []Package {
	var merged []Package
	at := map[string]int{}
	for _, p := range all {
		n, ok := at[p.Key]
		if !ok {
			at[p.Key] = len(merged)
			merged = append(merged, p)
			continue
		}
		one := &merged[n]
		one.Size, one.Files, one.Made = one.Size+p.Size, one.Files+p.Files, one.Made+p.Made
		if !slices.Contains(strings.Split(one.Version, ", "), p.Version) {
			one.Version = strings.Trim(one.Version+", "+p.Version, ", ")
		}
	}
	return merged
}
