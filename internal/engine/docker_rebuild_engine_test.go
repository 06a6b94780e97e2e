package engine_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/docker/docker/api/types"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/engine/enginetest"
)

// A file that changes for one build alone: what ran again is told, and is in the
// image; the next build of the context as it is finds all of it in the cache, and
// the cache holds no more than before.
func TestEngineBuildAgain(t *testing.T) {
	mark := enginetest.Name()
	e, req := buildable(t, "FROM scratch\nLABEL mark="+mark+"\nCOPY probe requirements.txt /\nRUN [\"/probe\", \"work\", \"100ms\", \"/"+mark+"\"]\nCOPY app /app\nRUN [\"/probe\", \"work\", \"300ms\", \"/b\"]\nCMD [\"/probe\", \"serve\"]\n")
	write(t, req.Context, "requirements.txt", "fastapi\n")
	write(t, req.Context, "app/main.py", "print()\n")
	var report engine.BuildReport
	req.Report = func(r engine.BuildReport) { report = r }
	require.NoError(t, e.Build(t.Context(), req, io.Discard))
	require.GreaterOrEqual(t, len(report.Ran), 3, "the first COPY may be there from another run")
	require.NoError(t, e.Build(t.Context(), req, io.Discard))
	require.Empty(t, report.Ran, "nothing has changed")
	before := buildCache(t)

	again := req
	again.Name, again.Forget = enginetest.Name()+":built", true
	t.Cleanup(func() { require.NoError(t, e.RemoveImage(context.Background(), again.Name)) })
	for _, salt := range []string{"\n", "\n \n"} {
		again.Salt = &engine.Salt{Path: "app/main.py", Text: []byte(salt)}
		require.Equal(t, []string{"print()\n" + salt}, builtFiles(t, e, again, "/app/main.py"))
		require.Len(t, report.Ran, 2)
		require.Equal(t, "COPY app /app", report.Ran[0].Name)
		require.Equal(t, `RUN ["/probe", "work", "300ms", "/b"]`, report.Ran[1].Name)
		took := report.Ran[1].Ended.Sub(report.Ran[1].Begun)
		require.Greater(t, took, 300*time.Millisecond)
		require.Greater(t, report.Total, took)
		require.Greater(t, report.Export, time.Duration(0))
	}
	require.Equal(t, before, buildCache(t))
	require.NoError(t, e.Build(t.Context(), req, io.Discard))
	require.Empty(t, report.Ran, "the first build's cache is there")
	content, err := os.ReadFile(filepath.Join(req.Context, "app/main.py"))
	require.NoError(t, err)
	require.Equal(t, "print()\n", string(content))
}

// A build that is interrupted leaves in the cache no more than it found either.
func TestEngineBuildAgainInterrupted(t *testing.T) {
	mark := enginetest.Name()
	e, req := buildable(t, "FROM scratch\nLABEL mark="+mark+"\nCOPY probe /\nCOPY app /app\nRUN [\"/probe\", \"work\", \"3s\", \"/"+mark+"\"]\nCMD [\"/probe\", \"serve\"]\n")
	write(t, req.Context, "app/main.py", "print()\n")
	require.NoError(t, e.Build(t.Context(), req, io.Discard))
	before := buildCache(t)
	req.Forget, req.Salt = true, &engine.Salt{Path: "app/main.py", Text: []byte("\n")}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second) // in the middle of the RUN
	defer cancel()
	require.ErrorIs(t, e.Build(ctx, req, io.Discard), context.DeadlineExceeded)
	require.Equal(t, before, buildCache(t))
}

// buildCache is the records in the engine's build cache.
func buildCache(t *testing.T) []string {
	t.Helper()
	usage, err := raw(t).DiskUsage(t.Context(), types.DiskUsageOptions{Types: []types.DiskUsageObject{types.BuildCacheObject}})
	require.NoError(t, err)
	var ids []string
	for _, record := range usage.BuildCache {
		ids = append(ids, record.ID)
	}
	slices.Sort(ids)
	return ids
}
