package scan

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// SARIF is SARIF 2.1.0 as Docker Scout, Trivy and Grype write it. The format has
// no place for packages and fixes; each of the three has its own.
var SARIF = Format{
	Name:  "SARIF",
	Is:    func(k keys) bool { return k.has("runs", "version") },
	Parse: parseSARIF,
}

// sarifTools are the scanners whose SARIF is understood, by what the names of
// their drivers hold. Another tool's, a linter's for one, says nothing of
// vulnerabilities, and without results it would look like a clean image.
var sarifTools = []struct{ driver, tool string }{
	{"trivy", "trivy"},
	{"grype", "grype"},
	{"docker scout", "scout"},
}

type sarifReport struct {
	Version string
	Runs    []sarifRun
}

type sarifRun struct {
	Tool struct {
		Driver struct {
			Name, Version string
			Rules         []sarifRule
		}
	}
	Results    *[]sarifResult
	Properties struct {
		ImageName, ImageID    string
		RepoTags, RepoDigests []string
	}
}

type sarifRule struct {
	ID               string
	HelpURI          string
	ShortDescription struct{ Text string }
	Help             struct{ Text string }
	Properties       struct {
		Tags          []string
		Score         string   `json:"security-severity"`
		ScoutSeverity string   `json:"cvssV3_severity"`
		Purl          string   `json:"purl"`
		Purls         []string `json:"purls"`
		FixedVersion  string   `json:"fixed_version"`
	}
}

type sarifResult struct {
	RuleID    string
	RuleIndex *int
	Message   struct{ Text string }
	Locations []struct {
		PhysicalLocation struct{ ArtifactLocation struct{ URI string } }
	}
}

func parseSARIF(data []byte) (Report, error) {
	var from sarifReport
	if err := json.Unmarshal(data, &from); err != nil {
		return Report{}, err
	}
	if from.Version != "2.1.0" {
		return Report{}, fmt.Errorf("it is of version %.40q, and 2.1.0 is known", from.Version)
	}
	if len(from.Runs) != 1 {
		return Report{}, fmt.Errorf("it is of %d runs, not of one scan", len(from.Runs))
	}
	run := from.Runs[0]
	r := Report{Version: run.Tool.Driver.Version, Of: digests(append(run.Properties.RepoDigests, run.Properties.ImageID)...)}
	r.Names = append(run.Properties.RepoTags, run.Properties.ImageName)
	for _, known := range sarifTools {
		if strings.Contains(strings.ToLower(run.Tool.Driver.Name), known.driver) {
			r.Tool = known.tool
		}
	}
	if r.Tool == "" {
		return Report{}, fmt.Errorf("it is by %.60q, which is no known scanner", run.Tool.Driver.Name)
	}
	if r.Tool == "trivy" && run.Properties.ImageName == "" && len(r.Of) == 0 {
		r.Subject = "something that it does not name, as Trivy's SARIF of an image does" // pkg/report/sarif.go of Trivy
	}
	var err error
	r.Findings, err = run.findings()
	return r, err
}

// findings are those of the results. A run without even an empty list of them has
// not looked (section 3.14.23 of the standard), unless its rules say what it found.
func (run sarifRun) findings() (all []Finding, err error) {
	rules := run.Tool.Driver.Rules
	if run.Results == nil {
		if len(rules) == 0 {
			return nil, errors.New("it has no results, not even an empty list: the scan did not run")
		}
		for _, rule := range rules {
			all = append(all, rule.findings(sarifResult{RuleID: rule.ID})...)
		}
		return all, nil
	}
	for _, result := range *run.Results {
		rule, err := ruleOf(result, rules)
		if err != nil {
			return nil, err
		}
		if !rule.other() {
			all = append(all, rule.findings(result)...)
		}
	}
	return all, nil
}

func ruleOf(result sarifResult, rules []sarifRule) (sarifRule, error) {
	if i := result.RuleIndex; i != nil && *i >= 0 && *i < len(rules) && (result.RuleID == "" || rules[*i].ID == result.RuleID) {
		return rules[*i], nil
	}
	for _, rule := range rules {
		if rule.ID == result.RuleID {
			return rule, nil
		}
	}
	return sarifRule{}, fmt.Errorf("a result names the rule %.60q, which is not there", result.RuleID)
}

// other reports whether the rule is of something else than a vulnerability, which
// Trivy reports beside them.
func (rule sarifRule) other() bool {
	for _, tag := range rule.Properties.Tags {
		switch tag {
		case "misconfiguration", "secret", "license":
			return true
		}
	}
	return false
}

// findings are what one result says: one a package, since Docker Scout's rule names
// all that have the vulnerability.
func (rule sarifRule) findings(result sarifResult) []Finding {
	said := saidIn(rule.Help.Text + "\n" + result.Message.Text) // of the two the result is nearer
	f := Finding{
		ID: cmp.Or(said["Vulnerability"], rule.ID), Package: said["Package"], Version: cmp.Or(said["Installed Version"], said["Version"]),
		Fixed: cmp.Or(rule.Properties.FixedVersion, said["Fixed Version"], said["Fix Version"]),
		Title: rule.ShortDescription.Text, URL: rule.HelpURI, Severity: rule.severity(said),
	}
	if strings.EqualFold(f.Fixed, "not fixed") {
		f.Fixed = ""
	}
	if len(result.Locations) > 0 {
		f.Target = result.Locations[0].PhysicalLocation.ArtifactLocation.URI
	}
	purls := rule.Properties.Purls
	if len(purls) == 0 && rule.Properties.Purl != "" {
		purls = []string{rule.Properties.Purl}
	}
	if len(purls) == 0 {
		return []Finding{f}
	}
	var all []Finding
	for _, purl := range purls {
		f.Package, f.Version = packageOf(purl)
		all = append(all, f)
	}
	return all
}

// severity is the first that is stated: Docker Scout's property, the word in a
// text or a tag, else the CVSS score.
func (rule sarifRule) severity(said map[string]string) Severity {
	for _, name := range append([]string{rule.Properties.ScoutSeverity, said["Severity"]}, rule.Properties.Tags...) {
		if s, ok := SeverityNamed(name); ok {
			return s
		}
	}
	score, err := strconv.ParseFloat(rule.Properties.Score, 64)
	if err != nil {
		return Unknown
	}
	return ofScore(score)
}

// saidIn are the lines "Package: openssl" of a text; of two about the same, the
// later. Only "Vulnerability CVE-2023-0464" has no colon.
func saidIn(text string) map[string]string {
	said := map[string]string{}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if id, ok := strings.CutPrefix(line, "Vulnerability "); ok && IsIdentifier(id) {
			said["Vulnerability"] = id
			continue
		}
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(value) != "" {
			said[strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
	}
	return said
}

// packageOf is the name and version in a package URL, such as
// pkg:deb/debian/openssl@3.0.11-1?os_distro=bookworm. Of a namespace only a
// distribution's is left out.
func packageOf(purl string) (name, version string) {
	path, _, _ := strings.Cut(strings.TrimPrefix(purl, "pkg:"), "?")
	path, _, _ = strings.Cut(path, "#")
	if at := strings.LastIndex(path, "@"); at > 0 {
		path, version = path[:at], unescaped(path[at+1:])
	}
	kind, name, ok := strings.Cut(path, "/")
	if !ok {
		return unescaped(kind), version
	}
	switch kind {
	case "deb", "apk", "rpm", "alpm":
		name = name[strings.LastIndex(name, "/")+1:]
	case "maven":
		name = strings.ReplaceAll(name, "/", ":")
	}
	return unescaped(name), version
}

func unescaped(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}
