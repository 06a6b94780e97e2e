package gate

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/engine/enginetest"
	"github.com/image-budget/image-budget/internal/image/imagetest"
)

// changed lists the lines that two texts do not share, as diff shows them.
func changed(before, after string) (lines []string) {
	was, is := strings.Split(before, "\n"), strings.Split(after, "\n")
	for i := range max(len(was), len(is)) {
		if i >= len(was) || i >= len(is) || was[i] != is[i] {
			lines = append(lines, strings.TrimSpace(strings.SplitN(is[i], ":", 2)[0]))
		}
	}
	return lines
}

func text(t *testing.T, path string) string {
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(data)
}

// TestRecordOnly has E14: what was not asked for stays to the byte.
func TestRecordOnly(t *testing.T) {
	m, fake, b, _ := recordedAt(t, 50*time.Millisecond)
	path := budget.BaselinePath(b.Path)
	require.NoError(t, os.WriteFile(path, []byte("# kept\n"+text(t, path)), 0o644))
	before, policy := text(t, path), text(t, b.Path)
	fake.Add("app:dev", app(t, 5000, 700_000))
	starts := fake.Calls("Start")
	result, err := Record(t.Context(), b, What{Only: []string{"size"}}, m)
	require.NoError(t, err)
	require.Len(t, result.Metrics, 1)
	require.Equal(t, []string{"size"}, changed(before, text(t, path)))
	require.Equal(t, policy, text(t, b.Path))
	require.Equal(t, starts, fake.Calls("Start"), "what is not written is not measured")

	_, err = Record(t.Context(), b, What{Only: []string{"size", "pull_time", "layers"}}, m)
	require.NoError(t, err)
	require.Equal(t, []string{"size", "layers", "pull_time"}, changed(before, text(t, path)))

	b.Metrics = b.Metrics[:1]
	_, err = Record(t.Context(), b, What{Only: []string{"layers"}}, m)
	require.ErrorContains(t, err, `does not gate "layers"`)
	require.NoError(t, os.Remove(path))
	_, err = Record(t.Context(), b, What{Only: []string{"size"}}, m)
	require.ErrorContains(t, err, "nothing to write a part of")
}

// TestRecordImproved: a ratchet goes one way.
func TestRecordImproved(t *testing.T) {
	m, fake, b, progress := recordedAt(t, 150*time.Millisecond)
	path := budget.BaselinePath(b.Path)
	before := text(t, path)
	improve := func() {
		_, err := Record(t.Context(), b, What{Improved: true}, m)
		require.NoError(t, err)
	}
	improve()
	require.Equal(t, before, text(t, path), "an unchanged image is no better")
	require.Contains(t, progress.String(), "nothing got better")

	fake.Add("app:dev", startsAfter(t, fake, 20*time.Millisecond))
	improve()
	require.Equal(t, []string{"cold_start"}, changed(before, text(t, path)))

	after := text(t, path)
	improve()
	require.Equal(t, after, text(t, path), "it is as good as it was")
	fake.Add("app:dev", startsAfter(t, fake, 200*time.Millisecond))
	improve()
	require.Equal(t, after, text(t, path), "what got worse is not written")
}

// A time that was accepted by itself is of another image than the rest of the
// file, and it is that image which counts for it, whoever has it.
func TestAcceptedByItself(t *testing.T) {
	m, fake, b, _ := recordedAt(t, 50*time.Millisecond)
	slower := startsAfter(t, fake, 200*time.Millisecond)
	fake.Add("app:dev", slower)
	require.Equal(t, budget.Regression, rows(checked(t, m, b, How{}))["cold_start"].Verdict)
	_, err := Record(t.Context(), b, What{Only: []string{"cold_start"}}, m)
	require.NoError(t, err)
	require.Contains(t, text(t, budget.BaselinePath(b.Path)), `contents_digest: "sha256:`)

	start := rows(checked(t, m, b, How{}))["cold_start"]
	require.Equal(t, budget.Pass, start.Verdict, start.Reason)
	require.Equal(t, budget.Identical, start.Compared)

	fake.Add("app:dev", startsAfter(t, fake, 400*time.Millisecond))
	start = rows(checked(t, m, b, How{}))["cold_start"]
	require.Equal(t, budget.Regression, start.Verdict, start.Reason)
	require.Equal(t, budget.SideBySide, start.Compared)
	require.Greater(t, *start.Baseline, 0.19, "beside the image that was accepted last")

	elsewhere, _, _ := at(t, Options{Engine: m.engine.open})
	result := checked(t, elsewhere, b, How{})
	require.Equal(t, budget.Recorded, rows(result)["cold_start"].Compared)
	require.Contains(t, result.Warnings[0], "cold_start is compared with recorded samples: it was accepted by itself")
	fake.Add("app:dev", slower)
	require.Equal(t, budget.Pass, rows(checked(t, elsewhere, b, How{}))["cold_start"].Verdict)
}

