package enginetest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/engine"
)

func runAndRemove(t *testing.T, e engine.Engine) {
	ctx := t.Context()
	ref := pull(t, e, v1.Config{Entrypoint: []string{"/probe"}, Cmd: []string{"exit", "9"}})
	id := create(t, e, engine.Container{Image: ref, Command: []string{"serve"}, Port: 8000})
	before, err := e.Exit(ctx, id)
	require.NoError(t, err)
	require.False(t, before.Running)

	exited := e.Exited(ctx, id)
	require.NoError(t, e.Start(ctx, id))
	address, err := e.Address(ctx, id, 8000)
	require.NoError(t, err)
	require.Contains(t, Get(t, "http://"+address+"/health"), "ok")
	now, err := e.Exit(ctx, id)
	require.NoError(t, err)
	require.True(t, now.Running)
	_, err = e.Address(ctx, id, 8001)
	require.ErrorContains(t, err, "8001")
	require.Empty(t, exited)

	log, err := e.Logs(ctx, id, 64<<10)
	require.NoError(t, err)
	require.Contains(t, string(log), "listening on :8000")
	log, err = e.Logs(ctx, id, 5)
	require.NoError(t, err)
	require.Equal(t, "8000\n", string(log))

	require.NoError(t, e.RemoveContainer(ctx, id))
	select {
	case <-exited:
	case <-time.After(soon):
		require.Fail(t, "the end of a container that was removed is not noticed")
	}
}

// longLog is of lines, since an engine may cut what has none.
func longLog(t *testing.T, e engine.Engine) {
	ref := pull(t, e, v1.Config{Entrypoint: []string{"/probe"}})
	id := create(t, e, engine.Container{Image: ref, Command: []string{"lines", "60000"}, LogSize: 32 << 20})
	var log bytes.Buffer
	require.NoError(t, e.WriteLog(t.Context(), id, &log))
	require.Empty(t, log.Bytes(), "it has not been started")
	exited := e.Exited(t.Context(), id)
	require.NoError(t, e.Start(t.Context(), id))
	select {
	case <-exited:
	case <-time.After(soon):
		require.Fail(t, "it has not ended")
	}
	require.NoError(t, e.WriteLog(t.Context(), id, &log))
	require.Equal(t, 60000, bytes.Count(log.Bytes(), []byte("\n")))
	require.True(t, bytes.HasPrefix(log.Bytes(), []byte("line 1 ")), "its start")
	require.True(t, bytes.HasSuffix(log.Bytes(), []byte("\nline 60000 "+Filler+"\n")), "its end")
	last, err := e.Logs(t.Context(), id, 6)
	require.NoError(t, err)
	require.Equal(t, string(log.Bytes()[log.Len()-6:]), string(last))
	require.Error(t, e.WriteLog(t.Context(), Name(), &log), "there is no such container")
}

// Filler ends each line of probe lines, which are as long as those of a log.
var Filler = strings.Repeat("x", 60)

func exits(t *testing.T, e engine.Engine) {
	ref := pull(t, e, v1.Config{Entrypoint: []string{"/probe"}})
	self, err := e.About(t.Context())
	require.NoError(t, err)
	for _, test := range []struct {
		name    string
		command []string
		want    engine.Exit
		log     string
	}{
		{"0", []string{"exit", "0"}, engine.Exit{Code: 0}, "leaving with 0\n"},
		{"7", []string{"exit", "7"}, engine.Exit{Code: 7}, "leaving with 7\n"},
		{"OOM", []string{"eat"}, engine.Exit{Code: 137, OOMKilled: true}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.want.OOMKilled && self.Name == "Podman Engine" {
				t.Skipf("%s: Podman on cgroup v1 gives the code of an OOM kill but not the flag", t.Name())
			}
			id := create(t, e, engine.Container{Image: ref, Command: test.command})
			exited := e.Exited(t.Context(), id)
			require.NoError(t, e.Start(t.Context(), id))
			select {
			case exit := <-exited:
				require.Equal(t, test.want, exit)
			case <-time.After(soon):
				require.Fail(t, "the exit is not noticed")
			}
			exit, err := e.Exit(t.Context(), id)
			require.NoError(t, err)
			require.Equal(t, test.want, exit)
			log, err := e.Logs(t.Context(), id, 1<<10)
			require.NoError(t, err)
			require.Equal(t, test.log, string(log))
		})
	}
}

func cannotRun(t *testing.T, e engine.Engine) {
	var fault *engine.ContainerFault
	t.Run("no command", func(t *testing.T) {
		ref := pull(t, e, v1.Config{})
		name := Name()
		_, err := e.Create(t.Context(), engine.Container{Name: name, Image: ref})
		require.ErrorAs(t, err, &fault)
		require.ErrorContains(t, err, name)
	})
	t.Run("missing entrypoint", func(t *testing.T) {
		ref := pull(t, e, v1.Config{Entrypoint: []string{"/nowhere"}})
		id := create(t, e, engine.Container{Image: ref})
		err := e.Start(t.Context(), id)
		require.ErrorAs(t, err, &fault)
		require.ErrorContains(t, err, "/nowhere")
	})
	t.Run("missing image", func(t *testing.T) {
		_, err := e.Create(t.Context(), engine.Container{Name: Name(), Image: Name() + ":none", Command: []string{"/probe"}})
		require.ErrorIs(t, err, engine.ErrNoImage)
		require.NotErrorAs(t, err, &fault)
	})
}

func waitCancelled(t *testing.T, e engine.Engine) {
	ref := pull(t, e, v1.Config{Cmd: []string{"/probe", "sleep"}})
	id := create(t, e, engine.Container{Image: ref})
	ctx, cancel := context.WithCancel(t.Context())
	exited := e.Exited(ctx, id)
	require.NoError(t, e.Start(t.Context(), id))
	cancel()
	select {
	case _, open := <-exited:
		require.False(t, open, "closed, and nothing sent")
	case <-time.After(soon):
		require.Fail(t, "it still waits")
	}
}

// Get asks until it is answered, since a port is published before the service
// behind it listens.
func Get(t testing.TB, url string) string {
	t.Helper()
	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	var last error
	for begun := time.Now(); time.Since(begun) < soon; time.Sleep(5 * time.Millisecond) {
		answer, err := client.Get(url)
		if last = err; err != nil {
			continue
		}
		body, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if last = err; err == nil {
			return string(body)
		}
	}
	require.NoError(t, last)
	return ""
}
