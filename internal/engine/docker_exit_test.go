package engine

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// silentWait is an engine that answers a wait when the container has ended and
// not before, not even with a header.
func silentWait(t *testing.T, state string) *dockerEngine {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Api-Version", "1.41")
		switch path := r.URL.Path; {
		case strings.HasSuffix(path, "/wait"):
			_, _ = io.ReadAll(r.Body)
			<-r.Context().Done()
		case strings.HasSuffix(path, "/json"):
			_, _ = io.WriteString(w, state)
		default:
			_, _ = io.WriteString(w, `{"ApiVersion": "1.41"}`)
		}
	}))
	t.Cleanup(server.Close)
	t.Setenv("DOCKER_HOST", "tcp://"+server.Listener.Addr().String())
	e, err := OpenDocker(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { _ = e.Close() })
	return e.(*dockerEngine)
}

// An engine, or a proxy before it, may hold the header of a wait back: the
// container can be started all the same, and its end is seen.
func TestExitedWithoutHeader(t *testing.T) {
	d := silentWait(t, `{"Id": "c", "State": {"StartedAt": "2026-01-02T03:04:05Z", "ExitCode": 7}}`)
	begun := time.Now()
	exited := d.Exited(t.Context(), "c")
	require.Less(t, time.Since(begun), notedTime+5*time.Second)
	select {
	case exit, ok := <-exited:
		require.True(t, ok)
		require.Equal(t, Exit{Code: 7}, exit)
	case <-time.After(10 * time.Second):
		require.Fail(t, "the exit is not noticed")
	}
}

func TestExitOfNothing(t *testing.T) {
	_, err := silentWait(t, `{}`).Exit(t.Context(), "c")
	require.ErrorContains(t, err, `inspecting container "c": the engine says nothing of its state`)
}
