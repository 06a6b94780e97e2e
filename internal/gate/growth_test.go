package gate

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/opencontainers/go-digest"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/secrets"
)

// outgrown is a machine with a baseline and then another image.
func outgrown(t *testing.T) (*Machine, budget.Budget, string) {
	t.Helper()
	m, fake, b := at(t, Options{NoRun: true}, 1000, 2000)
	b.Metrics = []budget.Gate{{Metric: "size", Tolerance: b.Tolerance}}
	_, err := Record(t.Context(), b, What{}, m)
	require.NoError(t, err)
	fake.Add("app:dev", app(t, 1000, 40000))
	return m, b, filepath.Join(filepath.Dir(b.Path), "cache")
}

// TestGrowth: what grew is told file by file where the cache has the baseline's
// image, and by the baseline file where it does not.
func TestGrowth(t *testing.T) {
	m, b, _ := outgrown(t)
	result, err := Check(t.Context(), b, How{}, m)
	require.NoError(t, err)
	require.EqualValues(t, 38000, result.Growth.Delta())
	require.NotEmpty(t, result.Growth.Files)
	require.NotEmpty(t, result.Growth.Old.Since)
	require.EqualValues(t, 41000, result.Contents.Size)
	require.Contains(t, result.Causes[0], "size: +38.0 kB by COPY files / (layer 1) since ")

	recorded, err := budget.BaselineFor(b)
	require.NoError(t, err)
	recorded.ConfigDigest = digest.FromString("an image of another machine")
	require.NoError(t, budget.Save(budget.BaselinePath(b.Path), *recorded))
	again, err := Check(t.Context(), b, How{}, m)
	require.NoError(t, err)
	require.EqualValues(t, 38000, again.Growth.Delta())
	require.Empty(t, again.Growth.Files)
	require.Contains(t, again.Causes[0], "size: +38.0 kB by COPY files / (layer 1) since ")

	against, err := Check(t.Context(), b, How{Against: "app:dev"}, m)
	require.NoError(t, err)
	require.Zero(t, against.Growth.Delta())
	require.Empty(t, against.Causes)
}

// TestDamagedCache: it changes no verdict, and the baseline file tells what grew.
func TestDamagedCache(t *testing.T) {
	m, b, cache := outgrown(t)
	recorded, err := budget.BaselineFor(b)
	require.NoError(t, err)
	entries, err := os.ReadDir(filepath.Join(cache, "contents"))
	require.NoError(t, err)
	require.Len(t, entries, 2)
	for _, entry := range entries {
		path := filepath.Join(cache, "contents", entry.Name())
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		data[len(data)-1] ^= 1
		require.NoError(t, os.WriteFile(path, data, 0o600))
	}
	old, err := m.remembered(t.Context(), *recorded)
	require.NoError(t, err)
	require.Nil(t, old.image, "the file has to do")
	require.NotEmpty(t, old.of.Contents.Layers)
	result, err := Check(t.Context(), b, How{}, m) // measures the layers anew that both have
	require.NoError(t, err)
	require.Equal(t, budget.Regression, result.Verdict)
	require.EqualValues(t, 38000, result.Growth.Delta())
}

// TestExplainedIsKept: what explain reads for its contents alone is nothing that a
// check takes for more, and both tell the same.
func TestExplainedIsKept(t *testing.T) {
	m, _, b := at(t, Options{NoRun: true}, 1000, 2000)
	b.Metrics = []budget.Gate{{Metric: "size", Tolerance: b.Tolerance}, {Metric: "compressed_size", Tolerance: b.Tolerance}}
	found, err := Explain(t.Context(), "docker-daemon:app:dev", image.Platform{}, 3, m)
	require.NoError(t, err)
	result, err := Check(t.Context(), b, How{}, m)
	require.NoError(t, err)
	require.Greater(t, *rows(result)["compressed_size"].Value, 1000.0)
	again, err := Explain(t.Context(), "docker-daemon:app:dev", image.Platform{}, 3, m)
	require.NoError(t, err)
	require.Equal(t, found.Layers, again.Layers)
	require.Equal(t, found.Files, again.Files)
	require.Equal(t, found.Size, again.Size)
}

func TestLeaked(t *testing.T) {
	require.Empty(t, leaked(nil))
	all := []secrets.Found{
		{Where: secrets.File, Name: "root/.ssh/id_rsa", Kind: "private key", Layer: 2, Gone: true},
		{Where: secrets.Environment, Name: "DB_PASSWORD", Kind: "password", Layer: secrets.None},
	}
	require.Equal(t, []string{
		"the image holds a secret: private key (file /root/.ssh/id_rsa, layer 2, deleted later and still there)",
		"the image holds a secret: password (environment DB_PASSWORD)",
	}, leaked(all))
	for range 20 {
		all = append(all, all[0])
	}
	require.Len(t, leaked(all), mostLeaked+1)
	require.Contains(t, leaked(all)[mostLeaked], "12 more")
}
