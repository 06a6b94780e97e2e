package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/image-budget/image-budget/internal/budget"
)

// Of a run with hundreds of images the page shows plots, map and differences of
// those that matter most; the others have their tables.
const (
	htmlMostDetailed = 20
	htmlMostMaps     = 8
	htmlTop          = 15 // packages and files of what changed
)

// htmlResult is a run.
type htmlResult struct {
	Title             string
	Word, Mark, Class string
	Many              bool
	Overview          htmlTable
	Total             string
	Images            []*htmlImage
	Left              string // what has been left out
	Tool              string
	ExitCode          int
}

// htmlImage is one image of a run.
type htmlImage struct {
	ID, Name          string
	Word, Mark, Class string
	Headline          [][]htmlText
	Causes            []string
	Next              [][]htmlText
	Table             htmlTable
	Reasons           []htmlReason
	Scan              *htmlScan
	Warnings          []string
	Lint              *htmlTable
	Plots             []htmlPlot
	Map               *htmlMap
	Growth            *htmlGrowth
	Facts             []htmlFact
}

type htmlReason struct{ Names, Text string }

type htmlFact struct{ Name, Text string }

func (p *htmlPage) result(r budget.Result) *htmlResult {
	v := &htmlResult{Many: len(r.Images) != 1, Tool: cleanName(r.Tool), ExitCode: r.ExitCode}
	detailed, mapped := htmlChoice(r.Images)
	p.maps = len(mapped)
	for n, img := range r.Images {
		v.Images = append(v.Images, p.image(img, detailed[n], mapped[n]))
	}
	if !v.Many {
		only := v.Images[0]
		v.Word, v.Mark, v.Class = only.Word, only.Mark, only.Class
		v.Title = only.Word + " " + only.Name
		return v
	}
	total := &page{Options: Options{Width: maxText}}
	total.total(r)
	v.Total = strings.TrimSpace(total.String())
	v.Word, v.Mark, v.Class = cmp.Or(words[r.Verdict], strings.ToUpper(cleanName(string(r.Verdict)))), htmlMarks[r.Verdict], htmlClasses[r.Verdict]
	v.Title = v.Word + " image-budget, " + count(len(r.Images), "image")
	v.Overview = htmlOverview(v.Images)
	if left := len(r.Images) - len(detailed); left > 0 {
		v.Left = fmt.Sprintf("Plots and differences are shown of the %d images that matter most, maps of %d; the JSON report has those of all.", len(detailed), len(mapped))
	} else if len(mapped) < len(r.Images) && len(mapped) == htmlMostMaps {
		v.Left = fmt.Sprintf("Maps are shown of the %d images that matter most; the JSON report has those of all.", len(mapped))
	}
	return v
}

// htmlChoice says which images are shown in detail and which with their map:
// those that did not pass come first, then the largest.
func htmlChoice(images []budget.ImageResult) (detailed, mapped map[int]bool) {
	order := make([]int, len(images))
	for n := range order {
		order[n] = n
	}
	matters := func(n int) (rank int, size int64) {
		if v := images[n].Verdict; v != budget.Pass && v != budget.New {
			rank = 1
		}
		if c := images[n].Contents; c != nil {
			size = c.Size
		}
		return rank, size
	}
	slices.SortStableFunc(order, func(a, b int) int {
		rankA, sizeA := matters(a)
		rankB, sizeB := matters(b)
		return cmp.Or(rankB-rankA, cmp.Compare(sizeB, sizeA))
	})
	detailed, mapped = map[int]bool{}, map[int]bool{}
	for _, n := range order[:min(len(order), htmlMostDetailed)] {
		detailed[n] = true
		if c := images[n].Contents; c != nil && len(c.Parts) > 0 && len(mapped) < htmlMostMaps {
			mapped[n] = true
		}
	}
	return detailed, mapped
}

func (p *htmlPage) image(img budget.ImageResult, detailed, mapped bool) *htmlImage {
	v := &htmlImage{
		ID: p.id("image-"), Name: cleanName(img.Name), Word: word(img), Mark: htmlMarks[img.Verdict], Class: htmlClasses[img.Verdict],
		Headline: htmlSentences(headline(img, htmlQuote)), Causes: htmlClean(img.Causes), Next: htmlSentences(next(img, htmlQuote)),
		Table: htmlMetrics(img), Scan: htmlScanOf(img.Scan), Warnings: htmlClean(img.Warnings), Lint: htmlLint(img),
	}
	for _, r := range grouped(img.Metrics) {
		v.Reasons = append(v.Reasons, htmlReason{cleanName(list(r.names)), Clean(r.text)})
	}
	for _, field := range [][2]string{
		{"budget", img.Budget}, {"baseline", img.Baseline}, {"reference", img.Reference},
		{"config", img.ConfigDigest}, {"platform", img.Platform},
	} {
		if field[1] != "" {
			v.Facts = append(v.Facts, htmlFact{field[0], cleanName(field[1])})
		}
	}
	if detailed {
		for _, row := range img.Metrics {
			v.Plots = append(v.Plots, p.plots(row)...)
		}
		if img.Growth != nil {
			v.Growth = htmlGrowthView(img.Growth, htmlTop)
		}
	}
	if mapped {
		v.Map = p.treemap(img.Contents)
	}
	return v
}

// htmlOverview is one row an image.
func htmlOverview(images []*htmlImage) htmlTable {
	t := htmlTable{Caption: "Images", Heads: []htmlHead{{"image", htmlCode}, {"verdict", ""}, {"what there is to say", ""}}}
	for _, img := range images {
		var said []string
		for _, sentence := range img.Headline {
			var text string
			for _, piece := range sentence {
				text += piece.Text
			}
			said = append(said, text)
		}
		t.Rows = append(t.Rows, htmlTableRow{Cells: []htmlCell{
			{Text: img.Name, Class: htmlCode, Link: "#" + img.ID},
			{Text: img.Word, Class: "verdict " + img.Class, Mark: img.Mark},
			{Text: strings.Join(said, "; ")},
		}})
	}
	return t
}
