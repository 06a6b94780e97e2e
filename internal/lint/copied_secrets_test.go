package lint

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What cannot be looked at weighs less than what was seen, and so does what stays
// out of the image.
func TestSeverityOfCopiedSecrets(t *testing.T) {
	const env = "-- .env --\nAPI_TOKEN=vK8rq2xWm4TzLp0s\n"
	for archive, want := range map[string]Severity{
		"FROM debian:12-slim\nCOPY .env /\n" + env:                                               Error,
		"FROM debian:12-slim\nCOPY .env /\n":                                                     Warning,
		"FROM debian:12-slim\nCOPY . /a\n" + env:                                                 Error,
		"FROM debian:12-slim AS b\nCOPY . /a\nFROM debian:12-slim\nCOPY --from=b /a/x /\n" + env: Warning,
	} {
		var have []Severity
		for _, f := range lint(t, "-- Dockerfile --\n"+archive).Findings {
			if f.Rule == SecretInArgOrEnv.Name {
				have = append(have, f.Severity)
			}
		}
		require.Equal(t, []Severity{want}, have, archive)
	}
}

// A context that is too large to be looked at is said to be.
func TestLargeContext(t *testing.T) {
	dir := unpack(t, "-- Dockerfile --\nFROM debian:12-slim\nCOPY a /a\nCOPY a/00001 /b\n-- a/x --\n")
	remark := func() (lines []int) {
		result, err := Dockerfile(t.Context(), Input{Dockerfile: filepath.Join(dir, "Dockerfile"), Context: dir})
		require.NoError(t, err)
		for _, f := range result.Findings {
			if f.Rule == ContextUnfiltered.Name {
				require.Equal(t, Info, f.Severity)
				require.Contains(t, f.Message, "more than 50000 files and folders and was not looked at whole")
				lines = append(lines, f.Line)
			}
		}
		return lines
	}
	require.Empty(t, remark())
	for n := range mostEntries {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "a", fmt.Sprintf("%05d", n)), nil, 0o600))
	}
	require.Equal(t, []int{2}, remark())
}

// So are more files that may hold secrets than are looked at, whatever is ignored.
func TestManyKeys(t *testing.T) {
	dir := unpack(t, "-- Dockerfile --\nFROM debian:12-slim\nCOPY a /a\n-- a/x --\n")
	for n := range mostSecretBytes/leastSecretBytes + 1 {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "a", fmt.Sprintf("%d.pem", n)), []byte("x"), 0o600))
	}
	result, err := Dockerfile(t.Context(), Input{Dockerfile: filepath.Join(dir, "Dockerfile"), Context: dir})
	require.NoError(t, err)
	require.Contains(t, fmt.Sprint(result.Findings), "more files that may hold secrets than are looked at")
}

// A list of what is ignored that is too long is told so, and not to use scripts.
func TestLongIgnore(t *testing.T) {
	dir := unpack(t, "-- Dockerfile --\nFROM debian:12-slim\n-- .dockerignore --\n"+strings.Repeat("a\n", ignoreCap))
	_, err := Dockerfile(t.Context(), Input{Dockerfile: filepath.Join(dir, "Dockerfile"), Context: dir})
	var fault *DockerfileError
	require.ErrorAs(t, err, &fault)
	require.Contains(t, fault.Hint(), "name folders and patterns")
}

// That the user of a base is not known is a remark.
func TestSeverityOfRoot(t *testing.T) {
	for base, want := range map[string]Severity{"debian:12-slim": Warning, "registry.example.com/debian:12": Warning, "grafana/grafana:11.1.0": Info} {
		for _, f := range lint(t, "-- Dockerfile --\nFROM "+base+"\n").Findings {
			if f.Rule == RootUser.Name {
				require.Equal(t, want, f.Severity, base)
			}
		}
	}
}
