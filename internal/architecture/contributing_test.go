package architecture

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// example is a Go block of CONTRIBUTING.md and the last file named before it.
var example = regexp.MustCompile("(?s)`(internal/[a-z_/]+\\.go)`:\n\n```go\n(.*?)```")

// What CONTRIBUTING.md shows of the code is the code as it stands.
func TestContributingExamples(t *testing.T) {
	text, err := os.ReadFile("../../.github/CONTRIBUTING.md")
	require.NoError(t, err)
	examples := example.FindAllStringSubmatch(string(text), -1)
	require.Len(t, examples, strings.Count(string(text), "```go\n"))
	for _, e := range examples {
		code, err := os.ReadFile("../../" + e[1])
		require.NoError(t, err)
		require.Contains(t, string(code), e[2], e[1])
	}
}
