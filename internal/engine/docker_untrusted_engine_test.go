package engine_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
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

// D18: a build that fills the engine's disk is ended before it is full, and one that
// finds it full does not begin.
func TestEngineBuildSparesTheDisk(t *testing.T) {
	e, req := buildable(t, "FROM scratch\nCOPY probe /\nRUN [\"/probe\", \"sleep\"]\n")
	about, err := e.About(t.Context())
	require.NoError(t, err)
	if !about.Local {
		t.Skip("the engine's disk is another machine's")
	}
	var low *engine.LowDisk
	req.Spare = 1 << 62
	require.ErrorAs(t, e.Build(t.Context(), req, io.Discard), &low)
	require.Empty(t, low.Step)
	require.NotZero(t, low.Free)

	file, err := os.Create(filepath.Join(t.TempDir(), "large"))
	require.NoError(t, err)
	defer file.Close()
	req.Spare = low.Free - 1<<30 // what others write meanwhile is less
	req.Timeout = 20 * time.Second
	filled, fd := make(chan error, 1), int(file.Fd())
	time.AfterFunc(3*time.Second, func() { filled <- syscall.Fallocate(fd, 0, 0, 3<<29) })
	err = e.Build(t.Context(), req, io.Discard)
	require.NoError(t, <-filled)
	var late *engine.BuildTimeout
	if errors.As(err, &late) {
		t.Skip("the folder of this test is on another disk than the engine's")
	}
	require.ErrorAs(t, err, &low)
	require.Contains(t, low.Step, "/probe")
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
		text := enginetest.Get(t, url+"/read?path=/got/link")
		require.NotContains(t, text, "sings")
		require.Contains(t, text, "no such file")
	}

	for flag, says := range map[string]string{"ssh": "ssh", "secret,id=pip,required=true": "pip"} {
		e, req := buildable(t, "FROM scratch\nCOPY probe /\nRUN --mount=type="+flag+",target=/x [\"/probe\", \"list\", \"/x\", \"/list\"]\nCMD [\"/probe\", \"serve\"]\n")
		err := e.Build(t.Context(), req, io.Discard)
		require.ErrorContains(t, err, says)
	}
}
