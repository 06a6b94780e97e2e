package lint

import (
	"cmp"
	"slices"
	"strings"
)

// About is what there is to read about a rule, of whatever kind it is.
type About struct {
	Name      string
	Of        Kind
	Severity  Severity
	Summary   string
	Why, Fix  string
	Doc       string
	Bad, Good string
	URL       string // of its documentation, where that is elsewhere
}

// Kind says what a rule looks at and whose it is.
type Kind string

// The kinds of rules.
const (
	OfDockerfile Kind = "Dockerfile"
	OfBuildKit   Kind = "BuildKit"
	OfImage      Kind = "image"
)

// Catalog is what there is to read about every rule: ours for Dockerfiles, those
// of BuildKit's linter, and ours for images.
func Catalog() []About {
	var all []About
	for _, r := range All {
		all = append(all, about(r, OfDockerfile))
	}
	for _, r := range BuildKitRules() {
		all = append(all, about(r, OfBuildKit))
	}
	for _, r := range ImageRules {
		all = append(all, About{Name: r.Name, Of: OfImage, Severity: r.Severity, Summary: r.Summary, Why: r.Why, Fix: r.Fix, Doc: r.Doc, Bad: r.Bad, Good: r.Good})
	}
	return all
}

// about is a rule of Dockerfiles. The documentation of BuildKit's is a page.
func about(r Rule, of Kind) About {
	a := About{Name: r.Name, Of: of, Severity: r.Severity, Summary: r.Summary, Why: r.Why, Fix: r.Fix, Doc: r.Doc, Bad: r.Bad, Good: r.Good}
	if strings.HasPrefix(a.Doc, "https://") {
		a.URL, a.Doc = a.Doc, ""
	}
	return a
}

// AtLeast reports whether s weighs as much as least, or more. What is no
// severity weighs as much as an error: it is never passed over.
func (s Severity) AtLeast(least Severity) bool { return s.weight() >= least.weight() }

func (s Severity) weight() int {
	if n := slices.Index(Severities, s); n >= 0 {
		return n
	}
	return len(Severities) - 1
}

// ByWeight puts the heaviest findings first and keeps the order of those that
// weigh the same.
func ByWeight(all []Finding) []Finding {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b Finding) int { return cmp.Compare(b.Severity.weight(), a.Severity.weight()) })
	return sorted
}

// Without leaves out of the findings of an image what in says of the Dockerfile
// that it is built from, be it accepted there or not.
func Without(of []Finding, in Result) []Finding {
	said := map[string]bool{}
	for _, f := range in.Findings {
		said[f.Rule] = true
	}
	for _, s := range in.Suppressed {
		said[s.Rule] = true
	}
	return slices.DeleteFunc(slices.Clone(of), func(f Finding) bool {
		n := slices.IndexFunc(ImageRules, func(r ImageRule) bool { return r.Name == f.Rule })
		return n >= 0 && slices.ContainsFunc(ImageRules[n].Same, func(name string) bool { return said[name] })
	})
}
