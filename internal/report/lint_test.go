package report

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/lint"
)

func TestLintGoldens(t *testing.T) {
	for name, run := range lintRuns {
		requireGoldens(t, lintViews, "lint", name, run)
	}
	requireNoStrays(t, lintViews, "lint", lintRuns)
}

func TestLintFormats(t *testing.T) {
	for _, name := range LintFormatNames() {
		_, ok := LintFormat(name)
		require.True(t, ok)
	}
	_, ok := LintFormat("xml")
	require.False(t, ok)
}

func lintAs(t *testing.T, format string, run LintRun) string {
	t.Helper()
	var b bytes.Buffer
	write, ok := LintFormat(format)
	require.True(t, ok)
	require.NoError(t, write(&b, run, Options{Width: 1000}))
	return b.String()
}

// annotation is a workflow command of ours as the runner parses it: properties in
// which : and , stand escaped, and data on one line.
var annotation = regexp.MustCompile(`^::(error|warning|notice) ([a-zA-Z]+=[^,:]*)(,[a-zA-Z]+=[^,:]*)*::\S.*$`)

// requireAnnotations holds row C1 of the format that writes annotations itself.
func requireAnnotations(t *testing.T, text string) {
	t.Helper()
	var others []string
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		if !strings.HasPrefix(line, "::") {
			others = append(others, line)
			continue
		}
		require.Regexp(t, annotation, line)
		_, data, _ := strings.Cut(line[2:], "::")
		require.NotRegexp(t, `%([^02]|0[^AD]|2[^5C])`, data, "an escape that is none")
		requireInert(t, strings.TrimPrefix(line, "::"))
	}
	requireInert(t, strings.Join(others, "\n")+"\n")
	require.Len(t, others, 1, "the sum")
}

// unescaped is what the runner makes of a line: its properties and its data
// (ActionCommand.cs in actions/runner).
func unescaped(t *testing.T, line string) (properties map[string]string, data string) {
	t.Helper()
	head, data, ok := strings.Cut(strings.TrimPrefix(line, "::"), "::")
	require.True(t, ok)
	_, head, _ = strings.Cut(head, " ")
	properties = map[string]string{}
	for pair := range strings.SplitSeq(head, ",") {
		name, value, _ := strings.Cut(pair, "=")
		properties[name] = strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%").Replace(value)
	}
	return properties, strings.NewReplacer("%0D", "\r", "%0A", "\n", "%25", "%").Replace(data)
}

func TestLintAnnotationsComeBack(t *testing.T) {
	finding := aptLists("a:b, 100%.Dockerfile", 12, 14)
	finding.Message = "100% of it: a, b::c\nand %0A"
	finding.Why, finding.Fix = "", ""
	line, _, _ := strings.Cut(lintAs(t, "github", linted(LintRun{Result: lint.Result{Findings: []lint.Finding{finding}}})), "\n")
	properties, data := unescaped(t, line)
	require.Equal(t, map[string]string{"file": "service/a:b, 100%.Dockerfile", "line": "12", "endLine": "14", "title": "apt-lists-kept"}, properties)
	require.Equal(t, finding.Message, data)
}

// GitHub shows ten annotations of a kind: the heaviest come first.
func TestLintAnnotationsByWeight(t *testing.T) {
	text := lintAs(t, "github", lintRuns["findings"])
	require.Less(t, strings.Index(text, "::error "), strings.Index(text, "::warning "))
	require.Less(t, strings.LastIndex(text, "::warning "), strings.Index(text, "::notice "))
}

// sarifRules is the published schema of SARIF 2.1.0.
func sarifRules(t *testing.T) *jsonschema.Schema {
	t.Helper()
	file, err := os.Open("testdata/sarif/sarif-schema-2.1.0.json")
	require.NoError(t, err)
	defer file.Close() //nolint:errcheck // only read
	raw, err := jsonschema.UnmarshalJSON(file)
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	require.NoError(t, c.AddResource(sarifSchema, raw))
	schema, err := c.Compile(sarifSchema)
	require.NoError(t, err)
	return schema
}

func TestSARIFIsValid(t *testing.T) {
	schema := sarifRules(t)
	for name, run := range lintRuns {
		for _, rules := range [][]lint.About{run.Rules, lint.Catalog(), nil} {
			run.Rules = rules
			document, err := jsonschema.UnmarshalJSON(strings.NewReader(lintAs(t, "sarif", run)))
			require.NoError(t, err, name)
			require.NoError(t, schema.Validate(document), name)
		}
	}
	broken, err := jsonschema.UnmarshalJSON(strings.NewReader(strings.Replace(lintAs(t, "sarif", lintRuns["findings"]), `"level": "warning"`, `"level": "info"`, 1)))
	require.NoError(t, err)
	require.Error(t, schema.Validate(broken), "the schema finds nothing")
}

