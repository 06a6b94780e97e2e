package lint

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Comments accept what stands below them, and the whole file at its head.
func TestIgnore(t *testing.T) {
	const tail = "COPY bin/serve /serve\nHEALTHCHECK CMD [\"/serve\"]\n"
	for _, c := range []struct {
		name, file string
		found      []string // rules
		suppressed map[string]string
	}{
		{"above the instruction", "# image-budget: ignore=root-user it binds port 80\nFROM debian:12-slim\n" + tail, []string{}, map[string]string{"root-user": "it binds port 80"}},
		{"in the block above it", "# The base.\n# image-budget: ignore=root-user why\n# More.\nFROM debian:12-slim\n" + tail, []string{}, map[string]string{"root-user": "why"}},
		{"several rules", "# image-budget: ignore=root-user,floating-tag why\nFROM debian\n" + tail, []string{"full-image"}, map[string]string{"root-user": "why", "floating-tag": "why"}},
		{"the whole file", "# image-budget: ignore=root-user why\n\nARG X=1\nFROM debian:12-slim\n" + tail, []string{}, map[string]string{"root-user": "why"}},
		{"behind directives", "# syntax=docker/dockerfile:1\n# image-budget: ignore=root-user why\n\nFROM debian:12-slim\n" + tail, []string{}, map[string]string{"root-user": "why"}},
		{"another instruction", "FROM debian:12-slim\n# image-budget: ignore=root-user why\n" + tail, []string{"root-user", "unused-ignore"}, nil},
		{"above nothing", "FROM debian:12-slim\n# image-budget: ignore=root-user why\n\n" + tail, []string{"root-user", "bad-ignore"}, nil},
		{"no reason", "# image-budget: ignore=root-user\nFROM debian:12-slim\n" + tail, []string{"root-user", "bad-ignore"}, nil},
		{"no such rule", "# image-budget: ignore=rootuser why\nFROM debian:12-slim\n" + tail, []string{"root-user", "bad-ignore"}, nil},
		{"one of two unknown", "# image-budget: ignore=root-user,nonsense why\nFROM debian:12-slim\n" + tail, []string{"root-user", "bad-ignore"}, nil},
		{"a space in the list", "# image-budget: ignore=root-user, floating-tag why\nFROM debian:12-slim\n" + tail, []string{"root-user", "bad-ignore"}, nil},
		{"something else", "# image-budget: skip=root-user why\nFROM debian:12-slim\n" + tail, []string{"root-user", "bad-ignore"}, nil},
		{"unused", "# image-budget: ignore=root-user,full-image why\nFROM debian:12-slim\n" + tail, []string{"unused-ignore"}, map[string]string{"root-user": "why"}},
		{"BuildKit's", "FROM debian:12-slim\nUSER 1\n" + tail + "# image-budget: ignore=JSONArgsRecommended the shell is wanted\nCMD /serve\n", []string{}, map[string]string{"JSONArgsRecommended": "the shell is wanted"}},
		{"in a here-document it is text", "FROM debian:12-slim\nUSER 1\nRUN <<EOF\n# image-budget: ignore=root-user\ntrue\nEOF\n" + tail, []string{}, nil},
		{"near to one, in a here-document", "FROM debian:12-slim\nUSER 1\nRUN <<A <<B\n# Image-Budget: ignore=root-user\nA\n# image-budget: ignore=root-user\nB\n" + tail, []string{}, nil},
		{"within an instruction", "FROM debian:12-slim\nUSER 1\nRUN true \\\n# image-budget: ignore=root-user why\n  && true\n" + tail, []string{"bad-ignore"}, nil},
		{"within the lines of one with a here-document", "FROM debian:12-slim\nUSER 1\nRUN \\\n# image-budget: ignore=root-user why\n  cat <<EOF\na\nEOF\n" + tail, []string{"bad-ignore"}, nil},
		{"the last line", "FROM debian:12-slim\nUSER 1\n" + tail + "# image-budget: ignore=root-user why", []string{"bad-ignore"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			result := lint(t, "-- Dockerfile --\n"+c.file)
			require.ElementsMatch(t, c.found, rulesOf(result.Findings))
			suppressed := map[string]string{}
			for _, s := range result.Suppressed {
				suppressed[s.Rule] = s.Reason
				require.NotEmpty(t, s.Message)
			}
			if c.suppressed == nil {
				c.suppressed = map[string]string{}
			}
			require.Equal(t, c.suppressed, suppressed)
		})
	}
}

func TestBadIgnoreSaysWhy(t *testing.T) {
	for file, message := range map[string]string{
		"# image-budget: ignore=rot-user why\nFROM debian:12-slim\n":      `there is no rule "rot-user"; did you mean root-user?`,
		"# image-budget: ignore=root-user\nFROM debian:12-slim\n":         "it gives no reason",
		"# image-budget: ignore\nFROM debian:12-slim\n":                   "does not begin with ignore=",
		"# Image-Budget: ignore=root-user why\nFROM debian:12-slim\n":     "does not begin with # image-budget: as",
		"# image-budget ignore=root-user why\nFROM debian:12-slim\n":      "does not begin with # image-budget: as",
		"FROM debian:12-slim\nRUN a \\\n# image-budget: ignore=x y\n b\n": "within an instruction",
		"# image-budget: ignore= why\nFROM debian:12-slim\n":              "the name of a rule is missing",
	} {
		var messages string
		for _, f := range lint(t, "-- Dockerfile --\n"+file).Findings {
			if f.Rule == BadIgnore.Name {
				messages += f.Message
			}
		}
		require.Contains(t, messages, message)
	}
}
