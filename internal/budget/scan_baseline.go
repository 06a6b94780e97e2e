package budget

import (
	"fmt"
	"math"
	"slices"

	"github.com/opencontainers/go-digest"
	"gopkg.in/yaml.v3"

	"github.com/image-budget/image-budget/internal/scan"
)

// Scanned is what a scanner found in an image, or why there is nothing of it. A
// baseline file keeps identifiers and packages, and no more.
type Scanned struct {
	Tool     string // trivy, grype or scout
	Version  string // may be empty
	Counts   scan.Counts
	Findings []scan.Finding // those that are as bad as Listed or worse
	Listed   scan.Severity  // what is less bad is only counted
	Of       digest.Digest  // the contents digest of the image; may be empty
	Reason   string         // why nothing was scanned; empty when it was
	Fault    error          // the user's fault that Reason tells of; nil when it is none
	Notes    []string
}

// FaultOf is the user's fault in what was to be scanned; nil where there is none.
func (s *Scanned) FaultOf() error {
	if s == nil {
		return nil
	}
	return s.Fault
}

// NewScanned is all that a report says of the image that m measured.
func NewScanned(r scan.Report, m Measurement) *Scanned {
	return &Scanned{Tool: r.Tool, Version: r.Version, Counts: scan.Count(r.Findings), Findings: r.Findings, Of: m.ContentsDigest}
}

// scanNode is one count and one package a line, so that a diff shows what moved;
// nil where there is nothing to say. What is less bad than least is only counted.
func scanNode(s *Scanned, least scan.Severity) *yaml.Node {
	if s == nil || s.Reason != "" {
		return nil
	}
	n := &yaml.Node{Kind: yaml.MappingNode}
	add(n, "tool", text(s.Tool))
	addQuoted(n, "version", s.Version)
	counts, findings := &yaml.Node{Kind: yaml.MappingNode}, &yaml.Node{Kind: yaml.MappingNode}
	for _, severity := range scan.Severities {
		if c := s.Counts[severity]; c > 0 {
			add(counts, severity.String(), integer(int64(c)))
		}
	}
	least = max(least, s.Listed)
	for _, severity := range scan.Severities {
		if packages := foundNode(s.Findings, severity); severity >= least && len(packages.Content) > 0 {
			add(findings, severity.String(), packages)
		}
	}
	addSome(n, "counts", counts)
	if least > scan.Unknown {
		add(n, "listed", text(least.String()))
	}
	addSome(n, "findings", findings)
	return n
}

// addSome leaves the key out of an empty mapping.
func addSome(m *yaml.Node, key string, value *yaml.Node) {
	if len(value.Content) > 0 {
		add(m, key, value)
	}
}

// foundNode is a line for each package and the identifiers that are of this
// severity in it.
func foundNode(all []scan.Finding, of scan.Severity) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode}
	byPackage := map[string][]string{}
	for _, f := range worstEach(all) {
		if f.Severity == of {
			byPackage[f.Package] = append(byPackage[f.Package], f.ID)
		}
	}
	for _, name := range sortedKeys(byPackage) {
		key, ids := text(name), flow(yaml.SequenceNode)
		key.Style = yaml.DoubleQuotedStyle
		slices.Sort(byPackage[name])
		for _, id := range byPackage[name] {
			ids.Content = append(ids.Content, text(id))
		}
		n.Content = append(n.Content, key, ids)
	}
	return n
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// worstEach has every identifier in every package once, as counts do, in the
// order of scan.Order.
func worstEach(all []scan.Finding) []scan.Finding {
	seen := map[sameness]bool{}
	return slices.DeleteFunc(slices.SortedStableFunc(slices.Values(all), scan.Order), func(f scan.Finding) bool {
		twice := seen[whereOf(f)]
		seen[whereOf(f)] = true
		return twice
	})
}

// sameness is what makes two findings the same one.
type sameness struct{ id, pkg string }

func whereOf(f scan.Finding) sameness { return sameness{f.ID, f.Package} }

// scannedBefore reads what the baseline says of its image's vulnerabilities; nil
// where it says nothing.
func scannedBefore(of digest.Digest, m *mapping) *Scanned {
	const accepted = "run image-budget record, which writes whole files"
	s := &Scanned{Of: of, Counts: scan.Counts{}}
	tool := m.must("tool", accepted)
	s.Tool = tool.text("")
	s.Version = m.get("version").words("")
	s.Listed = m.get("listed").severity(scan.Unknown)
	counts, findings := m.get("counts").mapping(), m.get("findings").mapping()
	faults := len(m.doc.faults)
	for _, severity := range scan.Severities {
		count := counts.get(severity.String())
		n := int(count.integer(0, 1, math.MaxInt32))
		if n > 0 {
			s.Counts[severity] = n
		}
		packages := findings.get(severity.String())
		found := foundBefore(packages.mapping(), severity)
		s.Findings = append(s.Findings, found...)
		switch at := firstGiven(count, packages, tool); {
		case !at.given() || len(m.doc.faults) > faults: // of what cannot be read there is no number
		case severity < s.Listed && len(found) > 0:
			at.fault("lists what is less than "+s.Listed.String(), accepted)
		case severity >= s.Listed && len(found) != n:
			at.fault(fmt.Sprintf("says %d findings, and lists %d", n, len(found)), "run image-budget record; a baseline is not edited by hand")
		}
	}
	if m.node == nil {
		return nil
	}
	slices.SortStableFunc(s.Findings, scan.Order)
	return s
}

// foundBefore reads the lines of one severity.
func foundBefore(packages *mapping, severity scan.Severity) []scan.Finding {
	var all []scan.Finding
	for i, ids := range packages.all() {
		name := packages.node.Content[2*i].Value
		for _, id := range ids.list() {
			f := scan.Finding{ID: id.text(""), Package: name, Severity: severity}
			if f.ID != "" && !scan.IsIdentifier(f.ID) {
				id.fault(quoted(f.ID)+" is not the identifier of a vulnerability", "run image-budget record, which writes whole files")
			}
			all = append(all, f)
		}
	}
	return all
}

func firstGiven(all ...field) field {
	for _, f := range all {
		if f.given() {
			return f
		}
	}
	return field{}
}
