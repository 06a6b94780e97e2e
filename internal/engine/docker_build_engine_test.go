package engine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/docker/docker/api/types/filters"
	dockerimage "github.com/docker/docker/api/types/image"
	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/engine/enginetest"
	"github.com/image-budget/image-budget/internal/image"
)

// buildable starts an engine and a context that holds the probe and a
// Dockerfile; name is removed from the engine when the test ends.
func buildable(t *testing.T, dockerfile string) (engine.Engine, engine.BuildRequest) {
	t.Helper()
	e := open(t)
	about, err := e.About(t.Context())
	require.NoError(t, err)
	if !about.BuildKit {
		t.Skipf("%s needs BuildKit, and %s has none", t.Name(), about.Name)
	}
	req := engine.BuildRequest{Name: enginetest.Name() + ":built", Context: t.TempDir(), Args: map[string]string{}}
	req.Dockerfile = filepath.Join(req.Context, "Dockerfile")
	write(t, req.Context, "probe", string(enginetest.Probe(t)))
	write(t, req.Context, "Dockerfile", dockerfile)
	t.Cleanup(func() { require.NoError(t, e.RemoveImage(context.Background(), req.Name)) })
	return e, req
}

func write(t *testing.T, dir, path, content string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, path)), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, path), []byte(content), 0o755))
}

// builtFiles builds an image whose command serves, and reads files out of it.
func builtFiles(t *testing.T, e engine.Engine, req engine.BuildRequest, paths ...string) []string {
	t.Helper()
	require.NoError(t, e.Build(t.Context(), req, io.Discard))
	_, err := e.Image(t.Context(), req.Name)
	require.NoError(t, err)

	url := run(t, e, engine.Container{Image: req.Name})
	var contents []string
	for _, path := range paths {
		contents = append(contents, enginetest.Get(t, url+"/read?path="+path))
	}
	return contents
}

func TestEngineBuild(t *testing.T) {
	e, req := buildable(t, `
FROM scratch AS base
COPY probe /probe
ARG PYTHON=unset
ARG HTTP_PROXY
RUN --mount=type=cache,target=/cache ["/probe", "count", "/cache/n", "/n"]
RUN --mount=type=secret,id=pip ["/probe", "copy", "/run/secrets/pip", "/from-env"]
RUN --mount=type=secret,id=npm ["/probe", "copy", "/run/secrets/npm", "/from-file"]
RUN ["/probe", "env", "/env"]
COPY . /context
RUN ["/probe", "list", "/context", "/list"]
CMD ["/probe", "serve"]
FROM base AS runtime
FROM base AS other
RUN ["/probe", "exit", "1"]
`)
	write(t, req.Context, ".dockerignore", "secret*\n.env\n**/*.pyc\n")
	write(t, req.Context, ".env", "KEY=value")
	write(t, req.Context, "src/app.pyc", "")
	write(t, req.Context, "src/app.py", "print()\n")
	write(t, req.Context, "secret.txt", "s3cret")
	t.Setenv("IMAGE_BUDGET_TEST_TOKEN", "t0ken")
	t.Setenv("HTTP_PROXY", "http://canary.invalid:1")
	t.Setenv("https_proxy", "http://canary.invalid:1")
	configured(t, `{"proxies": {"default": {"httpProxy": "http://canary.invalid:2", "noProxy": "canary"}}}`)
	req.Target = "runtime"
	req.Args["PYTHON"] = "3.12"
	req.Platform = platform(t, e)
	req.Secrets = []engine.Secret{{ID: "pip", Env: "IMAGE_BUDGET_TEST_TOKEN"}, {ID: "npm", File: filepath.Join(req.Context, "secret.txt")}}

	files := builtFiles(t, e, req, "/n", "/from-env", "/from-file", "/env", "/list")
	require.Equal(t, "t0ken", files[1])
	require.Equal(t, "s3cret", files[2])
	require.Contains(t, files[3], `"PYTHON=3.12"`)
	require.NotContains(t, files[3], "canary", "D6: no proxy of the gate's or of the docker config's")
	require.JSONEq(t, `["/context/.dockerignore", "/context/Dockerfile", "/context/probe", "/context/src/app.py"]`, files[4])

	// Another context has the same cache mount, and a build of its own.
	var counted int
	require.NoError(t, json.Unmarshal([]byte(files[0]), &counted))
	write(t, req.Context, "probe", string(enginetest.Probe(t))+"\n")
	again := req
	again.Name = enginetest.Name() + ":built"
	t.Cleanup(func() { require.NoError(t, e.RemoveImage(context.Background(), again.Name)) })
	var recounted int
	require.NoError(t, json.Unmarshal([]byte(builtFiles(t, e, again, "/n")[0]), &recounted))
	require.Equal(t, counted+1, recounted)
}

func TestEngineBuildDockerfileElsewhere(t *testing.T) {
	e, req := buildable(t, "unused")
	req.Dockerfile = filepath.Join(t.TempDir(), "Containerfile.ci")
	write(t, filepath.Dir(req.Dockerfile), "Containerfile.ci", "FROM scratch\nCOPY . /\nRUN [\"/probe\", \"list\", \"/a\", \"/list\"]\nCMD [\"/probe\", \"serve\"]\n")
	write(t, filepath.Dir(req.Dockerfile), "Containerfile.ci.dockerignore", "a/left-out\n")
	write(t, req.Context, "a/left-out", "")
	write(t, req.Context, "a/kept", "")
	require.JSONEq(t, `["/a/kept"]`, builtFiles(t, e, req, "/list")[0])
}

