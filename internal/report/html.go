package report

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/image-budget/image-budget/internal/budget"
)

// HTML is for a person with a browser: one file that loads nothing and says all
// it has to say without its script.
var HTML = Format{
	Name:  "html",
	Help:  "one page for a browser, with plots and a map of the image",
	Write: writeHTML,
}

func writeHTML(w io.Writer, r budget.Result, _ Options) error {
	p := &htmlPage{}
	view := p.result(r)
	return p.deliver(w, view.Title, "result", view)
}

//go:embed html/*.html
var htmlFiles embed.FS

//go:embed html/style.css
var htmlStyle string

//go:embed html/script.js
var htmlScript string

var htmlTemplates = template.Must(template.New("").Funcs(template.FuncMap{
	"heading": htmlHeading,
	"section": func(view any, level int) htmlSection { return htmlSection{view, level} },
	"next":    func(level int) int { return level + 1 },
}).ParseFS(htmlFiles, "html/*.html"))

// htmlSection is a part of a page and the level of its headings.
type htmlSection struct {
	Of    any
	Level int
}

// htmlHeading is a heading of a level that depends on where a part of a page
// stands, which a template cannot say by itself.
func htmlHeading(level int, text string) template.HTML {
	return template.HTML(fmt.Sprintf("<h%d>%s</h%[1]d>", level, template.HTMLEscapeString(text))) //nolint:gosec // escaped
}

// htmlPage is what the parts of a page share: rules of style that belong to
// single elements, since the policy lets no element have a style of its own, and
// numbers for ids.
type htmlPage struct {
	rules strings.Builder
	ids   int
	maps  int // how many there are to be: the more, the less detail each has
}

func (p *htmlPage) id(kind string) string {
	p.ids++
	return fmt.Sprint(kind, p.ids)
}

// deliver writes the page: the body, and around it the shell with style, script
// and a policy that lets nothing else in.
func (p *htmlPage) deliver(w io.Writer, title, name string, view any) error {
	var body, page bytes.Buffer
	if err := htmlTemplates.ExecuteTemplate(&body, name, view); err != nil {
		return fmt.Errorf("making the HTML of %q: %w", title, err)
	}
	style := htmlStyle + p.rules.String()
	err := htmlTemplates.ExecuteTemplate(&page, "page", struct {
		Title, Policy string
		Style         template.CSS
		Script        template.JS
		Body          template.HTML
	}{
		Title:  title,
		Policy: fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'", htmlHash(style), htmlHash(htmlScript)),
		Style:  template.CSS(style),          //nolint:gosec // ours: a file and numbers
		Script: template.JS(htmlScript),      //nolint:gosec // ours
		Body:   template.HTML(body.String()), //nolint:gosec // of a template
	})
	if err != nil {
		return fmt.Errorf("making the HTML of %q: %w", title, err)
	}
	text := strings.ReplaceAll(page.String(), glue, "&nbsp;")
	return deliver(w, []byte(disarm(text)))
}

// htmlHash is how a policy names a style or script that may be in the page.
func htmlHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// htmlText is a piece of a sentence: our words, or a name that is not ours.
type htmlText struct {
	Text string
	Name bool
}

// htmlQuote marks a name inside a sentence for htmlSentence. A name from outside
// cannot hold the marks, since Clean shows control characters.
func htmlQuote(s string) string { return "\x02" + cleanName(s) + "\x03" }

func htmlSentence(text string) (all []htmlText) {
	for n, piece := range strings.Split(text, "\x02") {
		name, words, quoted := strings.Cut(piece, "\x03")
		if n == 0 || !quoted {
			all = append(all, htmlText{Text: piece})
			continue
		}
		all = append(all, htmlText{Text: name, Name: true}, htmlText{Text: words})
	}
	return all
}

func htmlSentences(texts []string) (all [][]htmlText) {
	for _, text := range texts {
		all = append(all, htmlSentence(text))
	}
	return all
}

func htmlClean(texts []string) (all []string) {
	for _, text := range texts {
		all = append(all, Clean(text))
	}
	return all
}
