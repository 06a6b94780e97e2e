package engine

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/docker/cli/cli/config"
	"github.com/opencontainers/go-digest"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image"
)

// scripted is an engine of canned answers, by method and path without the API
// version; the DOCKER_HOST of the test points to it.
func scripted(t *testing.T, answers map[string]string) *dockerEngine {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := r.URL.Path
		if rest, ok := strings.CutPrefix(path, "/v1."); ok {
			path = rest[strings.Index(rest, "/"):]
		}
		answer, ok := answers[path]
		if !ok {
			http.Error(w, `{"message": "page not found"}`, http.StatusNotFound)
			return
		}
		w.Header().Set("Api-Version", answers["api"])
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(server.Close)
	t.Setenv("DOCKER_HOST", "tcp://"+server.Listener.Addr().String())
	e, err := OpenDocker(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { _ = e.Close() })
	return e.(*dockerEngine)
}

// The same gate runs on every engine that speaks the API; only what it says of
// itself tells them apart.
func TestAbout(t *testing.T) {
	for _, test := range []struct {
		name, api, version, info string
		want                     About
	}{
		{
			"Engine 20.10", "1.41",
			`{"Version": "20.10.24+dfsg1", "ApiVersion": "1.41", "Os": "linux", "Arch": "amd64", "Components": [{"Name": "Engine", "Version": "20.10.24+dfsg1"}]}`,
			`{"Driver": "overlay2", "DriverStatus": [["Backing Filesystem", "extfs"]]}`,
			About{Name: "Docker Engine", Version: "20.10.24+dfsg1", Store: "overlay2", APIVersion: "1.41", BuildKit: true, Parts: map[string]string{"Engine": "20.10.24+dfsg1"}},
		},
		{
			"Engine 29 with the containerd store", "1.52",
			`{"Version": "29.1.2", "ApiVersion": "1.52", "MinAPIVersion": "1.44", "Os": "linux", "Arch": "amd64", "Components": [{"Name": "Engine", "Version": "29.1.2"}]}`,
			`{"Driver": "overlayfs", "DriverStatus": [["driver-type", "io.containerd.snapshotter.v1"]]}`,
			About{Name: "Docker Engine", Version: "29.1.2", Store: "containerd overlayfs", APIVersion: "1.51", ZstdLayers: true, BuildKit: true, Parts: map[string]string{"Engine": "29.1.2"}},
		},
		{
			"Podman 4.3", "1.41",
			`{"Version": "4.3.1", "ApiVersion": "1.41", "Os": "linux", "Arch": "amd64", "Components": [{"Name": "Podman Engine", "Version": "4.3.1"}, {"Name": "Conmon", "Version": "2.1.6"}]}`,
			`{"Driver": "overlay", "DriverStatus": [["Native Overlay Diff", "true"]]}`,
			About{Name: "Podman Engine", Version: "4.3.1", Store: "overlay", APIVersion: "1.41", ZstdLayers: true, Parts: map[string]string{"Podman Engine": "4.3.1", "Conmon": "2.1.6"}},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := scripted(t, map[string]string{"api": test.api, "/_ping": "OK", "/version": test.version, "/info": test.info})
			got, err := d.About(t.Context())
			require.NoError(t, err)
			test.want.Platform = image.Platform{OS: "linux", Architecture: "amd64"}
			test.want.Host, test.want.Local = os.Getenv("DOCKER_HOST"), true
			require.Equal(t, test.want, got)
		})
	}
}

func TestBuildWithoutBuildKit(t *testing.T) {
	d := scripted(t, map[string]string{"api": "1.41", "/_ping": "OK", "/version": `{"ApiVersion": "1.41", "Os": "linux", "Components": [{"Name": "Podman Engine"}]}`})
	err := d.Build(t.Context(), BuildRequest{Name: "x"}, io.Discard)
	var unsupported *Unsupported
	require.ErrorAs(t, err, &unsupported)
	require.Contains(t, unsupported.Error(), "BuildKit")
	require.Contains(t, unsupported.Hint(), "archive")
}

