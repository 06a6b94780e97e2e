package lint

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/image-budget/image-budget/internal/image"
)

// This file stands in for the rules of Dockerfiles until they are merged.

// Input is a Dockerfile and how it is built.
type Input struct {
	Dockerfile string // path as it was asked for, shown in findings
	Context    string // folder, "" when unknown
	Target     string
	Args       map[string]string
	Platform   image.Platform
}

// Rule is one rule of Dockerfiles.
type Rule struct {
	Name                              string
	Severity                          Severity
	Summary, Why, Fix, Doc, Bad, Good string
	Check                             func(*Subject) []Finding
}

// Subject is a Dockerfile, line by line.
type Subject struct {
	path  string
	lines []string
}

// All is every rule of ours.
var All = []Rule{
	{
		Name: "apt-lists-kept", Severity: Warning, Summary: "apt's lists stay in the layer",
		Why: "the lists take 20 to 60 MB, and no service reads them", Fix: "end the same RUN with rm -rf /var/lib/apt/lists/*",
		Doc: "What apt-get update downloads stays in the layer of its RUN.", Bad: "RUN apt-get update && apt-get install -y curl\n",
		Good: "RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n",
		Check: func(s *Subject) (found []Finding) {
			for n, line := range s.lines {
				if strings.Contains(line, "apt-get install") && !strings.Contains(line, "/var/lib/apt/lists") {
					found = append(found, Finding{Line: n + 1, EndLine: n + 1, Message: "apt's lists stay in the layer of this RUN"})
				}
			}
			return found
		},
	},
	{
		Name: "root-user", Severity: Warning, Summary: "the service runs as root",
		Why: "who breaks out of it is root", Fix: "add USER with another user", Doc: "No USER.", Bad: "FROM x:1\n", Good: "FROM x:1\nUSER 1000\n",
		Check: func(s *Subject) []Finding {
			if strings.Contains(strings.Join(s.lines, "\n"), "\nUSER ") {
				return nil
			}
			return []Finding{{Line: 1, EndLine: 1, Message: "no USER: the service runs as root"}}
		},
	},
}

// BuildKitRules is every rule of BuildKit's linter.
func BuildKitRules() []Rule {
	return []Rule{{Name: "StageNameCasing", Severity: Warning, Summary: "Stage names should be lowercase"}}
}

// Dockerfile holds a Dockerfile against the rules.
func Dockerfile(_ context.Context, in Input) (Result, error) {
	file, err := os.Open(in.Dockerfile)
	if err != nil {
		return Result{}, standinError{fmt.Errorf("reading Dockerfile %q: %w", in.Dockerfile, err)}
	}
	defer file.Close() //nolint:errcheck // only read
	s := &Subject{path: in.Dockerfile}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		s.lines = append(s.lines, lines.Text())
	}
	if !strings.Contains(strings.Join(s.lines, "\n"), "FROM ") {
		return Result{}, standinError{fmt.Errorf("parsing Dockerfile %q: no build stage in it", in.Dockerfile)}
	}
	var result Result
	for _, rule := range All {
		for _, f := range rule.Check(s) {
			f.Rule, f.Severity, f.File, f.Why, f.Fix = rule.Name, rule.Severity, s.path, rule.Why, rule.Fix
			if reason, ok := s.accepts(rule.Name); ok {
				result.Suppressed = append(result.Suppressed, Suppressed{f, reason})
				continue
			}
			result.Findings = append(result.Findings, f)
		}
	}
	return result, nil
}

func (s *Subject) accepts(rule string) (string, bool) {
	for _, line := range s.lines {
		if reason, ok := strings.CutPrefix(line, "# image-budget: ignore="+rule+" "); ok {
			return reason, true
		}
	}
	return "", false
}

type standinError struct{ error }

func (standinError) UserFault() {}
