package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
)

// TestServices holds the reference services to what they are there to show. It
// takes the images that make services leaves in the engine, and builds a third of
// their kind, which takes minutes: make check-services runs it.
func TestServices(t *testing.T) {
	needEngine(t)
	for _, image := range []string{"agent-naive", "agent-layered"} {
		if err := exec.Command("docker", "image", "inspect", image).Run(); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatalf("make services has not made %s: %v", image, err)
			}
			t.Skipf("make services has not made %s", image)
		}
	}
	t.Run("sizes", servicesSizes)
	t.Run("dpkg", servicesDpkg)
	t.Run("answers", servicesAnswers)
	t.Run("rebuilds", servicesRebuilt)
	t.Run("swapped", servicesSwapped)
}

// explainedService explains an image of the engine, with the cache of whoever runs
// the test: the second time, its layers are known.
func explainedService(t *testing.T, image string) explained {
	t.Helper()
	var stdout, stderr bytes.Buffer
	c := exec.Command("image-budget", "explain", "docker-daemon:"+image+":latest", "--format", "json", "--quiet")
	c.Stdout, c.Stderr = &stdout, &stderr
	require.NoErrorf(t, c.Run(), "%s: %s", image, &stderr)
	return explanation(t, stdout.String())
}

func servicesSizes(t *testing.T) {
	naive, layered := explainedService(t, "agent-naive").Size, explainedService(t, "agent-layered").Size
	t.Logf("naive %d, layered %d bytes: %.1f %% less", naive, layered, 100-100*float64(layered)/float64(naive))
	require.GreaterOrEqual(t, naive, int64(2_500_000_000))
	require.LessOrEqual(t, layered, int64(500_000_000))
	require.LessOrEqual(t, 10*layered, 4*naive, "60 % less")
}

// servicesAnswers asks both for the same things, and both answer the same.
func servicesAnswers(t *testing.T) {
	naive, layered := serving(t, "agent-naive"), serving(t, "agent-layered")
	require.Equal(t, "200 {\"status\":\"ok\"}", naive("GET", "/health", ""))
	require.Equal(t, naive("GET", "/health", ""), layered("GET", "/health", ""))
	queues := map[string]string{
		"I forgot my password and cannot log in": "account",
		"the invoice charges us twice":           "billing",
		"everything is down with error 503":      "outage",
		"please add a dark theme":                "feature",
	}
	for text, queue := range queues {
		asked, err := json.Marshal(map[string]string{"text": text})
		require.NoError(t, err)
		answer := layered("POST", "/predict", string(asked))
		require.Contains(t, answer, `"queue":"`+queue+`"`)
		require.Equal(t, answer, naive("POST", "/predict", string(asked)))
	}
	require.Contains(t, layered("POST", "/predict", "{}"), "422 ")
}

// serving starts a container of an image, and asks it.
func serving(t *testing.T, image string) func(method, path, body string) string {
	t.Helper()
	out, err := exec.Command("docker", "run", "--detach", "--rm", "--publish", "127.0.0.1::8000", image).Output()
	require.NoError(t, err)
	id := strings.TrimSpace(string(out))
	t.Cleanup(func() { _ = exec.Command("docker", "rm", "--force", "--volumes", id).Run() })
	out, err = exec.Command("docker", "port", id, "8000/tcp").Output()
	require.NoError(t, err)
	address, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
	ask := func(method, path, body string) (string, error) {
		request, err := http.NewRequest(method, "http://"+address+path, strings.NewReader(body))
		if err != nil {
			return "", err
		}
		request.Header.Set("Content-Type", "application/json")
		response, err := client.Do(request)
		if err != nil {
			return "", err
		}
		defer response.Body.Close()
		said, err := io.ReadAll(response.Body)
		return response.Status[:4] + string(said), err
	}
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		_, err := ask("GET", "/health", "")
		assert.NoError(c, err)
	}, 2*time.Minute, 200*time.Millisecond)
	return func(method, path, body string) string {
		said, err := ask(method, path, body)
		require.NoError(t, err)
		return said
	}
}

