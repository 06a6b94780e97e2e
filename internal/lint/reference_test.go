package lint

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

const references = "../../testdata/services"

// What a user would write, and what is built where there are Debian's packages
// alone: every rule that applies fires on the naive ones.
func TestNaiveReference(t *testing.T) {
	context := filepath.Join(t.TempDir(), "agent-naive")
	require.NoError(t, os.CopyFS(context, os.DirFS(filepath.Join(references, "agent-naive"))))
	require.NoError(t, os.MkdirAll(filepath.Join(context, "models"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(context, "models", "draft.safetensors"), make([]byte, 2<<20), 0o600)) // as its budget has it
	both := []string{
		"single-stage", "toolchain-in-runtime", "source-before-dependencies", "development-dependencies", "no-cache-mount", "apt-lists-kept",
		"apt-recommends", "model-baked-in", "context-unfiltered", "root-user", "no-healthcheck", "SecretsUsedInArgOrEnv", "JSONArgsRecommended",
	}
	pip := append([]string{"full-image", "floating-tag", "requirements-in-one-file"}, both...)
	for name, want := range map[string][]string{"Dockerfile": pip, "Dockerfile.debian": both} {
		found, err := Dockerfile(t.Context(), Input{Dockerfile: filepath.Join(context, name), Context: context})
		require.NoError(t, err)
		require.ElementsMatch(t, want, rulesOf(found.Findings), name)
	}
}

func TestLayeredReference(t *testing.T) {
	context := filepath.Join(references, "agent-layered")
	for _, name := range []string{"Dockerfile", "Dockerfile.pip", "Dockerfile.debian"} {
		found, err := Dockerfile(t.Context(), Input{Dockerfile: filepath.Join(context, name), Context: context})
		require.NoError(t, err)
		require.Empty(t, found.Findings, name)
		require.Empty(t, found.Suppressed, name)
	}
}

// The two are one service: they differ in how they are packed, and in nothing else.
func TestReferencesShareTheirSource(t *testing.T) {
	for _, folder := range []string{"app", "data", "notebooks", "tests", "training"} {
		naive, layered := content(t, "agent-naive", folder), content(t, "agent-layered", folder)
		require.NotEmpty(t, naive, folder)
		require.Equal(t, naive, layered, folder)
	}
}

func content(t *testing.T, service, folder string) map[string]string {
	all := map[string]string{}
	root := filepath.Join(references, service, folder)
	require.NoError(t, filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) == ".pyc" || filepath.Ext(path) == ".npz" { // a run left those
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(root, path)
		all[name] = string(text)
		return err
	}))
	return all
}
