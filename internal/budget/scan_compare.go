package budget

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/image-budget/image-budget/internal/scan"
)

// ScanResult is the outcome of the scan for vulnerabilities. What was not scanned
// has null counts, and Reason says why.
type ScanResult struct {
	Tool     string         `json:"tool"`
	Version  string         `json:"version"` // of the tool; may be empty
	FailOn   scan.Severity  `json:"fail_on"`
	Verdict  Verdict        `json:"verdict"`
	Reason   string         `json:"reason"`
	Counts   scan.Counts    `json:"counts"`          // each identifier in each package once; null when not scanned
	Baseline scan.Counts    `json:"baseline_counts"` // null when there is nothing to compare with
	New      []scan.Finding `json:"new"`             // not in the baseline, the worst first, the ignored ones among them
	Fixed    []scan.Finding `json:"fixed"`           // in the baseline alone: identifier, package and severity
	Ignored  []string       `json:"ignored"`         // identifiers that the budget lets pass
}

// Failing are the new findings that make it a regression, the worst first.
func (s *ScanResult) Failing() []scan.Finding {
	return slices.DeleteFunc(slices.Clone(s.New), func(f scan.Finding) bool {
		return f.Severity < s.FailOn || slices.Contains(s.Ignored, f.ID)
	})
}

// mostCauses is how many findings are told one by one.
const mostCauses = 10

// scan holds what was found against the baseline.
func (r *ImageResult) scan(b Budget, base *Measurement, now Measurement) {
	if b.Scan == nil {
		return
	}
	s := &ScanResult{FailOn: b.Scan.FailOn}
	r.Scan = s
	var before *Scanned
	if base != nil {
		before = base.Scan
	}
	found := now.Scan
	if found == nil || found.Reason != "" {
		s.Verdict, s.Reason = Unmeasured, "nothing was scanned"
		if found != nil {
			s.Reason = found.Reason
		}
		return
	}
	s.Tool, s.Version, s.Counts = found.Tool, found.Version, found.Counts
	for _, note := range found.Notes {
		r.Warnings = append(r.Warnings, "scan: "+note)
	}
	switch {
	case before == nil:
		s.Verdict, s.Reason = New, "no scan in the baseline yet: run image-budget record "+b.Name
	case before.Tool != found.Tool:
		s.Verdict = Unmeasured
		s.Reason = fmt.Sprintf("the baseline was scanned with %s, this image with %s, and each has its own names and ratings: run image-budget record %s", before.Tool, found.Tool, b.Name)
	case before.Listed > s.FailOn:
		s.Verdict, s.Baseline = Unmeasured, before.Counts
		s.Reason = fmt.Sprintf("the baseline has room to list only %s and worse, not all from %s on: set fail_on: %s, or mend the worst and run image-budget record %s", before.Listed, s.FailOn, before.Listed, b.Name)
	default:
		s.compare(*before, *found)
		r.ignore(b.Scan.Ignore, found.Findings)
		r.tellScan(*before, *found)
	}
}

// compare lists what only one side has. What the baseline rated below the limit and
// is now at it or above is new: it was never accepted as that bad.
func (s *ScanResult) compare(before, found Scanned) {
	s.Baseline = before.Counts
	was := map[sameness]scan.Severity{}
	for _, f := range before.Findings {
		was[whereOf(f)] = f.Severity
	}
	is := map[sameness]bool{}
	for _, f := range worstEach(found.Findings) {
		is[whereOf(f)] = true
		rated, known := was[whereOf(f)]
		raised := known && rated < s.FailOn && f.Severity >= s.FailOn
		if f.Severity >= before.Listed && !known || raised {
			s.New = append(s.New, f)
		}
	}
	for _, f := range before.Findings {
		if !is[whereOf(f)] {
			s.Fixed = append(s.Fixed, f)
		}
	}
}

// ignore says what the budget lets pass, and what it no longer has to: an identifier
// that nothing found has is mended by now, or misspelled.
func (r *ImageResult) ignore(all []Ignored, found []scan.Finding) {
	for _, i := range all {
		if !slices.ContainsFunc(found, func(f scan.Finding) bool { return f.ID == i.ID }) {
			r.Warnings = append(r.Warnings, fmt.Sprintf("scan: %s is ignored, but nothing found is called that: %s", i.ID, unusedFix(i.ID, found)))
			continue
		}
		var in []string
		for _, f := range r.Scan.New {
			if f.ID == i.ID && f.Severity >= r.Scan.FailOn {
				in = append(in, f.Package)
			}
		}
		if len(in) > 0 {
			r.Scan.Ignored = append(r.Scan.Ignored, i.ID)
			r.Warnings = append(r.Warnings, fmt.Sprintf("scan: %s in %s is ignored until %s: %s", i.ID, strings.Join(in, ", "), i.Until.Format(time.DateOnly), i.Reason))
		}
	}
}

// unusedFix is what to do about an entry for what was not found.
func unusedFix(id string, found []scan.Finding) string {
	for _, f := range found {
		if strings.EqualFold(f.ID, id) {
			return "write " + f.ID
		}
	}
	return "take the entry out"
}

// tellScan settles the verdict, and names what made it.
func (r *ImageResult) tellScan(before, found Scanned) {
	s := r.Scan
	failing := s.Failing()
	if len(failing) == 0 {
		s.Verdict = Pass
		return
	}
	s.Verdict = Regression
	s.Reason = fmt.Sprintf("%d new at %s or above", len(failing), s.FailOn)
	for _, f := range failing[:min(len(failing), mostCauses)] {
		r.Causes = append(r.Causes, "scan: new: "+Told(f))
	}
	if more := len(failing) - mostCauses; more > 0 {
		r.Causes = append(r.Causes, fmt.Sprintf("scan: %d more new ones, all in the JSON report", more))
	}
	if found.Of != "" && found.Of == before.Of {
		r.Causes = append(r.Causes, "scan: the image holds what it held when the baseline was recorded: what is new is what became known since")
	}
}

// Told is a finding in words: CVE-2023-0464 (high) in openssl 3.0.11, fixed in 3.0.15.
func Told(f scan.Finding) string {
	where := f.Package
	if f.Version != "" {
		where += " " + f.Version
	}
	fix := "no fix is known"
	if f.Fixed != "" {
		fix = "fixed in " + f.Fixed
	}
	return fmt.Sprintf("%s (%s) in %s, %s", f.ID, f.Severity, where, fix)
}