func TestOpenDockerUnavailable(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	for _, test := range []struct{ name, host, hint string }{
		{"no socket", "unix://" + filepath.Join(t.TempDir(), "none.sock"), "start the engine"},
		{"nothing listens", "tcp://" + closed.Addr().String(), "start the engine"},
		{"no address", "nonsense", "DOCKER_HOST"},
		{"an address that only the command line knows", "ssh://user@host.invalid", "DOCKER_HOST"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("DOCKER_HOST", test.host)
			_, err := Open(t.Context())
			var unavailable *Unavailable
			require.ErrorAs(t, err, &unavailable)
			require.Contains(t, unavailable.Hint(), test.hint)
		})
	}
}

// D22: an API older than 1.40 is refused, and an engine that takes the
// connection and never answers does not hold the gate up.
func TestOpenDockerUnfit(t *testing.T) {
	t.Run("too old", func(t *testing.T) {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Api-Version", "1.38")
			_, _ = io.WriteString(w, `{"ApiVersion": "1.38"}`)
		}))
		t.Cleanup(server.Close)
		t.Setenv("DOCKER_HOST", "tcp://"+server.Listener.Addr().String())
		_, err := OpenDocker(t.Context())
		require.ErrorContains(t, err, "1.40")
	})
	t.Run("mute", func(t *testing.T) {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		t.Cleanup(func() { _ = listener.Close() })
		t.Setenv("DOCKER_HOST", "tcp://"+listener.Addr().String())
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		_, err = OpenDocker(ctx)
		var unavailable *Unavailable
		require.ErrorAs(t, err, &unavailable)
	})
}

func TestUnavailableHint(t *testing.T) {
	denied := &Unavailable{Host: "unix:///x", Err: &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", fs.ErrPermission)}}
	require.Contains(t, denied.Hint(), "docker group")
}

func TestDockerContext(t *testing.T) {
	before, dir := config.Dir(), t.TempDir()
	t.Cleanup(func() { config.SetDir(before) })
	config.SetDir(dir)
	t.Setenv("DOCKER_HOST", "")
	require.NoError(t, os.Unsetenv("DOCKER_HOST"))
	t.Setenv("DOCKER_CONTEXT", "")
	socket := "unix://" + filepath.Join(dir, "other.sock")
	meta := filepath.Join(dir, "contexts", "meta", digest.FromString("other").Encoded())
	require.NoError(t, os.MkdirAll(meta, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(meta, "meta.json"), []byte(`{"Name": "other", "Endpoints": {"docker": {"Host": "`+socket+`"}}}`), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "config.json"), []byte(`{"currentContext": "other"}`), 0o600))

	_, err := OpenDocker(t.Context())
	var unavailable *Unavailable
	require.ErrorAs(t, err, &unavailable)
	require.Equal(t, socket, unavailable.Host)

	t.Setenv("DOCKER_CONTEXT", "nowhere")
	_, err = OpenDocker(t.Context())
	require.ErrorAs(t, err, &unavailable)
	require.Contains(t, unavailable.Host, "nowhere")
}

func TestLastWord(t *testing.T) {
	for _, test := range []struct{ name, stream, want string }{
		{"complete", `{"status":"Pulling"}` + "\r\n" + `{"status":"Digest: sha256:0"}`, ""},
		{"docker's error", `{"status":"Pulling"}{"errorDetail":{"message":"no space left on device"},"error":"no space left on device"}`, "no space left on device"},
		{"podman's error", `{"status":"Pulling"}{"error":"unexpected EOF"}`, "unexpected EOF"},
		{"cut", `{"status":"Pul`, "reading the engine's progress"},
		{"empty", ``, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := lastWord(strings.NewReader(test.stream))
			if test.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, test.want)
		})
	}
}

func TestTail(t *testing.T) {
	last := &Tail{Limit: 5}
	for _, text := range []string{"", "a", "bcd", "efghijklmnopq", "rs", "tuvw", "xyz"} {
		n, err := last.Write([]byte(text))
		require.NoError(t, err)
		require.Len(t, text, n)
		require.LessOrEqual(t, len(last.kept), 10)
	}
	require.Equal(t, "vwxyz", string(last.Bytes()))
}

func TestErrorsAreBounded(t *testing.T) {
	err := bounded{errors.New(strings.Repeat("x", 1<<20))}
	require.Less(t, len(err.Error()), 5<<10)
	require.True(t, utf8.ValidString(bound(strings.Repeat("x", maxErrorText-1)+"ä")), "no character is split")
}
