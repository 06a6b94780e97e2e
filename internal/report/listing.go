package report

import (
	"fmt"
	"strings"
)

// listing is a table under a title. It is the same in every format, but for how
// texts from outside are quoted in it.
type listing struct {
	title string
	grid
	foot  int      // rows at the end that sum up, and are never left out
	wide  string   // head of the column that may be cut
	spare []string // heads of columns that a narrow page does without, in this order
	below []string // what is said of a row, under it or beside it
	about string   // head of what is below, where it stands beside the row
}

func (l *listing) add(cells ...string) { l.rows = append(l.rows, cells) }

// sum adds a row that sums up others.
func (l *listing) sum(cells ...string) {
	l.add(cells...)
	l.foot++
}

// Columns that a cut column keeps: while there are others that can be done
// without, and at the least.
const (
	readable = 24
	leastCut = 10
)

// fit makes the table no wider than width, as far as that goes.
func (l *listing) fit(width int) {
	for _, head := range l.spare {
		if !l.cutTo(width, readable) {
			if column := l.find(head); column >= 0 {
				l.drop(column)
			}
		}
	}
	if column := l.find(l.wide); column >= 0 && !l.cutTo(width, leastCut) {
		l.cut(column, leastCut)
	}
}

// cutTo cuts the wide column so that the table has that width, and reports false
// where the column would keep less than least.
func (l *listing) cutTo(width, least int) bool {
	over := l.width() - width
	if over <= 0 {
		return true
	}
	column := l.find(l.wide)
	if column < 0 {
		return false
	}
	keep := l.widths()[column] - over
	if keep < least {
		return false
	}
	l.cut(column, keep)
	return true
}

func (l *listing) cut(column, width int) {
	for _, row := range l.rows {
		row[column] = columns.Truncate(row[column], width, "…")
	}
}

// widths are those of the columns. What a row that sums up is called may reach
// into the columns behind it, in which it has nothing.
func (l *listing) widths() []int {
	summed := len(l.rows) - l.foot
	widths := (&grid{heads: l.heads, rows: l.rows[:summed]}).widths()
	for _, row := range l.rows[summed:] {
		last := len(row) - 1
		for last > 0 && row[last] == "" {
			last--
		}
		for column, cell := range row[:last] {
			widths[column] = max(widths[column], columns.StringWidth(cell))
		}
		if over := columns.StringWidth(row[last]) - across(widths[last:]); over > 0 {
			widths[last] += over
		}
	}
	return widths
}

func (l *listing) width() int { return across(l.widths()) }

// newPage is an empty page of a width at which a report can be read.
func newPage(o Options) *page {
	p := &page{Options: o}
	if p.Width <= 0 {
		p.Width = defaultWidth
	}
	p.Width = max(p.Width, minWidth)
	return p
}

// list writes a table under its title; what is said of a row stands under it.
func (p *page) list(l listing) {
	if len(l.rows) == 0 {
		return
	}
	l.fit(p.Width)
	widths := l.widths()
	p.WriteString("\n")
	p.line(bold, l.title)
	p.line(dim, l.aligned(l.heads, widths))
	for n, row := range l.rows {
		p.line(plain, l.aligned(row, widths))
		if n < len(l.below) && l.below[n] != "" {
			p.say(l.below[n], belowRow, belowRow+"  ")
		}
	}
}

// longTable is how many rows of a table stand open in a comment; longer ones are
// folded away.
const longTable = 12

// markdown is the table as a section that takes about room bytes at the most: the
// first rows have it, and the table says how many did not.
func (l *listing) markdown(room int) string {
	if len(l.rows) == 0 {
		return ""
	}
	first, last := "**"+l.title+"**\n\n", "\n"
	if len(l.rows)-l.foot > longTable {
		first, last = "<details><summary>"+l.title+"</summary>\n\n", "\n</details>\n\n"
	}
	rows := make([]string, len(l.rows))
	for n, cells := range l.rows {
		rows[n] = l.markdownRow(n, cells)
	}
	summed := strings.Join(rows[len(rows)-l.foot:], "")
	rows = rows[:len(rows)-l.foot]
	text := first + l.markdownHead()
	room -= len(text) + len(summed) + len(last) + 100 // for the line that says what was left out
	for n, row := range rows {
		if room -= len(row); room < 0 {
			last = fmt.Sprintf("\n*%s left out for want of room.*\n", count(len(rows)-n, "row")) + last
			break
		}
		text += row
	}
	return text + summed + last
}

func (l *listing) markdownHead() string {
	heads, rule := l.heads, "|"
	for _, right := range l.right {
		rule += map[bool]string{false: ":--|", true: "--:|"}[right]
	}
	if l.about != "" {
		heads, rule = append(heads[:len(heads):len(heads)], l.about), rule+":--|"
	}
	return "| " + strings.Join(heads, " | ") + " |\n" + rule + "\n"
}

func (l *listing) markdownRow(n int, cells []string) string {
	if l.about != "" {
		beside := ""
		if n < len(l.below) {
			beside = l.below[n]
		}
		cells = append(cells[:len(cells):len(cells)], beside)
	}
	return "| " + strings.Join(cells, " | ") + " |\n"
}
