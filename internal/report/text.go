package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/image-budget/image-budget/internal/budget"
)

// Text is for a person at a terminal or in the log of a CI job.
var Text = Format{
	Name:  "text",
	Help:  "for a terminal, the verdict first",
	Write: writeText,
}

const (
	defaultWidth = 80
	minWidth     = 20
	belowRow     = "    "  // indent of what is said of a row under it
	belowVerdict = "     " // indent of what else there is to say of a verdict
)

func writeText(w io.Writer, r budget.Result, o Options) error {
	p := &page{Options: o}
	if p.Width <= 0 {
		p.Width = defaultWidth
	}
	p.Width = max(p.Width, minWidth)
	for _, img := range r.Images {
		p.verdict(img)
		p.causes(img)
	}
	for _, img := range r.Images {
		p.image(img, len(r.Images) > 1)
	}
	p.total(r)
	p.next(r)
	return deliver(w, []byte(disarm(unglue(p.String()))))
}

// page is a text report as it grows.
type page struct {
	strings.Builder
	Options
}

func (p *page) line(s style, text string) {
	p.WriteString(s.apply(text, p.Color) + "\n")
}

// say writes prose at the page's width.
func (p *page) say(text, first, indent string) {
	p.WriteString(wrap(text, first, indent, p.Width))
}

var wordStyles = map[string]style{
	"PASS": green, "FAIL": red, "INCONCLUSIVE": yellow, "UNMEASURED": yellow,
}

// verdict is the line that matters: FAIL support-agent: what broke. What else
// broke gets a line each.
func (p *page) verdict(img budget.ImageResult) {
	w, lead := word(img), belowVerdict
	for i, sentence := range headline(img, cleanName) {
		if i > 0 {
			p.say(sentence, lead, lead+"  ")
			continue
		}
		text := wrap(cleanName(img.Name)+": "+sentence, w+" ", lead+"  ", p.Width)
		p.WriteString(wordStyles[w].apply(w, p.Color) + strings.TrimPrefix(text, w))
	}
}

// causes say what made it break, the largest first: they come before all numbers.
func (p *page) causes(img budget.ImageResult) {
	for _, cause := range img.Causes {
		p.say("cause: "+Clean(cause), belowVerdict, belowVerdict+"  ")
	}
}

// image is the table of one image and what there is to say under it.
func (p *page) image(img budget.ImageResult, named bool) {
	p.WriteString("\n")
	if named {
		p.line(bold, cleanName(img.Name))
	}
	if p.Verbose {
		p.origin(img)
	}
	g := textGrid(img)
	if how := g.find("compared"); how >= 0 && g.width() > p.Width {
		g.drop(how)
	}
	if g.width() <= p.Width {
		p.table(img, g)
	} else {
		p.stack(img)
	}
	p.scan(img, named)
	p.notes(img, named)
	p.lint(img)
}

// origin says which image was measured and against which files.
func (p *page) origin(img budget.ImageResult) {
	for _, field := range [][2]string{
		{"budget", img.Budget}, {"baseline", img.Baseline}, {"reference", img.Reference},
		{"config", img.ConfigDigest}, {"platform", img.Platform},
	} {
		if field[1] != "" {
			p.line(dim, pad(field[0], 11, false)+cleanName(field[1]))
		}
	}
}

// textGrid holds one row a metric, two columns of it a mark for broken rows.
func textGrid(img budget.ImageResult) *grid {
	g := &grid{
		heads: []string{"  metric", "now", "baseline", "change", "limit", "max", "verdict", "compared"},
		right: []bool{false, true, true, true, true, true, false, false},
	}
	for _, row := range img.Metrics {
		now, base := scales(row)
		g.rows = append(g.rows, []string{
			mark(row) + cleanName(row.Name), now.format(row.Value), base.format(row.Baseline), change(row),
			tolerance(row.Tolerance), ceiling(row.Unit, row.Max), cleanName(string(row.Verdict)), cleanName(string(row.Compared)),
		})
	}
	g.dropEmpty("now")
	if measuredOnly(img) { // there is no limit, and no verdict
		for _, head := range []string{"limit", "verdict"} {
			if i := g.find(head); i >= 0 {
				g.drop(i)
			}
		}
	}
	return g
}

// mark lets a broken row be seen without colours.
func mark(row budget.Row) string {
	if broken(row) {
		return "! "
	}
	return "  "
}

// notes gives in full why rows have the verdict they have, each reason once and
// not again where a headline close by has said all of it; then warnings.
func (p *page) notes(img budget.ImageResult, far bool) {
	var notes strings.Builder
	note := func(about, text string) {
		notes.WriteString(wrap(about+": "+Clean(text), "", "  ", p.Width))
	}
	for _, r := range grouped(slices.DeleteFunc(slices.Clone(img.Metrics), toldBelow)) {
		if !r.said() || p.Verbose || far && r.far() {
			note(cleanName(list(r.names)), r.text)
		}
	}
	for _, warning := range img.Warnings {
		note("warning", warning)
	}
	if notes.Len() > 0 {
		p.WriteString("\n" + notes.String())
	}
}

// total counts the images by what became of them.
func (p *page) total(r budget.Result) {
	if len(r.Images) == 1 {
		return
	}
	text := count(len(r.Images), "image")
	for _, v := range []budget.Verdict{budget.Regression, budget.OverMax, budget.Unmeasured, budget.Inconclusive, budget.New, budget.Pass} {
		n := 0
		for _, img := range r.Images {
			if img.Verdict == v {
				n++
			}
		}
		if n > 0 {
			text += fmt.Sprintf(", %d %s", n, v)
		}
	}
	p.WriteString("\n")
	p.say(fmt.Sprintf("%s; exit status %d", text, r.ExitCode), "", "  ")
}

// command keeps what is to be copied on one line.
func command(s string) string { return strings.ReplaceAll(cleanName(s), " ", glue) }

// next ends the report with what to do, a step for all images at once where
// it is the same.
func (p *page) next(r budget.Result) {
	said := map[string]bool{}
	for _, img := range r.Images {
		for _, step := range next(img, command) {
			if said[step] {
				continue
			}
			if len(said) == 0 {
				p.WriteString("\n")
			}
			said[step] = true
			p.say(step, "next: ", "  ")
		}
	}
}
