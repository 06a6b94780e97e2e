package cli

import (
	"encoding/base64"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/image/imagetest"
)

// What nobody may read: a registry's password, a token of the environment, and the
// signature of an address.
const (
	password  = "canary-password-9f2c"
	jobToken  = "canary-token-77ab"
	signature = "canary-signature-51de"
)

// TestCredentialsStaySecret (C5) pulls from a registry that asks for a password and
// sends on to signed addresses, and fails in every way: what the user reads, every
// report and whatever is kept has none of them.
func TestCredentialsStaySecret(t *testing.T) {
	signed := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/storage?X-Amz-Signature="+signature, http.StatusTemporaryRedirect)
	}
	for name, storage := range map[string]http.HandlerFunc{
		"refused": func(w http.ResponseWriter, r *http.Request) {
			http.Error(w, "denied: "+r.URL.String(), http.StatusForbidden)
		},
		"cut": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "100000")
			fmt.Fprint(w, "short")
		},
		"other bytes": func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, strings.Repeat("x", 300)) },
		"no HTTP": func(w http.ResponseWriter, r *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				fmt.Fprintf(conn, "garbage for %s\r\n\r\n", r.URL)
				conn.Close()
			}
		},
		"round in circles": signed,
		"to nowhere": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/storage?X-Amz-Signature="+signature, http.StatusTemporaryRedirect)
		},
		"verbose": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, `{"errors":[{"code":"DENIED","message":"user robot with %s at %s"}]}`, password, r.URL)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			host := privateRegistry(t, signed, storage)
			s.logIn(host)
			s.write("budgets/app.yaml", "version: 1\nimage: app\npull: "+host+"/acme/app:1\nmetrics: {size: {}}\n")
			got := s.run("check", "--format", "json", "-o", "html=out.html", "-o", "markdown=out.md", "-o", "text=out.txt")
			require.Equal(t, statusUnmeasured, got.status, got.stdout+got.stderr)
			s.requireSecret(got)
			s.requireSecret(s.run("explain", "docker://"+host+"/acme/app:1"))
		})
	}
	t.Run("wrong password", func(t *testing.T) {
		s := newScene(t)
		host := privateRegistry(t, signed, signed)
		s.logIn(host, "wrong-"+password)
		got := s.run("measure", "docker://"+host+"/acme/app:1")
		require.Equal(t, statusUnmeasured, got.status)
		require.Contains(t, got.stdout+got.stderr, "docker login")
		s.requireSecret(got)
	})
}

// privateRegistry holds acme/app:1 for those who know the password; its blobs are
// behind signed, at storage.
func privateRegistry(t *testing.T, signed, storage http.HandlerFunc) (host string) {
	t.Helper()
	open := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(open.Close)
	ref, err := name.ParseReference(strings.TrimPrefix(open.URL, "http://") + "/acme/app:1")
	require.NoError(t, err)
	img := imagetest.Image(t, image.Platform{OS: "linux", Architecture: "amd64"}, imagetest.Tar(t, imagetest.File("app", "app")))
	require.NoError(t, remote.Write(ref, img))
	closed := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, given, _ := r.BasicAuth()
		switch {
		case r.URL.Path == "/storage":
			storage(w, r)
		case given != password:
			w.Header().Set("WWW-Authenticate", `Basic realm="acme"`)
			http.Error(w, `{"errors":[{"code":"UNAUTHORIZED","message":"not with `+given+`"}]}`, http.StatusUnauthorized)
		case strings.Contains(r.URL.Path, "/blobs/"):
			signed(w, r)
		default:
			open.Config.Handler.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(closed.Close)
	return strings.TrimPrefix(closed.URL, "http://")
}

// logIn is docker login, and a job's token in the environment.
func (s scene) logIn(host string, with ...string) {
	s.t.Helper()
	s.t.Setenv("GITHUB_TOKEN", jobToken)
	auth := base64.StdEncoding.EncodeToString([]byte("robot:" + strings.Join(append(with, password)[:1], "")))
	require.NoError(s.t, os.Mkdir(s.path("home/.docker"), 0o700))
	s.write("home/.docker/config.json", fmt.Sprintf(`{"auths":{%q:{"auth":%q}}}`, host, auth))
}

// requireSecret looks at all that a run said, wrote and kept.
func (s scene) requireSecret(got ran) {
	s.t.Helper()
	secret := func(where, text string) {
		for _, canary := range []string{password, jobToken, signature, base64.StdEncoding.EncodeToString([]byte("robot:" + password))} {
			require.NotContains(s.t, text, canary, where)
		}
	}
	secret("stdout", got.stdout)
	secret("stderr", got.stderr)
	for _, path := range s.files("") {
		if strings.HasPrefix(path, filepath.Join("home", ".docker")) {
			continue
		}
		text, err := os.ReadFile(s.path(path))
		require.NoError(s.t, err)
		secret(path, string(text))
	}
}
