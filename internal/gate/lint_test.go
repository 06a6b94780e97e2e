package gate

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/secrets"
)

// builtFrom is a budget that builds a Dockerfile of that text below the working
// directory.
func builtFrom(t *testing.T, text string) budget.Budget {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(dir)
	require.NoError(t, os.Mkdir("service", 0o777))
	require.NoError(t, os.WriteFile(filepath.Join("service", "Dockerfile"), []byte(text), 0o666))
	b := budget.Defaults()
	b.Image = "app"
	b.Source.Build = &budget.Build{Context: filepath.Join(dir, "service"), Dockerfile: filepath.Join(dir, "service", "Dockerfile"), Target: "runtime"}
	return b
}

// rooted is an image that runs as root, and has a secret in its environment.
var (
	rooted  = &image.Image{Config: []byte(`{"config": {"Env": ["X=y"]}}`)}
	secretX = &inventory.Inventory{Secrets: []secrets.Found{{Where: secrets.Environment, Name: "X", Kind: "password", Layer: secrets.None}}}
)

func rulesOf(of *budget.Linted) map[string]string {
	rules := map[string]string{}
	for _, f := range of.Findings {
		rules[f.Rule] = f.File + f.Image
	}
	return rules
}

func TestLintInputIsNamedFromHere(t *testing.T) {
	in := LintInput(builtFrom(t, "FROM x:1\n"))
	require.Equal(t, filepath.Join("service", "Dockerfile"), in.Dockerfile)
	require.Equal(t, "service", in.Context)
	require.Equal(t, "runtime", in.Target)
}

// The Dockerfile's findings come with their lines, and the image's where the
// Dockerfile says nothing of the kind.
func TestLintCandidate(t *testing.T) {
	b := builtFrom(t, "FROM debian:12-slim AS runtime\nRUN apt-get update && apt-get install -y curl\n")
	of := lintCandidate(context.Background(), b, rooted, secretX)
	require.Empty(t, of.Faults)
	rules := rulesOf(of)
	require.Equal(t, filepath.Join("service", "Dockerfile"), rules["apt-lists-kept"])
	require.Contains(t, rules, "root-user")
	require.NotContains(t, rules, "image-root-user")
	require.Equal(t, "app", rules["image-secret"])
	require.Equal(t, "app", rules["image-no-origin"])
}

func TestLintCandidateThatWasNotBuilt(t *testing.T) {
	b := budget.Defaults()
	b.Image, b.Source.Engine = "app", "app:dev"
	require.Contains(t, rulesOf(lintCandidate(context.Background(), b, rooted, secretX)), "image-root-user")
}

func TestLintCandidateOff(t *testing.T) {
	b := builtFrom(t, "FROM x:1\n")
	b.Lint = budget.LintOff
	require.Nil(t, lintCandidate(context.Background(), b, rooted, secretX))
}

// What cannot be read is said, and the image is looked at all the same.
func TestLintCandidateFaults(t *testing.T) {
	b := builtFrom(t, "FROM x:1\n")
	require.NoError(t, os.Remove(b.Source.Build.Dockerfile))
	of := lintCandidate(context.Background(), b, rooted, secretX)
	require.Len(t, of.Faults, 1)
	require.Contains(t, of.Faults[0], filepath.Join("service", "Dockerfile"))
	require.Contains(t, rulesOf(of), "image-root-user")
	of = lintCandidate(context.Background(), budget.Defaults(), &image.Image{Config: []byte("{")}, secretX)
	require.Len(t, of.Faults, 1)
}