// sarifOf is a run as a reader of SARIF has it.
func sarifOf(t *testing.T, run LintRun) sarifRun {
	t.Helper()
	var log sarifLog
	require.NoError(t, json.Unmarshal([]byte(lintAs(t, "sarif", run)), &log))
	require.Len(t, log.Runs, 1)
	return log.Runs[0]
}

func TestSARIFResultsHaveTheirRules(t *testing.T) {
	for name, run := range lintRuns {
		sarif := sarifOf(t, run)
		require.Len(t, sarif.Results, len(run.Findings)+len(run.Suppressed), name)
		require.Equal(t, len(run.Faults) == 0, sarif.Invocations[0].Successful)
		for _, result := range sarif.Results {
			require.Equal(t, result.RuleID, sarif.Tool.Driver.Rules[result.RuleIndex].ID, name)
		}
		for _, rule := range sarif.Tool.Driver.Rules {
			require.NotEmpty(t, rule.HelpURI)
			require.NotEmpty(t, rule.Help.Text)
		}
	}
}

func TestSARIFPlaces(t *testing.T) {
	uris := func(name string) (all []string) {
		for _, result := range sarifOf(t, lintRuns[name]).Results {
			at := result.Locations[0].Physical.Artifact
			all = append(all, at.Base+" "+at.URI)
		}
		return all
	}
	require.Equal(t, []string{" file:///other/Dockerfile", " file:///opt/b%20b/Dockerfile"}, uris("outside"))
	require.Equal(t, "%SRCROOT% service/docker/worker.Dockerfile", uris("findings")[2])
	require.Equal(t, []string{" ./oci:out/layout"}, uris("image"), "a relative reference, no scheme")
}

// What a finding is called stays the same when lines are put before it, and is of
// one finding alone.
func TestSARIFFingerprints(t *testing.T) {
	prints := func(run LintRun) (all []string) {
		for _, result := range sarifOf(t, run).Results {
			all = append(all, result.Fingerprints["imageBudgetLint/v1"])
		}
		return all
	}
	run := lintRuns["findings"]
	before := prints(run)
	moved := run
	moved.Findings = nil
	for _, f := range run.Findings {
		if f.Line > 0 {
			f.Line, f.EndLine = f.Line+3, f.EndLine+3
			f.Message = strings.Replace(f.Message, "line 12", "line 15", 1)
		}
		moved.Findings = append(moved.Findings, f)
	}
	require.Equal(t, before, prints(moved))
	seen := map[string]bool{}
	for _, print := range before {
		require.False(t, seen[print])
		seen[print] = true
	}
}

// A link in a message of SARIF would be one.
func TestSARIFHasNoLinks(t *testing.T) {
	require.Equal(t, `\[evil\](javascript:evil)`, sarifText("[evil](javascript:evil)"))
	require.Equal(t, `FROM x [2 stages]`, sarifText("FROM x [2 stages]"))
}

func TestLintPayloads(t *testing.T) {
	for name, text := range payloads {
		for _, format := range LintFormatNames() {
			for shot, o := range map[string]Options{"plain": {}, "narrow": {Width: 30}, "colour": {Width: 100, Color: true}} {
				t.Run(format+"/"+name+"/"+shot, func(t *testing.T) {
					var b bytes.Buffer
					write, _ := LintFormat(format)
					require.NoError(t, write(&b, hostileLint(text), o))
					switch format {
					case "github":
						requireAnnotations(t, b.String())
					case "sarif":
						requireText(t, "json", b.String(), o)
					default:
						requireText(t, format, b.String(), o)
					}
				})
			}
		}
	}
}

func TestLintRules(t *testing.T) {
	var b bytes.Buffer
	rules := lint.Catalog()
	require.NoError(t, LintRules(&b, rules, Options{Width: 100}))
	for _, rule := range rules {
		require.Contains(t, b.String(), rule.Name)
		var one bytes.Buffer
		require.NoError(t, LintRule(&one, rule, Options{Width: 100}))
		requireInert(t, one.String())
		require.Contains(t, one.String(), rule.Name)
	}
	requireInert(t, b.String())
	require.ErrorIs(t, LintRules(failing{0, os.ErrClosed}, rules, Options{}), os.ErrClosed)
	require.ErrorIs(t, LintRule(failing{0, os.ErrClosed}, rules[0], Options{}), os.ErrClosed)
}
