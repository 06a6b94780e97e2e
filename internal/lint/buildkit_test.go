package lint

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/go/packages"
)

// The list of BuildKit's rules is whole: its package has no list to go by.
func TestBuildKitRulesAreAllOfThem(t *testing.T) {
	const path = "github.com/moby/buildkit/frontend/dockerfile/linter"
	loaded, err := packages.Load(&packages.Config{Mode: packages.NeedTypes | packages.NeedImports | packages.NeedDeps}, path)
	require.NoError(t, err)
	var want, have []string
	for _, name := range loaded[0].Types.Scope().Names() {
		if strings.HasPrefix(name, "Rule") {
			want = append(want, strings.TrimPrefix(name, "Rule"))
		}
	}
	for _, rule := range BuildKitRules() {
		have = append(have, rule.Name)
		require.NotEmpty(t, rule.Summary)
		require.Contains(t, Severities, rule.Severity)
	}
	require.Greater(t, len(want), 20)
	require.ElementsMatch(t, want, have)
}

// What BuildKit's linter finds is passed on under its names, at its lines.
func TestBuildKitFindings(t *testing.T) {
	for _, c := range []struct {
		name, archive, rule string
		line                int
		message             string
	}{
		{"secret in ARG", "-- Dockerfile --\nFROM debian:12-slim\nARG HUB_TOKEN\n", "SecretsUsedInArgOrEnv", 2, `"HUB_TOKEN"`},
		{"shell form", "-- Dockerfile --\nFROM debian:12-slim\n\nCMD python main.py\n", "JSONArgsRecommended", 3, "CMD"},
		{"casing", "-- Dockerfile --\nFROM debian:12-slim as build\n", "FromAsCasing", 1, "'as' and 'FROM'"},
		{"in a stage that is not needed", "-- Dockerfile --\nFROM debian:12-slim AS Test\nFROM debian:12-slim\n", "StageNameCasing", 1, "Test"},
		{"ignored file", "-- Dockerfile --\nFROM debian:12-slim\nCOPY tests/a.py /\n-- .dockerignore --\ntests\n-- tests/a.py --\n", "CopyIgnoredFile", 2, `"tests/a.py"`},
		{"ignored by the Dockerfile's own list", "-- Dockerfile --\nFROM debian:12-slim\nCOPY tests/a.py /\n-- Dockerfile.dockerignore --\ntests\n-- .dockerignore --\n-- tests/a.py --\n", "CopyIgnoredFile", 2, `"tests/a.py"`},
		{"undefined, of an image that is known", "-- Dockerfile --\nFROM debian:12-slim\nENV A=$FOO\n", "UndefinedVar", 2, "$FOO"},
		{"misspelled, of one that is not", "-- Dockerfile --\nFROM acme/base:1\nENV A=$PAHT\n", "UndefinedVar", 2, "$PATH"},
		{"a folder of Windows elsewhere", "-- Dockerfile --\n# escape=`\nFROM debian:12-slim\nWORKDIR C:\\app\n", "WorkdirRelativePath", 3, "app"},
		{"undefined on scratch", "-- Dockerfile --\nFROM scratch\nENV A=$FOO\n", "UndefinedVar", 2, "$FOO"},
		{"a FROM that needs an argument", "-- Dockerfile --\nARG TAG\nFROM python:$TAG\n", "InvalidDefaultArgInFrom", 2, "python:$TAG"},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := 0
			for _, f := range lint(t, c.archive).Findings {
				if f.Rule == c.rule {
					n++
					require.Equal(t, c.line, f.Line)
					require.Contains(t, f.Message, c.message)
					require.True(t, strings.HasPrefix(f.URL, "https://docs.docker.com/"))
					require.NotEmpty(t, f.Why)
				}
			}
			require.Equal(t, 1, n)
		})
	}
}

