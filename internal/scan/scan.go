// Package scan reads what a vulnerability scanner found in an image, whichever
// scanner it was, and runs Trivy on an image on disk. It knows nothing of
// budgets, baselines or verdicts: what a finding means for a gate is decided
// elsewhere.
package scan

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/opencontainers/go-digest"
)

// Finding is one vulnerability in one package of the image.
type Finding struct {
	ID       string   `json:"id"` // CVE-2023-0464, GHSA-..., as the scanner calls it
	Severity Severity `json:"severity"`
	Package  string   `json:"package"`
	Version  string   `json:"version"` // installed; may be empty
	Fixed    string   `json:"fixed"`   // the version that has the fix; empty when none is known
	Target   string   `json:"target"`  // where in the image the scanner found it; may be empty
	Title    string   `json:"title"`
	URL      string   `json:"url"`
}

// Report is all that a scanner said of one image.
type Report struct {
	Tool     string // trivy, grype or scout
	Version  string // of the tool; may be empty
	Of       []digest.Digest
	Names    []string  // what the scanner was told to look at, and the tags of that: references or paths
	Subject  string    // what it says that it is of, where that is no image: "a filesystem"
	Lacks    string    // what a report of an image like this one has, and this one has not; empty when nothing
	Findings []Finding // the worst first, each of (ID, Package, Version) once
}

// Formats is every format that Parse knows.
var Formats = []Format{Trivy, Grype, SARIF}

// Format is one form of report, known by its content.
type Format struct {
	Name  string // for messages
	Is    func(keys) bool
	Parse func(data []byte) (Report, error)
}

// IsOf reports whether the report says that it is of an image with one of these
// digests, and whether it says at all of which image it is. Scanners name the
// config's digest, the manifest's, or both.
func (r Report) IsOf(digests ...digest.Digest) (same, known bool) {
	for _, of := range r.Of {
		if slices.Contains(digests, of) {
			return true, true
		}
	}
	return false, len(r.Of) > 0
}

// settle brings the findings into their order and form.
func settle(all []Finding) []Finding {
	for i := range all {
		f := &all[i]
		for _, text := range []*string{&f.Package, &f.Version, &f.Fixed, &f.Target, &f.Title, &f.URL} {
			*text = oneLine(*text)
		}
	}
	slices.SortStableFunc(all, func(a, b Finding) int {
		return cmp.Or(Order(a, b), cmp.Compare(a.Version, b.Version))
	})
	seen := map[[3]string]bool{}
	return slices.DeleteFunc(all, func(f Finding) bool {
		key := [3]string{f.ID, f.Package, f.Version}
		twice := seen[key]
		seen[key] = true
		return twice
	})
}

// Order is that of lists of findings: the worst first, then by package and ID.
func Order(a, b Finding) int {
	return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(a.Package, b.Package), cmp.Compare(a.ID, b.ID))
}

// longest is how many bytes of a text of a report are kept.
const longest = 200

// oneLine keeps what a file and a line of a log can take of a text from outside.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, strings.ToValidUTF8(s, "\ufffd"))
	s = strings.TrimSpace(s)
	if len(s) > longest {
		s = strings.ToValidUTF8(s[:longest], "")
	}
	return s
}

// digests are those of texts that are digests, alone or at the end of a reference.
func digests(texts ...string) (all []digest.Digest) {
	for _, text := range texts {
		if at := strings.LastIndex(text, "@"); at >= 0 {
			text = text[at+1:]
		}
		if d, err := digest.Parse(text); err == nil && !slices.Contains(all, d) {
			all = append(all, d)
		}
	}
	return all
}