func TestEngineBuildFaults(t *testing.T) {
	for _, test := range []struct {
		name, dockerfile string
		change           func(*engine.BuildRequest)
		line             int
		says             []string
	}{
		{"a command that fails", "FROM scratch\nCOPY probe /\nRUN [\"/probe\", \"exit\", \"3\"]\n", nil, 3, []string{"RUN", "/probe exit 3", "exit code: 3"}},
		{"an unknown instruction", "FROM scratch\nCOYP probe /\n", nil, 2, []string{"COYP"}},
		{"a file that is not there", "FROM scratch\nCOPY missing.txt /\n", nil, 2, []string{"COPY missing.txt /"}},
		{"no such target", "FROM scratch\nCOPY probe /\n", func(r *engine.BuildRequest) { r.Target = "runtime" }, 0, []string{"runtime"}},
		{"no such Dockerfile", "FROM scratch\n", func(r *engine.BuildRequest) { r.Dockerfile += ".gone" }, 0, []string{"Dockerfile.gone"}},
		{"no such context", "FROM scratch\n", func(r *engine.BuildRequest) { r.Context += "-gone" }, 0, []string{"-gone"}},
		{"a secret that is not set", "FROM scratch\n", func(r *engine.BuildRequest) {
			r.Secrets = []engine.Secret{{ID: "pip", Env: "IMAGE_BUDGET_TEST_UNSET"}}
		}, 0, []string{"pip", "IMAGE_BUDGET_TEST_UNSET"}},
		{"a secret that nobody declared", "FROM scratch\nCOPY probe /\nRUN --mount=type=secret,id=pip,required=true [\"/probe\", \"exit\", \"0\"]\n", nil, 3, []string{"RUN", "pip"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			e, req := buildable(t, test.dockerfile)
			if test.change != nil {
				test.change(&req)
			}
			var progress bytes.Buffer
			err := e.Build(t.Context(), req, &progress)
			t.Log(err)
			for _, text := range test.says {
				require.ErrorContains(t, err, text)
			}
			if test.line != 0 {
				var fault *engine.BuildFault
				require.ErrorAs(t, err, &fault)
				if fault.Line != 0 { // BuildKit before 0.9, in Engine 20.10, does not say
					require.Equal(t, test.line, fault.Line)
					require.Equal(t, "Dockerfile", fault.File)
				}
			}
			_, err = e.Image(t.Context(), req.Name)
			require.ErrorIs(t, err, engine.ErrNoImage)
		})
	}
}

// A build leaves its image under the one name, and else only BuildKit's cache,
// which is no image, no container and no volume.
func TestEngineBuildLeavesOnlyItsImage(t *testing.T) {
	mark := enginetest.Name()
	e, req := buildable(t, "FROM scratch\nLABEL mark="+mark+"\nCOPY probe /\nRUN [\"/probe\", \"env\", \"/env\"]\n")
	require.NoError(t, e.Build(t.Context(), req, io.Discard))
	held, err := e.Image(t.Context(), req.Name)
	require.NoError(t, err)
	marked := func() []string {
		images, err := raw(t).ImageList(t.Context(), dockerimage.ListOptions{All: true, Filters: filters.NewArgs(filters.Arg("label", "mark="+mark))})
		require.NoError(t, err)
		var ids []string
		for _, img := range images {
			ids = append(ids, img.ID)
		}
		return ids
	}
	require.Equal(t, []string{held.ID}, marked())
	require.NoError(t, e.RemoveImage(t.Context(), req.Name))
	require.Empty(t, marked())
}

// servePrivately has an image behind basic authentication.
func servePrivately(t *testing.T, e engine.Engine) (host, ref string) {
	t.Helper()
	images := registry.New(registry.Logger(log.New(io.Discard, "", 0)))
	host, stop, err := e.Serve(t.Context(), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != "user" || password != "pass" {
			w.Header().Set("WWW-Authenticate", `Basic realm="test"`)
			http.Error(w, "who are you?", http.StatusUnauthorized)
			return
		}
		images.ServeHTTP(w, r)
	}))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, stop()) })
	ref = host + "/" + enginetest.Name() + ":1"
	parsed, err := name.ParseReference(ref)
	require.NoError(t, err)
	require.NoError(t, remote.Write(parsed, enginetest.Image(t, v1.Config{}), remote.WithAuth(&authn.Basic{Username: "user", Password: "pass"})))
	return host, ref
}

// The base of a build may need the credentials of docker login.
func TestEngineBuildFromPrivateBase(t *testing.T) {
	e, req := buildable(t, "unused")
	host, ref := servePrivately(t, e)
	write(t, req.Context, "Dockerfile", "FROM "+ref+"\nCOPY probe /probe2\n")
	require.Error(t, e.Build(t.Context(), req, io.Discard))
	configured(t, `{"auths": {"`+host+`": {"auth": "dXNlcjpwYXNz"}}}`)
	require.NoError(t, e.Build(t.Context(), req, io.Discard))
}

func platform(t *testing.T, e engine.Engine) image.Platform {
	t.Helper()
	about, err := e.About(t.Context())
	require.NoError(t, err)
	return about.Platform
}
