package lint

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite docs/rules.md")

const rulesPage = "../../docs/rules.md"

// The page of rules says what the rules say.
func TestRulesPage(t *testing.T) {
	if *update {
		require.NoError(t, os.WriteFile(rulesPage, []byte(page()), 0o666))
	}
	have, err := os.ReadFile(rulesPage)
	require.NoError(t, err)
	require.Equal(t, page(), string(have), "run go test ./internal/lint -update")
}

func page() string {
	var of strings.Builder
	of.WriteString(`# Rules of Dockerfiles

What ` + "`image-budget lint`" + ` holds a Dockerfile and its ` + "`.dockerignore`" + ` against. This page is written by a test from
the rules themselves (` + "`go test ./internal/lint -update`" + `); the examples are their tests. What hadolint's rules are
answered by stands in [hadolint.md](hadolint.md).

A finding that is right and still wanted is accepted by a comment above its instruction, with the reason, or at the head of
the file, with an empty line below, for all of it:

` + "```dockerfile" + `
# image-budget: ignore=root-user it binds port 80 before it drops its rights
USER root
` + "```" + `

| rule | severity | what it finds |
|---|---|---|
`)
	for _, r := range All {
		fmt.Fprintf(&of, "| [%s](#%s) | %s | %s |\n", r.Name, r.Name, r.Severity, cell(r.Summary))
	}
	for _, r := range All {
		fmt.Fprintf(&of, "\n## %s\n\n%s\n\n**Why:** %s.\n\n**Fix:** %s.\n", r.Name, r.Doc, r.Why, r.Fix)
		fmt.Fprintf(&of, "\nBad:\n\n```dockerfile\n%s```\n\nGood:\n\n```dockerfile\n%s```\n", shown(r.Bad), shown(r.Good))
	}
	of.WriteString(`
## BuildKit's rules

They are BuildKit's own (` + "`docker build --check`" + `), under their names; ` + "`# check=skip=NAME`" + ` in the file works as there. No image is
fetched: a variable that only the config of an unknown base image could set is not reported as undefined.

| rule | severity | what it finds |
|---|---|---|
`)
	for _, r := range BuildKitRules() {
		name := r.Name
		if r.Doc != "" {
			name = "[" + r.Name + "](" + r.Doc + ")"
		}
		fmt.Fprintf(&of, "| %s | %s | %s |\n", name, r.Severity, cell(r.Summary))
	}
	return of.String()
}

// shown is an example without the mark of its first file.
func shown(archive string) string { return strings.TrimPrefix(archive, "-- Dockerfile --\n") }

func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

// The table that answers hadolint's rules has each of them once, and names rules
// that there are.
func TestHadolintTable(t *testing.T) {
	text, err := os.ReadFile("../../docs/hadolint.md")
	require.NoError(t, err)
	code := regexp.MustCompile("^DL[0-9]{4}$")
	named := regexp.MustCompile("`([^`]+)`")
	seen := map[string]int{}
	var answers []string
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != 4 || !code.MatchString(strings.TrimSpace(cells[0])) {
			continue
		}
		seen[strings.TrimSpace(cells[0])]++
		answer := strings.TrimSpace(cells[2])
		answers = append(answers, answer)
		require.Contains(t, []string{"same", "BuildKit", "no"}, answer, line)
		rules := named.FindAllStringSubmatch(cells[3], -1)
		if answer == "no" {
			require.Empty(t, rules, line)
			require.NotEmpty(t, strings.TrimSpace(cells[3]), line)
			continue
		}
		require.NotEmpty(t, rules, line)
		for _, rule := range rules {
			ok, _ := known(rule[1])
			require.True(t, ok, "there is no rule %s", rule[1])
			ours := slices.ContainsFunc(All, func(r Rule) bool { return r.Name == rule[1] })
			require.Equal(t, answer == "BuildKit", !ours, line)
		}
	}
	for code, n := range seen {
		require.Equal(t, 1, n, code)
	}
	for _, code := range []string{"DL1001", "DL3000", "DL3008", "DL3063", "DL4000", "DL4006"} {
		require.Contains(t, seen, code)
	}
	require.Contains(t, answers, "same")
	require.Contains(t, answers, "BuildKit")
}

// What the table leaves to BuildKit is found or refused by it.
func TestHadolintIsAnsweredByBuildKit(t *testing.T) {
	for _, c := range []struct{ code, file, rule string }{ // without a rule: an error
		{"DL3000", "FROM debian:12\nWORKDIR app\n", "WorkdirRelativePath"},
		{"DL3011", "FROM debian:12\nEXPOSE 80000\n", ""},
		{"DL3012", "FROM debian:12\nHEALTHCHECK CMD [\"a\"]\nHEALTHCHECK CMD [\"b\"]\n", "MultipleInstructionsDisallowed"},
		{"DL3023", "FROM debian:12 AS a\nCOPY --from=a /a /b\n", ""},
		{"DL3024", "FROM debian:12 AS a\nFROM debian:12 AS a\n", "DuplicateStageName"},
		{"DL3025", "FROM debian:12\nENTRYPOINT a\n", "JSONArgsRecommended"},
		{"DL3029", "FROM --platform=linux/amd64 debian:12\n", "FromPlatformFlagConstDisallowed"},
		{"DL3029", "FROM --platform=$TARGETPLATFORM debian:12\n", "RedundantTargetPlatform"},
		{"DL3043", "FROM debian:12\nONBUILD FROM debian:12\n", ""},
		{"DL3044", "FROM debian:12\nENV A=1 B=$A\n", "UndefinedVar"},
		{"DL3061", "RUN true\nFROM debian:12\n", ""},
		{"DL3063", "FROM debian:12 AS context\n", "ReservedStageName"},
		{"DL4000", "FROM debian:12\nMAINTAINER a\n", "MaintainerDeprecated"},
		{"DL4003", "FROM debian:12\nCMD [\"a\"]\nCMD [\"a\"]\n", "MultipleInstructionsDisallowed"},
		{"DL4004", "FROM debian:12\nENTRYPOINT [\"a\"]\nENTRYPOINT [\"a\"]\n", "MultipleInstructionsDisallowed"},
	} {
		t.Run(c.code, func(t *testing.T) {
			dir := unpack(t, "-- Dockerfile --\n"+c.file)
			result, err := Dockerfile(t.Context(), Input{Dockerfile: dir + "/Dockerfile"})
			if c.rule == "" {
				require.Error(t, err)
				return
			}
			require.NoError(t, err)
			require.Contains(t, rulesOf(result.Findings), c.rule)
		})
	}
}

// The page names every tool whose cache is looked for.
func TestNamesOfCaches(t *testing.T) {
	for tool := range caches {
		require.Contains(t, strings.ToLower(NoCacheMount.Doc), tool)
	}
}