// repository is a budget that builds from a git repository on a fake engine: a
// build makes an image of the context's file, and base stands for what moves
// outside of the repository.
func repository(t *testing.T) (m *Machine, b budget.Budget, base *int) {
	m, fake, b := at(t, Options{})
	base = new(int)
	*base = 1000
	fake.Programs["/app"] = enginetest.Program{Handler: enginetest.OK}
	fake.Builder = func(_ context.Context, req engine.BuildRequest, _ io.Writer) (v1.Image, error) {
		content, err := os.ReadFile(filepath.Join(req.Context, "code"))
		if err != nil {
			return nil, err
		}
		img := imagetest.Image(t, imagetest.Linux,
			imagetest.Tar(t, imagetest.File("base", imagetest.Noise(7, *base))),
			imagetest.Tar(t, imagetest.File("code", string(content))))
		return mutate.Config(img, v1.Config{Entrypoint: []string{"/app"}})
	}
	dir := filepath.Join(t.TempDir(), "repository")
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "budgets"), 0o755))
	b.Path = filepath.Join(dir, "budgets", "app.yaml")
	require.NoError(t, os.WriteFile(b.Path, []byte(strings.Replace(budgetText, "engine: app:dev", "build: {context: .., tag: app:mine}", 1)), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "Dockerfile"), []byte("FROM scratch\n"), 0o644))
	t.Chdir(dir)
	git(t, "init", "-q", "-b", "main")
	commit(t, string(imagetest.Noise(1, 1000)))
	loaded, err := budget.Load(b.Path)
	require.NoError(t, err)
	return m, loaded, base
}

func git(t *testing.T, args ...string) string {
	t.Helper()
	run := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.com"}, args...)...)
	out, err := run.CombinedOutput()
	require.NoErrorf(t, err, "%s", out)
	return strings.TrimSpace(string(out))
}

func commit(t *testing.T, code string) string {
	t.Helper()
	require.NoError(t, os.WriteFile("code", []byte(code), 0o644))
	git(t, "add", "-A")
	git(t, "commit", "-qm", "change")
	return git(t, "rev-parse", "HEAD")
}

// A baseline whose image nobody holds is built again from its commit, with the
// budget of that commit, and what that has now is nobody's change.
func TestBuiltAgain(t *testing.T) {
	m, b, base := repository(t)
	_, err := Record(t.Context(), b, What{}, m)
	require.NoError(t, err)
	recorded, err := budget.BaselineFor(b)
	require.NoError(t, err)
	require.Equal(t, git(t, "rev-parse", "HEAD"), recorded.Commit)
	first := recorded.Commit
	commit(t, string(imagetest.Noise(2, 1500)))
	forget(t, b)
	*base = 3000

	b.Metrics[0].Tolerance = 20000
	result := checked(t, m, b, How{})
	start := rows(result)["cold_start"]
	require.Equal(t, budget.SideBySide, start.Compared, result.Warnings)
	require.Contains(t, start.Reason, "beside the image of commit "+first[:12]+", built again")
	size := rows(result)["size"]
	require.Equal(t, budget.Regression, size.Verdict, "the committed baseline is what counts")
	require.Contains(t, result.Causes, "size: +2.50 kB since it was recorded: +2.00 kB inherited (commit "+first[:12]+" has it too, with nothing of this change), +500 B of this change")
	require.Equal(t, "budgets/app.baseline.yaml\nbudgets/app.yaml", git(t, "ls-files", "budgets"))
	require.NotContains(t, git(t, "worktree", "list"), "sessions", "nothing stays in the repository")

	// Against the same commit by name, what is inherited is not judged.
	result = checked(t, m, b, How{Against: "git:HEAD~1"})
	require.Equal(t, budget.Pass, rows(result)["size"].Verdict)
	require.Equal(t, "git:HEAD~1", result.Baseline)
	require.NotEmpty(t, result.Causes)
}

// Only a commit that has all of the sources is written down.
func TestCommitOfACleanTree(t *testing.T) {
	m, b, _ := repository(t)
	require.NoError(t, os.WriteFile("code", []byte("not committed"), 0o644))
	_, err := Record(t.Context(), b, What{}, m)
	require.NoError(t, err)
	recorded, err := budget.BaselineFor(b)
	require.NoError(t, err)
	require.Empty(t, recorded.Commit)
	commit(t, "committed")
	_, err = Record(t.Context(), b, What{}, m)
	require.NoError(t, err)
	_, err = Record(t.Context(), b, What{}, m)
	require.NoError(t, err)
	recorded, err = budget.BaselineFor(b)
	require.NoError(t, err)
	require.Equal(t, git(t, "rev-parse", "HEAD"), recorded.Commit, "the baseline that is about to be committed is no change")
}

// What stands in the way of building the baseline again is said, with the way out.
func TestNotBuiltAgain(t *testing.T) {
	m, b, _ := repository(t)
	first := git(t, "rev-parse", "HEAD")
	for _, c := range []struct {
		name, commit, reason string
		before               func()
	}{
		{"no such commit", strings.Repeat("12", 20), "check the name", func() {}},
		{"the budget came later", first, "budgets/app.yaml: is not there", func() {
			git(t, "rm", "-q", "--cached", "budgets/app.yaml")
			git(t, "commit", "-q", "--amend", "-m", "without")
			first = git(t, "rev-parse", "HEAD")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.before()
			_, err := Record(t.Context(), b, What{}, m)
			require.NoError(t, err)
			require.NoError(t, budget.Update(budget.BaselinePath(b.Path), func(old *budget.Measurement) (budget.Measurement, error) {
				old.Commit = c.commit
				if c.name != "no such commit" {
					old.Commit = first
				}
				return *old, nil
			}))
			forget(t, b)
			commit(t, c.name)
			result := checked(t, m, b, How{})
			require.Equal(t, budget.Recorded, rows(result)["cold_start"].Compared)
			require.Contains(t, strings.Join(result.Warnings, "\n"), c.reason)
		})
	}
}
