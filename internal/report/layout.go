package report

import (
	"strings"

	"github.com/mattn/go-runewidth"
)

// style is an ANSI colour of the text format.
type style string

const (
	plain  style = ""
	bold   style = "1"
	red    style = "1;31"
	green  style = "32"
	yellow style = "1;33"
	dim    style = "2"
)

func (s style) apply(text string, color bool) string {
	if !color || s == plain || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

// columns measures text on a terminal. It does not follow the locale, so that
// a report reads the same everywhere.
var columns = &runewidth.Condition{StrictEmojiNeutral: true}

// glue is a space at which no line is broken: between a number and its unit,
// and inside a command that is to be copied. Text from outside cannot hold it,
// since it is escaped there, and no report does, since unglue ends every one.
const glue = "\u00a0"

func unglue(text string) string { return strings.ReplaceAll(text, glue, " ") }

// wrap breaks each line of text at width columns, the first behind first, what
// follows behind indent. A line keeps its own leading white space, as log
// lines need; a word longer than a line stays whole, so that it can be copied.
func wrap(text, first, indent string, width int) string {
	var out []string
	lead := first
	for _, line := range strings.Split(strings.ReplaceAll(text, "\t", "    "), "\n") {
		words := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' })
		own := line[:len(line)-len(strings.TrimLeft(line, " "))]
		current := lead + own
		empty := true
		for _, word := range words {
			if !empty && columns.StringWidth(current)+1+columns.StringWidth(word) > width {
				out = append(out, current)
				current, empty = indent+own, true
			}
			if !empty {
				current += " "
			}
			current, empty = current+word, false
		}
		out = append(out, strings.TrimRight(current, " "))
		lead = indent
	}
	return strings.Join(out, "\n") + "\n"
}

// pad fills text with spaces to width columns.
func pad(text string, width int, right bool) string {
	space := strings.Repeat(" ", max(0, width-columns.StringWidth(text)))
	if right {
		return space + text
	}
	return text + space
}

// grid is text in aligned columns.
type grid struct {
	heads []string
	right []bool // by column: numbers
	rows  [][]string
}

// drop removes a column.
func (g *grid) drop(column int) {
	without := func(cells []string) []string {
		return append(append([]string{}, cells[:column]...), cells[column+1:]...)
	}
	g.heads = without(g.heads)
	g.right = append(append([]bool{}, g.right[:column]...), g.right[column+1:]...)
	for i := range g.rows {
		g.rows[i] = without(g.rows[i])
	}
}

// dropEmpty removes the columns in which no row has anything, but not the one
// under keep.
func (g *grid) dropEmpty(keep string) {
	for column := len(g.heads) - 1; column >= 0; column-- {
		used := g.heads[column] == keep
		for _, row := range g.rows {
			used = used || row[column] != absent && row[column] != ""
		}
		if !used {
			g.drop(column)
		}
	}
}

// find is the column under head, or -1.
func (g *grid) find(head string) int {
	for i, h := range g.heads {
		if h == head {
			return i
		}
	}
	return -1
}

const gap = 2 // columns between two of a grid

func (g *grid) widths() []int {
	widths := make([]int, len(g.heads))
	for _, row := range append([][]string{g.heads}, g.rows...) {
		for i, cell := range row {
			widths[i] = max(widths[i], columns.StringWidth(cell))
		}
	}
	return widths
}

func (g *grid) width() int { return across(g.widths()) }

// across is how wide columns of those widths are, with the gaps between them.
func across(widths []int) int {
	sum := gap * (len(widths) - 1)
	for _, w := range widths {
		sum += w
	}
	return sum
}

// line aligns one row's cells.
func (g *grid) line(cells []string) string { return g.aligned(cells, g.widths()) }

// aligned is line where the widths are at hand, for a table of many rows.
func (g *grid) aligned(cells []string, widths []int) string {
	var b strings.Builder
	for i, cell := range cells {
		if i > 0 {
			b.WriteString(strings.Repeat(" ", gap))
		}
		b.WriteString(pad(cell, widths[i], g.right[i]))
	}
	return strings.TrimRight(b.String(), " ")
}
