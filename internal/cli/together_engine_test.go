package cli

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
)

const togetherBudget = `version: 1
image: app
build: {context: ../app, dockerfile: NAME}
health: {port: 8000, timeout: 20s}
run: {memory: 128MiB, cpus: 1}
metrics: {size: {}, cold_start: {}}
`

// TestEngineTogether starts five gates at once on one engine, on one image and
// on one that starts slower (D16): each reaches the verdict that it reaches
// alone, those that waited say so, and nothing is left.
func TestEngineTogether(t *testing.T) {
	needEngine(t)
	dir := repository(t)
	for name, delay := range map[string]string{"app": "300ms", "slow": "900ms"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "app", name), []byte(interruptedDockerfile+"ENV DELAY="+delay+"\n"), 0o644))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "budgets", name+".yaml"), []byte(strings.Replace(togetherBudget, "NAME", name, 1)), 0o644))
	}
	before := held(t)
	record := gateIn(t, dir)
	record.Args[1] = "record"
	record.Args = append(record.Args, "app")
	out, err := record.CombinedOutput()
	require.NoErrorf(t, err, "%s", out)
	baseline, err := os.ReadFile(filepath.Join(dir, "budgets", "app.baseline.yaml"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "budgets", "slow.baseline.yaml"), baseline, 0o644))

	var gates []*exec.Cmd
	var reports []*bytes.Buffer
	names := []string{"app", "slow", "app", "slow", "app"}
	for _, name := range names {
		gate := gateIn(t, dir, name, "--compare", "side-by-side", "--format", "json", "--quiet")
		report := &bytes.Buffer{}
		gate.Stdout, gate.Stderr = report, os.Stderr
		require.NoError(t, gate.Start())
		gates, reports = append(gates, gate), append(reports, report)
	}
	waited := 0
	for i, name := range names {
		_ = gates[i].Wait() // the verdict is in the report
		result, err := budget.ReadResult(reports[i])
		require.NoError(t, err)
		start := result.Images[0].Metrics[1]
		want := map[string]budget.Verdict{"app": budget.Pass, "slow": budget.Regression}[name]
		require.Equal(t, want, start.Verdict, "%s: %s", name, start.Reason)
		require.GreaterOrEqual(t, start.Pairs, 5)
		if strings.Contains(strings.Join(result.Images[0].Warnings, "\n"), "for those of another gate on this machine") {
			waited++
		}
	}
	require.GreaterOrEqual(t, waited, 3, "they took turns, and say so")
	require.Equal(t, before, held(t))
	requireNoTemp(t, dir)
}
