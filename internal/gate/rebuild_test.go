package gate

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/engine"
)

const rebuildText = `version: 1
image: app
platform: linux/amd64
build: {context: app, prepare: [touch, prepared]}
rebuild: {touch: main.py}
metrics: {rebuild_time: {}}
`

// rebuilding is a machine on a fake engine whose builds after a change take as
// long as install says, and the budget of an image that is built.
func rebuilding(t *testing.T) (m *Machine, b budget.Budget, install *time.Duration) {
	t.Helper()
	m, fake, b := at(t, Options{}, 1000)
	takes := time.Second
	noise := 0
	fake.Builder = func(_ context.Context, req engine.BuildRequest, _ io.Writer) (v1.Image, error) {
		if req.Salt == nil {
			return app(t, 1000), nil
		}
		noise = (noise + 1) % 5
		if !req.Forget || req.Salt.Path != "main.py" {
			return nil, errors.New("not a rebuild")
		}
		begun := time.Now()
		copied := begun.Add(10 * time.Millisecond)
		done := copied.Add(takes + time.Duration(noise)*time.Millisecond)
		req.Report(engine.BuildReport{Total: done.Sub(begun), Ran: []engine.Step{
			{Name: "COPY . .", Begun: begun, Ended: copied}, {Name: "RUN pip install", Begun: copied, Ended: done},
		}})
		return app(t, 1000), nil
	}
	dir := filepath.Join(filepath.Dir(b.Path), "app")
	require.NoError(t, os.Mkdir(dir, 0o755))
	for name, text := range map[string]string{"app/Dockerfile": "FROM scratch\n", "app/main.py": "print()\n", "app.yaml": rebuildText} {
		require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(dir), name), []byte(text), 0o644))
	}
	b, err := budget.Load(b.Path)
	require.NoError(t, err)
	t.Cleanup(func() { require.Empty(t, fake.Images()[1:], "but app:dev") })
	t.Cleanup(func() { require.NoError(t, m.Close()) })
	return m, b, &takes
}

// The image is the baseline's to the bit, and its rebuild is measured all the same.
func TestRebuildTimeOfTheSameImage(t *testing.T) {
	m, b, install := rebuilding(t)
	result, err := Record(t.Context(), b, What{}, m)
	require.NoError(t, err)
	require.Equal(t, "COPY . . lost its cache; RUN pip install after it took 1.0s", result.Metrics[0].Detail)
	result, err = Check(t.Context(), b, How{}, m)
	require.NoError(t, err)
	require.Equal(t, budget.Pass, result.Verdict)
	require.Equal(t, budget.Recorded, result.Metrics[0].Compared)
	require.Contains(t, strings.Join(result.Warnings, "\n"), "rebuild_time is compared with recorded samples, since what the baseline's image was built from cannot be had: the baseline has no commit")

	*install = 41 * time.Second
	result, err = Check(t.Context(), b, How{}, m)
	require.NoError(t, err)
	require.Equal(t, budget.Regression, result.Verdict)
	require.Contains(t, result.Causes, "rebuild_time: COPY . . lost its cache; RUN pip install after it took 41.0s")

	result, err = Check(t.Context(), b, How{Compare: SideBySide}, m)
	require.NoError(t, err)
	require.Equal(t, budget.Unmeasured, result.Verdict)
	require.Contains(t, result.Metrics[0].Reason, "it cannot be compared side by side: what the baseline's image was built from cannot be had")

	require.NoError(t, os.WriteFile(filepath.Join(b.Source.Build.Context, ".dockerignore"), []byte("*.py\n"), 0o644))
	_, err = Check(t.Context(), b, How{}, m)
	require.ErrorContains(t, err, `rebuild.touch "main.py" is left out of the build`)
}

// An image that --against names says nothing of how it was built.
func TestRebuildTimeAgainstAnImage(t *testing.T) {
	m, b, _ := rebuilding(t)
	result, err := Check(t.Context(), b, How{Against: "app:dev"}, m)
	require.NoError(t, err)
	require.Equal(t, budget.Unmeasured, result.Verdict)
	require.Contains(t, result.Metrics[0].Reason, "--against names an image")
	require.Contains(t, result.Metrics[0].Reason, "git:REVISION")
}
