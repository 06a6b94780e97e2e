package source_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/source"
)

// The command runs in the context, without a shell, with the gate's own
// environment, and may write the Dockerfile.
func TestPrepare(t *testing.T) {
	b, fake, asked := buildable(t)
	t.Setenv("PREPARE_TEST", "from the environment")
	require.NoError(t, os.Remove(b.Source.Build.Dockerfile))
	b.Source.Build.Prepare = []string{"sh", "-c", `echo "$PREPARE_TEST"; echo FROM scratch > Dockerfile; test "$1" = '$(false)'`, "sh", "$(false)"}
	at := with(fake, machine(t))
	at.Session = nil
	b.Source.Build.Tag = "app:1"
	_, err := source.Open(t.Context(), b, at)
	require.NoError(t, err)
	require.Len(t, *asked, 1)
	require.Contains(t, at.Progress.(*bytes.Buffer).String(), "from the environment\n")
}

func TestPrepareThatFails(t *testing.T) {
	b, fake, asked := buildable(t)
	b.Source.Build.Prepare = []string{"sh", "-c", "for i in $(seq 1000); do echo line $i; done; echo broken >&2; exit 7"}
	_, err := source.Open(t.Context(), b, with(fake, machine(t)))
	var failed *source.PrepareError
	require.ErrorAs(t, err, &failed)
	require.Equal(t, 7, failed.Status)
	require.ErrorContains(t, err, "exit status 7")
	require.Contains(t, failed.Output, "line 1000\nbroken")
	require.NotContains(t, failed.Output, "line 900\n")
	require.NotEmpty(t, failed.Hint())
	require.Empty(t, *asked)

	b.Source.Build.Prepare = []string{"no-such-command-anywhere"}
	_, err = source.Open(t.Context(), b, with(fake, machine(t)))
	require.ErrorAs(t, err, &failed)
	require.Equal(t, -1, failed.Status)
}

// D8: with the run the command goes, and what the command started.
func TestPrepareIsStopped(t *testing.T) {
	b, fake, _ := buildable(t)
	late := filepath.Join(t.TempDir(), "late")
	b.Source.Build.Prepare = []string{"sh", "-c", `trap "" TERM; (sleep 20; touch "$1") & wait; sleep 20; touch "$1"`, "sh", late}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err := source.Open(ctx, b, with(fake, machine(t)))
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Less(t, time.Since(start), 10*time.Second)
	require.NoFileExists(t, late)
}
