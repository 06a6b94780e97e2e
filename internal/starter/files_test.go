package starter

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rhysd/actionlint"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/image-budget/image-budget/internal/budget"
)

// kinds are budgets of every kind that init writes.
var kinds = map[string]Image{
	"measured": {
		Dockerfile: "agent/Dockerfile", Context: "agent", Framework: "FastAPI",
		Port: Port{8000, "EXPOSE"}, Health: Health{Path: "/health", By: "agent/app/main.py:16"},
		Today: &Today{Size: 402_723_682, Compressed: 196_205_311, Layers: 5},
	},
	"large": {
		Dockerfile: "Dockerfile", Context: ".", Port: Port{8000, "HEALTHCHECK"}, Health: Health{Path: "/live", Scheme: "https", By: "HEALTHCHECK"},
		Today: &Today{Size: 2_812_345_678, Compressed: 1_212_345_678, Layers: 11},
	},
	"unmeasured": {
		Dockerfile: "docker/Dockerfile.gpu", Context: ".", Health: Health{Path: "/health", By: "a guess", Guessed: true},
		Unknown: "building \"unmeasured\": pulling\x1b[31m \"python\": no such host\nmore",
	},
	"idle": {Dockerfile: "job/Dockerfile", Context: "job", Idle: true, Today: &Today{Size: 68, Compressed: 208, Layers: 1}},
}

// TestBudgets: budgets look as they should, and say what was found.
func TestBudgets(t *testing.T) {
	for name, img := range kinds {
		t.Run(name, func(t *testing.T) {
			img.Name = name
			text, err := budgetText(img, "ci/budgets")
			require.NoError(t, err)
			text = strings.Replace(text, "\nplatform: "+budget.Defaults().Platform.String()+"\n", "\nplatform: linux/amd64\n", 1)
			golden(t, name+".yaml", text)
			for line := range strings.Lines(text) {
				require.LessOrEqual(t, len(line), 121, line)
			}
			b, err := budget.Parse("/repository/ci/budgets/"+name+".yaml", []byte(text))
			require.NoError(t, err)
			require.Equal(t, "/repository/"+img.Dockerfile, b.Source.Build.Dockerfile)
			require.Equal(t, filepath.Join("/repository", img.Context), b.Source.Build.Context)
			for _, gate := range b.Metrics {
				timed := gate.Metric == "pull_time" || gate.Metric == "cold_start"
				require.Equal(t, timed || img.Today != nil, gate.Max != nil, gate.Metric)
				require.False(t, img.Idle && gate.Metric == "cold_start")
			}
			if !img.Idle {
				require.Equal(t, img.Port.Number, b.Health.Port)
				require.Equal(t, img.Health.Path, b.Health.Path)
			}
		})
	}
}

// comment is a key that is commented out, with what may stand behind it.
var comment = regexp.MustCompile(`(?m)^( *)# ((?:- )?(?:[a-z_]+:|\{).*)$`)

// TestCommentedKeys: every key that is commented out may be taken as it stands.
func TestCommentedKeys(t *testing.T) {
	img := kinds["measured"]
	img.Name = "measured"
	text, err := budgetText(img, "budgets")
	require.NoError(t, err)
	lines := comment.FindAllString(text, -1)
	require.Greater(t, len(lines), 10)
	both := text // rebuild and rebuild_time, neither of which stands alone
	for _, line := range lines {
		taken := comment.ReplaceAllString(line, "$1$2")
		switch {
		case strings.Contains(line, "exceptions:"):
		case strings.Contains(line, "rebuild"):
			both = strings.Replace(both, line, taken, 1)
		default:
			_, err := budget.Parse("budgets/measured.yaml", []byte(strings.Replace(text, line, taken, 1)))
			require.NoError(t, err, taken)
		}
	}
	exceptions := strings.Replace(text, "# exceptions:\n#   - ", "exceptions:\n  - ", 1)
	for _, taken := range []string{both, exceptions} {
		require.NotEqual(t, text, taken)
		_, err = budget.Parse("budgets/measured.yaml", []byte(taken))
		require.NoError(t, err)
	}
}

// TestShared holds the files that are there once.
func TestShared(t *testing.T) {
	for name, values := range map[string]shared{"": newShared("budgets", "0.1.0-dev"), "-elsewhere": newShared("ci/budgets", "1.2.3")} {
		for _, s := range starts {
			text, err := render(s.template, values)
			require.NoError(t, err)
			golden(t, strings.TrimSuffix(s.template, filepath.Ext(s.template))+name+filepath.Ext(s.template), text)
		}
	}
}

func TestWorkflow(t *testing.T) {
	text, err := render("github.yml", newShared("budgets", "0.1.0"))
	require.NoError(t, err)
	linter, err := actionlint.NewLinter(io.Discard, &actionlint.LinterOptions{})
	require.NoError(t, err)
	faults, err := linter.Lint(".github/workflows/image-budget.yml", []byte(text), nil)
	require.NoError(t, err)
	require.Empty(t, faults)

	var workflow struct {
		Permissions map[string]string
		Jobs        map[string]struct {
			Steps []struct{ Uses, Run string }
		}
	}
	require.NoError(t, yaml.Unmarshal([]byte(text), &workflow))
	require.Equal(t, map[string]string{"contents": "read"}, workflow.Permissions)
	for _, step := range workflow.Jobs["check"].Steps {
		require.NotContains(t, step.Run, "${{")
		if step.Uses != "" {
			require.Regexp(t, `^actions/[a-z-]+@[0-9a-f]{40}$`, step.Uses)
		}
	}
	require.Contains(t, text, "/cmd/image-budget@v0.1.0\n")
}

func TestGitLabJob(t *testing.T) {
	text, err := render("gitlab.yml", newShared("budgets", "0.1.0-dev"))
	require.NoError(t, err)
	var jobs map[string]struct {
		Image     string
		Services  []string
		Variables map[string]string
		Script    []string
	}
	require.NoError(t, yaml.Unmarshal([]byte(text), &jobs))
	job := jobs["image-budget"]
	for _, variable := range []string{"DOCKER_HOST", "DOCKER_TLS_CERTDIR", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"} {
		require.NotEmpty(t, job.Variables[variable], variable)
	}
	require.Equal(t, "go install github.com/image-budget/image-budget/cmd/image-budget@latest", job.Script[0])
}

// TestGoVersion: CI installs with the version that this module asks for.
func TestGoVersion(t *testing.T) {
	mod, err := os.ReadFile("../../go.mod")
	require.NoError(t, err)
	require.Contains(t, string(mod), "\ngo "+goVersion+".")
}

func golden(t *testing.T, name, text string) {
	t.Helper()
	at := filepath.Join("testdata", "files", name)
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(at), 0o755))
		require.NoError(t, os.WriteFile(at, []byte(text), 0o644))
	}
	want, err := os.ReadFile(at)
	require.NoError(t, err)
	require.Equal(t, string(want), text)
}

func TestNice(t *testing.T) {
	for n, want := range map[int64]string{0: "1kB", 348_000_000: "350MB", 350_000_000: "350MB", 350_000_001: "400MB", 7_398_000: "8MB", 1_210_000_000: "1500MB", 95_000: "100kB", 12_000: "12kB"} {
		require.Equal(t, want, nice(n).String(), n)
	}
}
