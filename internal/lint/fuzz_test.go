package lint

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// FuzzDockerfile holds that any file is either linted or refused as the user's
// fault, and that what is found lies in the file.
func FuzzDockerfile(f *testing.F) {
	for _, rule := range All {
		f.Add(dockerfileOf(rule.Bad), ".git\n")
		f.Add(dockerfileOf(rule.Good), "*\n!app\n")
	}
	for _, c := range cases {
		text, _, _ := strings.Cut(c.archive, "\n-- ")
		f.Add(text+"\n", "")
	}
	f.Fuzz(func(t *testing.T, text, ignore string) {
		dir := t.TempDir()
		path := filepath.Join(dir, "Dockerfile")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o666))
		require.NoError(t, os.WriteFile(filepath.Join(dir, ".dockerignore"), []byte(ignore), 0o666))
		stuck := time.AfterFunc(30*time.Second, func() { panic("this takes for ever: " + strconv.Quote(text) + strconv.Quote(ignore)) })
		defer stuck.Stop()
		result, err := Dockerfile(t.Context(), Input{Dockerfile: path, Context: dir})
		if err != nil {
			var fault *DockerfileError
			require.True(t, errors.As(err, &fault), "%v", err)
			return
		}
		lines := strings.Count(text, "\n") + 1
		for _, found := range result.Findings {
			require.NotEmpty(t, found.Rule)
			require.NotEmpty(t, found.Message)
			require.GreaterOrEqual(t, found.Line, 1, found.Rule)
			require.LessOrEqual(t, found.Line, found.EndLine)
			require.LessOrEqual(t, found.EndLine, lines, found.Rule)
			require.Less(t, len(found.Message), 8000)
		}
		_, err = json.Marshal(result)
		require.NoError(t, err)
	})
}

func dockerfileOf(archive string) string {
	_, rest, _ := strings.Cut(archive, "-- Dockerfile --\n")
	text, _, _ := strings.Cut(rest, "\n-- ")
	return text + "\n"
}
