package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/scan"
)

// mostFindings is how many of a kind are listed outside of the JSON report.
const mostFindings = 5

// scanSaid is what was found in one line: trivy 0.74.0 found 1 critical, 3 high
// (baseline: 1 critical). Empty when nothing was scanned.
func scanSaid(s *budget.ScanResult) string {
	if s.Counts == nil {
		return ""
	}
	text := cleanName(strings.TrimSpace(s.Tool+" "+s.Version)) + " found " + s.Counts.String()
	if s.Baseline != nil {
		text += " (baseline: " + s.Baseline.String() + ")"
	}
	return text
}

// scanMoved is what came and what went, of what came only what is no cause already.
func scanMoved(s *budget.ScanResult) []string {
	failing := s.Failing()
	passed := slices.DeleteFunc(slices.Clone(s.New), func(f scan.Finding) bool { return slices.Contains(failing, f) })
	return append(scanLines("new, let pass", passed, budget.Told), scanLines("fixed", s.Fixed, func(f scan.Finding) string {
		return fmt.Sprintf("%s (%s) in %s", f.ID, f.Severity, f.Package)
	})...)
}

func scanLines(what string, all []scan.Finding, told func(scan.Finding) string) (lines []string) {
	for _, f := range all[:min(len(all), mostFindings)] {
		lines = append(lines, what+": "+cleanName(told(f)))
	}
	if more := len(all) - mostFindings; more > 0 {
		lines = append(lines, fmt.Sprintf("%s: %d more, all in the JSON report", what, more))
	}
	return lines
}

// scanHeadline says what the scan has to do with the verdict; empty where that is
// nothing, or is said of the metrics already.
func scanHeadline(img budget.ImageResult, quote quoting) string {
	s := img.Scan
	switch {
	case s == nil:
	case s.Verdict == budget.Regression:
		failing := s.Failing()
		if len(failing) == 0 {
			return "scan found new vulnerabilities"
		}
		noun, more := "vulnerability", ""
		if n := len(failing); n > 1 {
			noun, more = "vulnerabilities", fmt.Sprintf(" and %d more", n-1)
		}
		first := failing[0]
		return fmt.Sprintf("scan found %d new %s of %s or above: %s in %s%s", len(failing), noun, s.FailOn, quote(first.ID), quote(first.Package), more)
	case s.Verdict == budget.Unmeasured && !saidOfMetrics(img):
		verb := unmeasuredVerb
		if s.Counts != nil {
			verb = "could not be compared"
		}
		return "scan " + verb + ": " + quote(firstLine(s.Reason))
	case s.Verdict == budget.New && !hasVerdict(img, budget.New):
		return "scan has nothing in the baseline to compare with yet"
	}
	return ""
}

// scanNext is what to do about it; empty when there is nothing to do.
func scanNext(img budget.ImageResult, quote quoting) string {
	switch {
	case img.Scan == nil || img.Budget == "":
	case img.Scan.Verdict == budget.Regression:
		return fmt.Sprintf("update what has the new vulnerabilities; or let one pass for a while by an entry under scan: ignore: in %s; or accept them all: %s and commit the baseline", quote(img.Budget), quote(recordCommand(img)))
	case img.Scan.Verdict == budget.New && !hasVerdict(img, budget.New):
		return fmt.Sprintf("record the scan: %s, and commit the baseline", quote(recordCommand(img)))
	}
	return ""
}

// saidOfMetrics reports whether the scan's reason is a metric's too, such as an image
// that could not be had.
func saidOfMetrics(img budget.ImageResult) bool {
	return slices.ContainsFunc(img.Metrics, func(row budget.Row) bool { return row.Reason != "" && row.Reason == img.Scan.Reason })
}

func hasVerdict(img budget.ImageResult, v budget.Verdict) bool {
	return slices.ContainsFunc(img.Metrics, func(row budget.Row) bool { return row.Verdict == v })
}

// scan is the line of the scan under the metrics, and what moved under that.
func (p *page) scan(img budget.ImageResult, far bool) {
	s := img.Scan
	if s == nil {
		return
	}
	head := mark(budget.Row{Verdict: s.Verdict}) + "scan: "
	text := cleanName(string(s.Verdict))
	if found := scanSaid(s); found != "" {
		text += ", " + found
	}
	p.WriteString(rowStyle(budget.Row{Verdict: s.Verdict}).apply(strings.TrimSuffix(wrap(text, head, belowRow, p.Width), "\n"), p.Color) + "\n")
	for _, line := range scanMoved(s) {
		p.say(line, belowRow, belowRow+"  ")
	}
	if saidOfMetrics(img) {
		return
	}
	if s.Verdict == budget.Unmeasured && (far || p.Verbose || strings.Contains(s.Reason, "\n")) {
		p.say(Clean(s.Reason), belowRow, belowRow)
	}
}

// markdownScan is the scan in one line of a report.
func markdownScan(img budget.ImageResult) string {
	if img.Scan == nil {
		return ""
	}
	text := "Scan: " + markdownVerdict(budget.Row{Verdict: img.Scan.Verdict})
	if found := scanSaid(img.Scan); found != "" {
		text += ", " + span(found)
	}
	return text + "\n\n"
}

// markdownScanDetails is what moved, and why there is nothing of it.
func markdownScanDetails(img budget.ImageResult) string {
	if img.Scan == nil {
		return ""
	}
	var b strings.Builder
	for _, line := range scanMoved(img.Scan) {
		b.WriteString("- scan, " + span(line) + "\n")
	}
	if b.Len() > 0 {
		b.WriteString("\n")
	}
	if img.Scan.Reason != "" && !saidOfMetrics(img) {
		b.WriteString(said("scan", img.Scan.Reason))
	}
	return b.String()
}

// htmlScan is the scan in a page.
type htmlScan struct {
	Word, Mark, Class string
	Said, Reason      string
	Moved             []string
}

func htmlScanOf(s *budget.ScanResult) *htmlScan {
	if s == nil {
		return nil
	}
	return &htmlScan{
		Word: cleanName(string(s.Verdict)), Mark: htmlMarks[s.Verdict], Class: htmlClasses[s.Verdict],
		Said: scanSaid(s), Reason: Clean(s.Reason), Moved: scanMoved(s),
	}
}
