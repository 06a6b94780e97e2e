package lint

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Every rule has a name of its own and something to read.
func TestCatalog(t *testing.T) {
	names := map[string]bool{}
	for _, rule := range Catalog() {
		require.False(t, names[rule.Name], "two rules are called %s", rule.Name)
		names[rule.Name] = true
		require.NotEmpty(t, rule.Summary, rule.Name)
		require.Contains(t, Severities, rule.Severity, rule.Name)
	}
	require.Len(t, names, len(All)+len(BuildKitRules())+len(ImageRules))
}

// The rules that an image's rule gives way to are rules.
func TestImageRulesGiveWayToRules(t *testing.T) {
	for _, rule := range ImageRules {
		for _, same := range rule.Same {
			require.Contains(t, ruleNames(), same)
		}
	}
}

func ruleNames() (names []string) {
	for _, r := range All {
		names = append(names, r.Name)
	}
	return names
}

func TestSeverities(t *testing.T) {
	require.True(t, Error.AtLeast(Warning))
	require.True(t, Warning.AtLeast(Warning))
	require.False(t, Info.AtLeast(Warning))
	require.True(t, Severity("of a later version").AtLeast(Error))
	sorted := ByWeight([]Finding{{Rule: "a", Severity: Info}, {Rule: "b", Severity: Error}, {Rule: "c", Severity: Info}, {Rule: "d", Severity: Warning}})
	var order string
	for _, f := range sorted {
		order += f.Rule
	}
	require.Equal(t, "bdac", order)
}

// What is said of the Dockerfile, or accepted there, is not said of the image
// again.
func TestWithout(t *testing.T) {
	image := []Finding{{Rule: "image-root-user"}, {Rule: "image-no-healthcheck"}, {Rule: "image-no-origin"}}
	left := Without(image, Result{Findings: []Finding{{Rule: "root-user"}}, Suppressed: []Suppressed{{Finding: Finding{Rule: "no-healthcheck"}}}})
	require.Equal(t, []Finding{{Rule: "image-no-origin"}}, left)
	require.Len(t, image, 3)
	require.Equal(t, image, Without(image, Result{}))
}
