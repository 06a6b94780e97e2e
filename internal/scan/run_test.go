package scan

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// standIn puts a script called trivy on PATH, alone.
func standIn(t *testing.T, script string) (folder string) {
	t.Helper()
	bin := t.TempDir()
	if script != "" {
		require.NoError(t, os.WriteFile(filepath.Join(bin, "trivy"), []byte("#!/bin/sh\n"+script+"\n"), 0o755))
	}
	t.Setenv("PATH", bin+":/bin:/usr/bin")
	return t.TempDir()
}

func TestRunTrivy(t *testing.T) {
	report, err := filepath.Abs("testdata/trivy.json")
	require.NoError(t, err)
	r, err := RunTrivy(t.Context(), standIn(t, `test "$1 $2 $3" = "image --input image" && cp `+report+` report.json`))
	require.NoError(t, err)
	require.Equal(t, "2 critical", Count(r.Findings).String())
}

// TestRunTrivyFails: whatever goes wrong with it is told with its last lines, and is no
// fault of the user's files.
func TestRunTrivyFails(t *testing.T) {
	for _, c := range []struct{ name, script, text string }{
		{"an exit status", "echo FATAL no database >&2; exit 1", "running trivy: exit status 1; its last lines:\nFATAL no database"},
		{"a signal", "kill -9 $$", "running trivy: signal: killed"},
		{"no report", "echo done", `there is no scan report "report.json"; its last lines:` + "\ndone"},
		{"half a report", "echo '{' > report.json", "it is not JSON, or cut short"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := RunTrivy(t.Context(), standIn(t, c.script))
			var fault *RunError
			require.ErrorAs(t, err, &fault)
			require.Contains(t, err.Error(), c.text)
			require.NotEmpty(t, fault.Hint())
			var user interface{ UserFault() }
			require.False(t, errors.As(err, &user))
		})
	}
}

func TestRunTrivyTellsTheEnd(t *testing.T) {
	_, err := RunTrivy(t.Context(), standIn(t, `i=0; while test $i -lt 2000; do i=$((i+1)); echo "line $i" >&2; done; exit 3`))
	var fault *RunError
	require.ErrorAs(t, err, &fault)
	require.Equal(t, 3, fault.Status)
	require.Len(t, strings.Split(fault.Output, "\n"), maxLines)
	require.True(t, strings.HasSuffix(fault.Output, "\nline 2000"))
}

func TestRunTrivyNotInstalled(t *testing.T) {
	folder := standIn(t, "")
	t.Setenv("PATH", t.TempDir())
	_, err := RunTrivy(t.Context(), folder)
	var missing *NotInstalledError
	require.ErrorAs(t, err, &missing)
	require.Contains(t, missing.Hint(), "install trivy")
}

// TestRunTrivyEnds with its context, and so does what it started.
func TestRunTrivyEnds(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	began := time.Now()
	_, err := RunTrivy(ctx, standIn(t, "sleep 60 & wait"))
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Less(t, time.Since(began), 10*time.Second)
}

func TestAbsolute(t *testing.T) {
	here, err := filepath.Abs(".trivycache")
	require.NoError(t, err)
	got, err := absolute([]string{"TRIVY_CACHE_DIR=.trivycache/", "TRIVY_CONFIG=", "TRIVY_IGNOREFILE=/etc/ignore", "TRIVY_USERNAME=a", "X=.trivycache"})
	require.NoError(t, err)
	require.Equal(t, []string{"TRIVY_CACHE_DIR=" + here, "TRIVY_CONFIG=", "TRIVY_IGNOREFILE=/etc/ignore", "TRIVY_USERNAME=a", "X=.trivycache"}, got)
}
