package growth_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/growth"
	"github.com/image-budget/image-budget/internal/image/imagetest"
)

// BenchmarkGrowth compares two images of 200,000 files, of which every tenth
// changed.
func BenchmarkGrowth(b *testing.B) {
	cache := open(b)
	image := func(name string, other int) growth.Held {
		var entries []imagetest.Entry
		for n := range 200_000 {
			size := 10
			if n%10 == 0 {
				size += other
			}
			entries = append(entries, imagetest.File(fmt.Sprintf("usr/lib/part-%d/folder-%d/file-%d.py", n%7, n%1000, n), "0123456789abcdef"[:size]))
		}
		return hold(b, cache, name, add(b, entries...))
	}
	old, now := image("old", 0), image("new", 6)
	for b.Loop() {
		g := growth.Between(old.Inventory, now.Inventory)
		require.NoError(b, g.CompareFiles(old, now, 20))
		require.Len(b, g.Files, 20)
	}
	b.ReportAllocs()
}
