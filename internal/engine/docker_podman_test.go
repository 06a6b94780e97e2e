package engine

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/docker/docker/api/types"
	"github.com/docker/docker/client"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image"
)

// Podman is asked to pull by its own call, the only one that can tell it that
// a registry has no TLS.
func TestPodmanPull(t *testing.T) {
	for _, test := range []struct {
		name   string
		status int
		answer string
		want   string
	}{
		{"pulled", 200, `{"stream":"Trying to pull\n"}{"images":["0"],"id":"0"}`, ""},
		{"failed", 200, `{"stream":"Trying to pull\n"}{"error":"no space left on device"}`, `pulling "127.0.0.1:1/app:1": no space left on device`},
		{"refused", 400, `{"cause":"parse","message":"failed to parse","response":400}`, `pulling "127.0.0.1:1/app:1": failed to parse`},
		{"refused without a word", 404, "Not Found", `pulling "127.0.0.1:1/app:1": it answered 404 Not Found`},
	} {
		t.Run(test.name, func(t *testing.T) {
			var asked string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked = r.Method + " " + r.URL.String()
				w.WriteHeader(test.status)
				_, _ = io.WriteString(w, test.answer)
			}))
			t.Cleanup(server.Close)
			err := podmanAt(t, server.Listener.Addr()).Pull(t.Context(), "127.0.0.1:1/app:1", image.Platform{OS: "linux", Architecture: "arm64", Variant: "v8"})
			require.Equal(t, "POST /v4.3.1/libpod/images/pull?Arch=arm64&OS=linux&Variant=v8&reference=127.0.0.1%3A1%2Fapp%3A1&tlsVerify=false", asked)
			if test.want == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, test.want)
		})
	}
}

// D22: a service that is gone is no fault of the image's.
func TestPodmanPullUnavailable(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	var unavailable *Unavailable
	require.ErrorAs(t, podmanAt(t, listener.Addr()).Pull(t.Context(), "127.0.0.1:1/app:1", image.Platform{}), &unavailable)
}

func podmanAt(t *testing.T, address net.Addr) *dockerEngine {
	t.Helper()
	api, err := client.NewClientWithOpts(client.WithHost("tcp://" + address.String()))
	require.NoError(t, err)
	return &dockerEngine{api: api, server: types.Version{Components: []types.ComponentVersion{
		{Name: podman, Version: "4.3.1", Details: map[string]string{"APIVersion": "4.3.1"}},
	}}}
}
