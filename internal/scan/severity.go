package scan

import (
	"fmt"
	"strings"
)

// Severity is how bad a finding is, as the scanner rates it. A greater one is worse.
type Severity int

// The severities, the least first. Unknown is a finding that nobody has rated.
const (
	Unknown Severity = iota
	Negligible
	Low
	Medium
	High
	Critical
)

// Severities is every severity, the worst first.
var Severities = []Severity{Critical, High, Medium, Low, Negligible, Unknown}

var severityNames = map[Severity]string{
	Unknown: "unknown", Negligible: "negligible", Low: "low", Medium: "medium", High: "high", Critical: "critical",
}

func (s Severity) String() string { return severityNames[s] }

// Names is every severity's name, the worst first.
func Names() (all []string) {
	for _, s := range Severities {
		all = append(all, s.String())
	}
	return all
}

// SeverityNamed finds a severity by its name, in upper or lower case.
func SeverityNamed(name string) (Severity, bool) {
	for s, own := range severityNames {
		if strings.EqualFold(own, strings.TrimSpace(name)) {
			return s, true
		}
	}
	return Unknown, false
}

// MarshalText writes the name.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a name.
func (s *Severity) UnmarshalText(text []byte) error {
	named, ok := SeverityNamed(string(text))
	if !ok {
		return fmt.Errorf("there is no severity %.40q", text)
	}
	*s = named
	return nil
}

// ofScore is the severity of a CVSS base score, by the scale of CVSS 3.1,
// section 5.
func ofScore(score float64) Severity {
	switch {
	case score >= 9:
		return Critical
	case score >= 7:
		return High
	case score >= 4:
		return Medium
	case score > 0:
		return Low
	}
	return Unknown
}

// Counts is how many findings there are of each severity.
type Counts map[Severity]int

// Count counts each identifier in each package once, at its worst: two versions
// of a package in one image are one thing to mend.
func Count(all []Finding) Counts {
	worst := map[[2]string]Severity{}
	for _, f := range all {
		key := [2]string{f.ID, f.Package}
		if before, ok := worst[key]; !ok || f.Severity > before {
			worst[key] = f.Severity
		}
	}
	counts := Counts{}
	for _, s := range worst {
		counts[s]++
	}
	return counts
}

// String is such as "1 critical, 3 high", or "nothing".
func (c Counts) String() string {
	var parts []string
	for _, s := range Severities {
		if n := c[s]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, s))
		}
	}
	if len(parts) == 0 {
		return "nothing"
	}
	return strings.Join(parts, ", ")
}
