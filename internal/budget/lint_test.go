package budget

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/lint"
)

func kept(line int) lint.Finding {
	return lint.Finding{Rule: "apt-lists-kept", Severity: lint.Warning, File: "Dockerfile", Line: line, Message: "apt's lists stay"}
}

// What findings do to a result of which everything else passed.
func TestLintVerdict(t *testing.T) {
	info := lint.Finding{Rule: "image-no-origin", Severity: lint.Info, Image: "x", Message: "no label"}
	secret := lint.Finding{Rule: "image-secret", Severity: lint.Error, Image: "x", Message: "a secret"}
	whole := lint.Finding{Rule: "context-unfiltered", Severity: lint.Warning, File: "Dockerfile", Message: "no .dockerignore"}
	for _, c := range []struct {
		name     string
		level    Lint
		of       *Linted
		verdict  Verdict
		lint     Verdict
		findings int
		causes   []string
		warnings []string
	}{
		{"nothing looked at", LintError, nil, Pass, "", 0, nil, nil},
		{"off", LintOff, &Linted{Findings: []lint.Finding{kept(12)}}, Pass, "", 0, nil, nil},
		{"nothing found", LintError, &Linted{}, Pass, "", 0, nil, nil},
		{"shown", LintWarn, &Linted{Findings: []lint.Finding{kept(12), secret}}, Pass, "", 2, nil, nil},
		{"counted", LintError, &Linted{Findings: []lint.Finding{kept(12)}}, Regression, Regression, 1, []string{"lint: apt-lists-kept at Dockerfile:12: apt's lists stay"}, nil},
		{"too light to count", LintError, &Linted{Findings: []lint.Finding{info}}, Pass, "", 1, nil, nil},
		{"the heaviest first", LintError, &Linted{Findings: []lint.Finding{whole, info, secret}}, Regression, Regression, 3,
			[]string{"lint: image-secret: a secret", "lint: context-unfiltered at Dockerfile: no .dockerignore"}, nil},
		{"not readable, shown", LintWarn, &Linted{Faults: []string{"line 3"}}, Pass, "", 0, nil, []string{"lint: line 3"}},
		{"not readable, counted", LintError, &Linted{Faults: []string{"line 3"}}, Unmeasured, Unmeasured, 0, nil, []string{"lint: line 3"}},
		{"not readable and found", LintError, &Linted{Findings: []lint.Finding{secret}, Faults: []string{"line 3"}}, Regression, Regression, 1,
			[]string{"lint: image-secret: a secret"}, []string{"lint: line 3"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := ImageResult{Verdict: Pass}
			r.lint(c.level, c.of)
			require.Equal(t, c.verdict, r.Verdict)
			require.Equal(t, c.lint, r.LintVerdict)
			require.Len(t, r.Lint, c.findings)
			require.Equal(t, c.causes, r.Causes)
			require.Equal(t, c.warnings, r.Warnings)
		})
	}
}

func TestLintVerdictHidesNoOther(t *testing.T) {
	r := ImageResult{Verdict: OverMax}
	r.lint(LintError, &Linted{Findings: []lint.Finding{kept(1)}})
	require.Equal(t, OverMax, r.Verdict)
	r = ImageResult{Verdict: Unmeasured}
	r.lint(LintError, &Linted{Findings: []lint.Finding{kept(1)}})
	require.Equal(t, Regression, r.Verdict)
}

func TestLintCausesAreFew(t *testing.T) {
	var of Linted
	for n := range 8 {
		of.Findings = append(of.Findings, kept(n+1))
	}
	var r ImageResult
	r.lint(LintError, &of)
	require.Len(t, r.Causes, mostLintCauses+1)
	require.Equal(t, "lint: 3 more of these", r.Causes[mostLintCauses])
}

// Compare hands the findings on, and a saved result has them.
func TestCompareLint(t *testing.T) {
	b := Defaults()
	b.Lint, b.Path, b.Metrics = LintError, "budgets/x.yaml", b.Metrics[:1]
	one := int64(1)
	now := Measurement{Metrics: map[string]Value{"size": {Number: &one}}, Lint: &Linted{Findings: []lint.Finding{kept(12)}}}
	result := Compare(b, &Measurement{Metrics: map[string]Value{"size": {Number: &one}}}, now)
	require.Equal(t, Regression, result.Verdict)
	require.Equal(t, Pass, result.Metrics[0].Verdict)
	run := Total([]ImageResult{result}, "0.1.0")
	require.Equal(t, 1, run.ExitCode)

	text, err := json.Marshal(run)
	require.NoError(t, err)
	read, err := ReadResult(bytes.NewReader(text))
	require.NoError(t, err)
	require.Equal(t, result.Lint, read.Images[0].Lint)
	require.Equal(t, Regression, read.Images[0].LintVerdict)

	_, err = ReadResult(bytes.NewReader(bytes.Replace(text, []byte(`"lint_verdict":"regression"`), []byte(`"lint_verdict":"fine"`), 1)))
	require.ErrorContains(t, err, fmt.Sprintf("there is no verdict %q", "fine"))
}
