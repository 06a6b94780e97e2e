package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"

	"github.com/image-budget/image-budget/internal/lint"
)

// homepage is where a reader learns more about this tool.
const homepage = "https://github.com/image-budget/image-budget"

// sarifLevels are what SARIF calls the severities.
var sarifLevels = map[lint.Severity]string{lint.Error: "error", lint.Warning: "warning", lint.Info: "note"}

func sarifLevelOf(s lint.Severity) string { return cmp.Or(sarifLevels[s], "error") }

// lintSARIF is one run with every rule there is, every finding, and every one that
// was accepted, as suppressed.
func lintSARIF(w io.Writer, run LintRun, _ int, _ Options) error {
	s := &sarifing{run: run, rules: []sarifRule{}, index: map[string]int{}, seen: map[string]int{}}
	for _, rule := range run.Rules {
		s.addRule(rule)
	}
	results := []sarifResult{}
	for _, f := range run.Findings {
		results = append(results, s.result(f))
	}
	for _, accepted := range run.Suppressed {
		result := s.result(accepted.Finding)
		result.Suppressions = []sarifSuppression{{Kind: "inSource", Justification: sarifText(accepted.Reason)}}
		results = append(results, result)
	}
	invocation := sarifInvocation{Successful: len(run.Faults) == 0}
	for _, fault := range run.Faults {
		invocation.Notifications = append(invocation.Notifications, sarifNotification{Level: "error", Message: sarifMessage{sarifText(fault.Text)}})
	}
	return deliverJSON(w, sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{{
		Tool:        sarifTool{sarifDriver{Name: "image-budget", Version: run.Tool, InformationURI: homepage, Rules: s.rules}},
		Invocations: []sarifInvocation{invocation},
		ColumnKind:  "unicodeCodePoints",
		Results:     results,
	}}}, "the findings")
}

// sarifing is a SARIF run under way.
type sarifing struct {
	run   LintRun
	rules []sarifRule
	index map[string]int // of a rule by its name
	seen  map[string]int // how often there was a result of one fingerprint
}

func (s *sarifing) addRule(about lint.About) {
	s.index[about.Name] = len(s.rules)
	text := strings.TrimSpace(about.Doc + "\n\n" + sentences(about))
	s.rules = append(s.rules, sarifRule{
		ID: about.Name, Short: sarifMessage{about.Summary}, Full: sarifMessage{cmp.Or(about.Why, about.Summary)},
		HelpURI: helpURI(about), Configure: sarifLevel{sarifLevelOf(about.Severity)},
		Help: sarifHelp{Text: text, Markdown: text + markdownExamples(about)},
	})
}

// helpURI is the page of a rule, and the README's for ours.
func helpURI(about lint.About) string {
	if page, err := url.Parse(about.URL); err == nil && page.Scheme == "https" {
		return page.String()
	}
	return homepage + "#lint"
}

// sentences are why and what to do, for a rule without more to say its summary.
func sentences(about lint.About) string {
	var lines []string
	for _, part := range [][2]string{{"Why: ", about.Why}, {"Fix: ", about.Fix}} {
		if part[1] != "" {
			lines = append(lines, part[0]+part[1])
		}
	}
	if len(lines) == 0 && about.Doc == "" {
		return about.Summary
	}
	return strings.Join(lines, "\n\n")
}

func markdownExamples(about lint.About) (text string) {
	for _, example := range [][2]string{{"Bad", about.Bad}, {"Good", about.Good}} {
		if code := strings.TrimSpace(example[1]); code != "" {
			fence := fenceFor(code, 3)
			text += fmt.Sprintf("\n\n%s:\n\n%s\n%s\n%s", example[0], fence, code, fence)
		}
	}
	return text
}

func (s *sarifing) result(f lint.Finding) sarifResult {
	if _, known := s.index[f.Rule]; !known { // of a linter that is newer than our list
		s.addRule(lint.About{Name: f.Rule, Severity: f.Severity, Summary: f.Rule, Why: f.Why, Fix: f.Fix, URL: f.URL})
	}
	message := f.Message
	if f.Fix != "" {
		message += "\nFix: " + f.Fix
	}
	location := s.location(f)
	return sarifResult{
		RuleID: f.Rule, RuleIndex: s.index[f.Rule], Level: sarifLevelOf(f.Severity), Message: sarifMessage{sarifText(message)},
		Locations:    []sarifLocation{location},
		Fingerprints: map[string]string{"imageBudgetLint/v1": s.fingerprint(f, location)},
	}
}

// location is where a finding is. GitHub shows no result without a file, so an
// image stands for its own, as scanners of images have it.
func (s *sarifing) location(f lint.Finding) sarifLocation {
	region := sarifRegion{StartLine: max(f.Line, 1), EndLine: max(f.EndLine, f.Line, 1)}
	if f.File == "" {
		return sarifLocation{
			Physical: sarifPhysical{Artifact: sarifArtifact{URI: uri(f.Image)}, Region: region},
			Logical:  []sarifLogical{{Name: f.Image, Kind: "image"}},
		}
	}
	path, inside := s.run.inRepository(f.File)
	if !inside {
		return sarifLocation{Physical: sarifPhysical{Artifact: sarifArtifact{URI: (&url.URL{Scheme: "file", Path: path}).String()}, Region: region}}
	}
	return sarifLocation{Physical: sarifPhysical{Artifact: sarifArtifact{URI: uri(path), Base: "%SRCROOT%"}, Region: region}}
}

// uri is a path as a relative reference.
func uri(path string) string { return (&url.URL{Path: path}).String() }

// lineNumber is how a message names another line, which moves too.
var lineNumber = regexp.MustCompile(`\blines? \d+`)

// fingerprint tells a finding from others and is the same when its line moves: of
// those that are alike in a file it has the number.
func (s *sarifing) fingerprint(f lint.Finding, at sarifLocation) string {
	what := strings.Join([]string{f.Rule, at.Physical.Artifact.URI, lineNumber.ReplaceAllString(f.Message, "line")}, "\x00")
	s.seen[what]++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", what, s.seen[what]))
	return hex.EncodeToString(sum[:16])
}

// sarifText is text from outside as a message, in which a link would come alive
// (section 3.11.6).
func sarifText(s string) string {
	s = Clean(s)
	if strings.Contains(s, "](") {
		s = strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`).Replace(s)
	}
	return s
}
