package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func listed(rows int) listing {
	l := listing{
		title: "things",
		grid:  grid{heads: []string{"size", "files", "name", "why"}, right: []bool{true, true, false, false}},
		wide:  "why",
		spare: []string{"files"},
	}
	for n := range rows {
		l.add("1.00 kB", "12", fmt.Sprintf("n%d", n), strings.Repeat("because ", 5))
	}
	l.sum("9 B", "", "what sums up the rest", "")
	return l
}

// A table that is too wide is cut first, then loses what can be done without, and
// is cut to the least that can be read.
func TestFit(t *testing.T) {
	for width, want := range map[int]string{
		100: "1.00 kB     12  n0    because because because because because ",
		50:  "1.00 kB     12  n0    because because because bec…",
		40:  "1.00 kB  n0    because because because …",
		10:  "1.00 kB  n0         because b…",
	} {
		p := newPage(Options{Width: 1000})
		l := listed(1)
		l.fit(width)
		p.list(l)
		require.Equal(t, strings.TrimRight(want, " "), strings.Split(p.String(), "\n")[3], "width %d", width)
	}
}

// What a row that sums up is called makes no column wider that it can reach over.
func TestFootReachesOver(t *testing.T) {
	l := listed(1)
	require.Equal(t, len("n0")+2, l.widths()[2])
	l.sum("9 B", "", strings.Repeat("x", 100), "")
	require.Equal(t, across(l.widths()[2:]), 100)
}

// A long table is folded; one without room for all rows says how many it left out,
// and keeps those that sum up.
func TestListingMarkdown(t *testing.T) {
	short, long := listed(longTable), listed(longTable+1)
	require.True(t, strings.HasPrefix(short.markdown(10_000), "**things**\n\n| size |"))
	text := long.markdown(10_000)
	require.True(t, strings.HasPrefix(text, "<details><summary>things</summary>\n\n| size |"))
	require.True(t, strings.HasSuffix(text, "\n</details>\n\n"))
	require.NotContains(t, text, "left out")

	text = long.markdown(600)
	require.LessOrEqual(t, len(text), 600)
	require.Contains(t, text, "rows left out for want of room")
	require.Contains(t, text, "what sums up the rest")
	require.True(t, strings.HasSuffix(text, "\n</details>\n\n"))
	require.Empty(t, (&listing{}).markdown(600), "nothing is no table")
}
