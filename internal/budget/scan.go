package budget

import (
	"fmt"
	"strings"
	"time"

	"github.com/image-budget/image-budget/internal/scan"
)

// Scan says where the vulnerabilities of the image are from, and which of them
// count. Exactly one of Report and Run is set.
type Scan struct {
	Report string        // path of a scanner's report
	Run    string        // the scanner to run, one of Scanners
	FailOn scan.Severity // a new finding as bad as this or worse is a regression
	Ignore []Ignored
}

// Scanners are the scanners that can be run.
var Scanners = []string{"trivy"}

// Ignored is a vulnerability that is accepted for a while.
type Ignored struct {
	ID     string
	Until  time.Time // the last day on which it counts, UTC
	Reason string
	Line   int
}

// scanned reads the key scan; nil where it is absent.
func scanned(f field, dir string, now time.Time) *Scan {
	m := f.mapping()
	report, run := m.get("report"), m.get("run")
	s := &Scan{
		Report: path(report, dir),
		Run:    run.oneOf("", Scanners...),
		FailOn: m.get("fail_on").severity(scan.High),
		Ignore: ignored(m.get("ignore"), now),
	}
	if m.node == nil {
		return nil
	}
	if report.given() == run.given() {
		m.doc.fault(m.node, m.name+" takes exactly one of report and run", "write scan: {report: PATH} or scan: {run: "+strings.Join(Scanners, " or ")+"}")
	}
	return s
}

// severity is a severity by its name.
func (f field) severity(absent scan.Severity) scan.Severity {
	named, _ := scan.SeverityNamed(f.oneOf(absent.String(), scan.Names()...))
	return named
}

// ignored reads what is accepted. Each identifier once, and none that ended before
// now, as with exceptions.
func ignored(f field, now time.Time) []Ignored {
	const accepted = `write {id: CVE-2023-0464, until: 2027-01-31, reason: "why"}`
	var all []Ignored
	seen := map[string]int{}
	for _, element := range f.list() {
		m := element.mapping()
		id := m.must("id", accepted)
		i := Ignored{ID: id.text(""), Until: m.must("until", accepted).moment(time.DateOnly, "2027-01-31"), Reason: m.must("reason", accepted).text("")}
		if m.node == nil || i.ID == "" {
			continue
		}
		i.Line = m.node.Line
		if !scan.IsIdentifier(i.ID) {
			id.fault(quoted(i.ID)+" is not the identifier of a vulnerability", accepted)
		}
		if first := seen[i.ID]; first > 0 {
			id.fault(fmt.Sprintf("is ignored already, in line %d", first), "keep one entry for a vulnerability")
		}
		seen[i.ID] = i.Line
		if ended(i.Until, now) {
			m.get("until").fault("is over: it was ignored until "+i.Until.Format(time.DateOnly), "take the entry out, or give it a new day and reason")
		}
		all = append(all, i)
	}
	return all
}

// ended reports whether the last day until is over.
func ended(until, now time.Time) bool {
	return !until.IsZero() && until.Before(now.UTC().Truncate(24*time.Hour))
}
