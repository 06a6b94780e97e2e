package engine_test

import (
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/engine/enginetest"
)

// Which network a RUN has is for the budget to say. A Dockerfile gets no more
// than that by asking.
func TestEngineBuildNetwork(t *testing.T) {
	const reads = "RUN [\"/probe\", \"copy\", \"/proc/self/net/dev\", \"/interfaces\"]\nCMD [\"/probe\", \"serve\"]\n"
	ours, err := os.ReadFile("/proc/self/net/dev")
	require.NoError(t, err)
	for network, same := range map[string]bool{"": false, "none": false, "host": true} {
		e, req := buildable(t, "FROM scratch\nLABEL again="+enginetest.Name()+"\nCOPY probe /\nRUN [\"/probe\", \"env\", \"/"+enginetest.Name()+"\"]\n"+reads)
		if about, err := e.About(t.Context()); err != nil || !about.Local {
			t.Skipf("%s compares with the engine's own host, which is another: %v", t.Name(), err)
		}
		req.Network = network
		theirs := interfaces(builtFiles(t, e, req, "/interfaces")[0])
		require.Equal(t, same, slices.Equal(interfaces(string(ours)), theirs), "%q: %q", network, theirs)
	}
	for flag, says := range map[string]string{"--network=host": "network", "--security=insecure": "security"} {
		e, req := buildable(t, "FROM scratch\nCOPY probe /\nRUN "+flag+" [\"/probe\", \"env\", \"/env\"]\n")
		require.ErrorContains(t, e.Build(t.Context(), req, io.Discard), says)
	}
}

// interfaces are the names of network interfaces in /proc/net/dev, sorted,
// without those that come and go with containers.
func interfaces(dev string) []string {
	var names []string
	for line := range strings.Lines(dev) {
		if name, _, ok := strings.Cut(line, ":"); ok && !strings.Contains(name, "veth") {
			names = append(names, strings.TrimSpace(name))
		}
	}
	slices.Sort(names)
	return names
}

// D18: an instruction that does not end is ended, in the engine too.
func TestEngineBuildTimeout(t *testing.T) {
	e, req := buildable(t, "FROM scratch\nCOPY probe /\nRUN [\"/probe\", \"sleep\"]\n")
	req.Timeout = 3 * time.Second
	begun := time.Now()
	err := e.Build(t.Context(), req, io.Discard)
	var late *engine.BuildTimeout
	require.ErrorAs(t, err, &late)
	require.Contains(t, late.Step, "/probe")
	require.Less(t, time.Since(begun), 30*time.Second)
	_, err = e.Image(t.Context(), req.Name)
	require.ErrorIs(t, err, engine.ErrNoImage)
}

// D17, D18: a Dockerfile and a context get nothing of this machine that they were
// not given, and no program reads the Dockerfile that was not asked for.
func TestEngineBuildUntrusted(t *testing.T) {
	t.Setenv("SSH_AUTH_SOCK", filepath.Join(t.TempDir(), "agent"))
	canary := filepath.Join(t.TempDir(), "canary")
	require.NoError(t, os.WriteFile(canary, []byte("sings"), 0o600))
	for _, copies := range []string{"COPY link /got/link", "COPY . /got/"} {
		e, req := buildable(t, "# syntax=evil.invalid/frontend:1\nFROM scratch\nCOPY probe /probe\n"+copies+"\nCMD [\"/probe\", \"serve\"]\n")
		require.NoError(t, os.Symlink(canary, filepath.Join(req.Context, "link")))
		if err := e.Build(t.Context(), req, io.Discard); err != nil {
			require.ErrorContains(t, err, "not found", "what the link leads to, in the context")
			continue
		}
		url := run(t, e, engine.Container{Image: req.Name})
		answer, err := http.Get(url + "/read?path=/got/link")
		require.NoError(t, err)
		text, err := io.ReadAll(answer.Body)
		require.NoError(t, errors.Join(err, answer.Body.Close()))
		require.NotContains(t, string(text), "sings")
		require.Contains(t, string(text), "no such file")
	}

	for flag, says := range map[string]string{"ssh": "ssh", "secret,id=pip,required=true": "pip"} {
		e, req := buildable(t, "FROM scratch\nCOPY probe /\nRUN --mount=type="+flag+",target=/x [\"/probe\", \"list\", \"/x\", \"/list\"]\nCMD [\"/probe\", \"serve\"]\n")
		err := e.Build(t.Context(), req, io.Discard)
		require.ErrorContains(t, err, says)
	}
}
