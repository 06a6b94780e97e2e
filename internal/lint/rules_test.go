package lint

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

// unpack makes a context of a txtar archive and returns its folder.
func unpack(t testing.TB, archive string) string {
	t.Helper()
	dir := t.TempDir()
	files := txtar.Parse([]byte(archive)).Files
	require.NotEmpty(t, files, "no -- Dockerfile -- in %q", archive)
	for _, file := range files {
		path := filepath.Join(dir, file.Name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
		require.NoError(t, os.WriteFile(path, file.Data, 0o666))
	}
	return dir
}

// lint holds the Dockerfile of a txtar archive against the rules.
func lint(t testing.TB, archive string) Result {
	t.Helper()
	dir := unpack(t, archive)
	result, err := Dockerfile(t.Context(), Input{Dockerfile: filepath.Join(dir, "Dockerfile"), Context: dir})
	require.NoError(t, err)
	return result
}

// rulesOf are the names of the rules that found something, each once, in order.
func rulesOf(all []Finding) []string {
	names := []string{}
	seen := map[string]bool{}
	for _, f := range all {
		if !seen[f.Rule] {
			names = append(names, f.Rule)
		}
		seen[f.Rule] = true
	}
	return names
}

// Every rule finds its bad example, finds nothing in its good one, and says what a
// reader needs. The good examples are good to all rules.
func TestRules(t *testing.T) {
	for _, rule := range All {
		t.Run(rule.Name, func(t *testing.T) {
			require.Contains(t, Severities, rule.Severity)
			for _, text := range []string{rule.Summary, rule.Why, rule.Fix, rule.Doc} {
				require.NotEmpty(t, text)
			}
			n := 0
			for _, f := range lint(t, rule.Bad).Findings {
				require.NotEmpty(t, f.Message)
				require.NotEmpty(t, f.Why)
				require.True(t, strings.HasSuffix(f.File, "Dockerfile"))
				require.NotZero(t, f.Line)
				if f.Rule == rule.Name {
					n++
					require.NotEmpty(t, f.Fix)
				}
			}
			require.NotZero(t, n, "the bad example is not found: %v", lint(t, rule.Bad).Findings)
			require.Empty(t, lint(t, rule.Good).Findings)
		})
	}
}