// servicesRebuilt changes a line of both: the naive one installs everything again.
func servicesRebuilt(t *testing.T) {
	naive, layered := rebuilt(t, "agent-naive"), rebuilt(t, "agent-layered")
	t.Logf("naive %s", naive)
	t.Logf("layered %s", layered)
	require.Regexp(t, `^COPY \. \. lost its cache; RUN apt-get install .* after it took `, naive)
	require.Regexp(t, `^COPY app app lost its cache and took .*; no instruction after it ran again`, layered)
}

// rebuilt is what the report says of one rebuild of a service.
func rebuilt(t *testing.T, service string) string {
	t.Helper()
	services, err := filepath.Abs(filepath.Join("..", "..", "testdata", "services"))
	require.NoError(t, err)
	dir := t.TempDir()
	policy := fmt.Sprintf(rebuildBudget, service, filepath.Join(services, service))
	require.NoError(t, os.WriteFile(filepath.Join(dir, service+".yaml"), []byte(policy), 0o600))
	var stdout, stderr bytes.Buffer
	gate := exec.Command("image-budget", "check", "--dir", dir, "--max-duration", "1s", "--format", "json")
	gate.Stdout, gate.Stderr = &stdout, &stderr
	_ = gate.Run()
	var result budget.Result
	require.NoErrorf(t, json.Unmarshal(stdout.Bytes(), &result), "%s", stderr.String())
	row := result.Images[0].Metrics[0]
	require.NotNilf(t, row.Value, "%s\n%s", row.Reason, stderr.String())
	return fmt.Sprintf("%s (%.1f s)", row.Detail, *row.Value)
}

const rebuildBudget = `version: 1
image: %s
build: {context: %s, dockerfile: Dockerfile.debian, network: host}
rebuild: {touch: app/main.py}
lint: off
metrics: {rebuild_time: {}}
`

// servicesSwapped builds the layered service by the naive one's Dockerfile: the
// gate is red, and says what came with it.
func servicesSwapped(t *testing.T) {
	before := held(t)
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS(filepath.Join("..", "..", "testdata", "services", "agent-layered"))))
	naive, err := os.ReadFile(filepath.Join("..", "..", "testdata", "services", "agent-naive", "Dockerfile.debian"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "Dockerfile.debian"), naive, 0o600))
	accepted, err := os.ReadFile(filepath.Join("..", "..", "budgets", "services", "agent-layered.baseline.yaml"))
	require.NoError(t, err)
	require.NoError(t, os.Mkdir(filepath.Join(dir, "budgets"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "budgets", "agent-layered.baseline.yaml"), accepted, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "budgets", "agent-layered.yaml"), []byte(swappedBudget), 0o600))

	var stdout, stderr bytes.Buffer
	gate := exec.Command("image-budget", "check", "--no-run", "--fail-fast", "--format", "json")
	gate.Dir, gate.Stdout, gate.Stderr = dir, &stdout, &stderr
	_ = gate.Run()
	require.Equalf(t, 1, gate.ProcessState.ExitCode(), "%s\n%s", stdout.String(), stderr.String())
	var result budget.Result
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &result))
	said := strings.Join(result.Images[0].Causes, "\n")
	t.Log(said)
	for _, cause := range []string{
		"build-essential", "deb:gcc-12", "deb:libtorch1.13", "deb:python3-torch", "/var/cache/apt/archives/",
		"build toolchains and headers +", "test packages and test folders +", "package caches +",
	} {
		require.Contains(t, said, cause)
	}
	require.Equal(t, before, held(t))
}

const swappedBudget = `version: 1
image: agent-layered
build: {context: .., dockerfile: Dockerfile.debian, network: host}
platform: linux/amd64
health: {port: 8000}
link: {bandwidth: 1Gbit/s, latency: 10ms}
metrics: {size: {max: 500MB}, compressed_size: {}, layers: {max: 15}, pull_time: {max: 30s}, cold_start: {max: 10s}}
`