func TestBuildKitFindsNothing(t *testing.T) {
	for _, c := range []struct{ name, archive, rule string }{
		{"skipped in the file", "-- Dockerfile --\n# check=skip=JSONArgsRecommended\nFROM debian:12-slim\nCMD python main.py\n", "JSONArgsRecommended"},
		{"a variable that the image has", "-- Dockerfile --\nFROM python:3.12-slim\nENV A=$PYTHON_VERSION\n", "UndefinedVar"},
		{"a variable that an unknown image may have", "-- Dockerfile --\nFROM acme/base:1\nENV A=$ACME_HOME\n", "UndefinedVar"},
		{"experimental, not asked for", "-- Dockerfile --\n# something\nFROM debian:12-slim AS build\n", "InvalidDefinitionDescription"},
		{"a folder of Windows", "-- Dockerfile --\nFROM mcr.microsoft.com/windows/servercore:ltsc2022\nWORKDIR C:/app\n", "WorkdirRelativePath"},
		{"a folder of Windows, escaped", "-- Dockerfile --\n# escape=`\nFROM python:3.12-windowsservercore-ltsc2022\nWORKDIR C:\\app\n", "WorkdirRelativePath"},
		{"not ignored again", "-- Dockerfile --\nFROM debian:12-slim\nCOPY tests/a.py /\n-- .dockerignore --\n*\n!tests\n-- tests/a.py --\n", "CopyIgnoredFile"},
		{"the Dockerfile's own list wins", "-- Dockerfile --\nFROM debian:12-slim\nCOPY tests/a.py /\n-- .dockerignore --\ntests\n-- Dockerfile.dockerignore --\n-- tests/a.py --\n", "CopyIgnoredFile"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.NotContains(t, rulesOf(lint(t, c.archive).Findings), c.rule)
		})
	}
}

// SecretsUsedInArgOrEnv is an error, and what BuildKit leaves to choice works.
func TestBuildKitSeverityAndExperiments(t *testing.T) {
	result := lint(t, "-- Dockerfile --\n# check=experimental=InvalidDefinitionDescription\nFROM debian:12-slim\n# other\nARG A_TOKEN\n")
	require.Subset(t, rulesOf(result.Findings), []string{"InvalidDefinitionDescription", "SecretsUsedInArgOrEnv"})
	for _, f := range result.Findings {
		if f.Rule == "SecretsUsedInArgOrEnv" {
			require.Equal(t, Error, f.Severity)
		}
	}
}

// A file that asks for errors gets each of them with its line, and is held against
// our rules as well.
func TestBuildKitFindingsAsErrors(t *testing.T) {
	const file = "FROM debian:12-slim as build\nCMD python main.py\n"
	for directive, want := range map[string]Severity{"# check=error=true\n": Error, "# check=skip=FromAsCasing;error=true\n": Error, "# check=error=false\n": Warning} {
		result := lint(t, "-- Dockerfile --\n"+directive+file)
		require.Equal(t, !strings.Contains(directive, "skip"), slices.Contains(rulesOf(result.Findings), "FromAsCasing"), directive)
		require.Subset(t, rulesOf(result.Findings), []string{"JSONArgsRecommended", "root-user"})
		for _, f := range result.Findings {
			if f.Rule == "JSONArgsRecommended" {
				require.Equal(t, want, f.Severity, directive)
				require.Equal(t, 3, f.Line)
			}
		}
	}
	accepted := lint(t, "-- Dockerfile --\n# check=error=true\n\n# image-budget: ignore=FromAsCasing it is so everywhere here\n"+file)
	require.NotContains(t, rulesOf(accepted.Findings), "FromAsCasing")
	dir := unpack(t, "-- Dockerfile --\n# check=nothing\n"+file)
	_, err := Dockerfile(t.Context(), Input{Dockerfile: filepath.Join(dir, "Dockerfile")})
	require.ErrorContains(t, err, "invalid check option")
}

// The syntax directive, remote sources and images are not fetched: there is nothing
// at these addresses.
func TestNothingIsFetched(t *testing.T) {
	lint(t, `-- Dockerfile --
# syntax=registry.invalid/frontend:1
FROM registry.invalid/base:1 AS base
ADD https://registry.invalid/file /file
ADD https://registry.invalid/repository.git /src
COPY --from=registry.invalid/tool:1 /tool /tool
RUN --mount=type=bind,from=registry.invalid/tool:1,target=/x true
`)
	dir := unpack(t, "-- Dockerfile --\nARG SOURCE_DATE_EPOCH\nFROM debian:12-slim\n")
	_, err := Dockerfile(t.Context(), Input{Dockerfile: filepath.Join(dir, "Dockerfile"), Context: dir, Args: map[string]string{"SOURCE_DATE_EPOCH": "https://registry.invalid/x.git"}})
	require.NoError(t, err)
}
