package engine_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/network"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/engine/enginetest"
)

func TestEngineSandbox(t *testing.T) {
	e := open(t)
	ref := held(t, e, v1.Config{Cmd: []string{"/probe", "serve"}, Env: []string{"FROM_IMAGE=1", "LEVEL=image"}, Volumes: map[string]struct{}{"/data": {}}})
	t.Setenv("IMAGE_BUDGET_CANARY", "canary")
	t.Setenv("HTTP_PROXY", "http://canary.invalid:1")
	configured(t, `{"proxies": {"default": {"httpProxy": "http://canary.invalid:2"}}}`)

	neighbour := bridged(t, e, ref)
	for _, test := range []struct {
		name      string
		strict    bool
		capEff    bool
		mayWrite  bool
		reachable bool
	}{
		{"standard", false, true, true, true},
		{"strict", true, false, false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			docker := raw(t)
			name := enginetest.Name()
			url := run(t, e, engine.Container{Name: name, Image: ref, Strict: test.strict,
				Env: map[string]string{"LEVEL": "declared", "EMPTY": ""}})

			t.Run("D1 privileges", func(t *testing.T) {
				status := enginetest.Get(t, url+"/read?path=/proc/self/status")
				require.Equal(t, "1", field(status, "NoNewPrivs"))
				require.Equal(t, "2", field(status, "Seccomp"))
				require.Equal(t, test.capEff, strings.Trim(field(status, "CapEff"), "0") != "")
				require.Equal(t, test.mayWrite, enginetest.Get(t, url+"/write?path=/new") == "")
				require.Equal(t, test.strict, enginetest.Get(t, url+"/write?path=/tmp/new") == "", "/tmp is there in strict only")
				require.NotEmpty(t, enginetest.Get(t, url+"/read?path=/var/run/docker.sock"))
			})
			t.Run("D5 published on loopback only", func(t *testing.T) {
				inspected, err := docker.ContainerInspect(t.Context(), name)
				require.NoError(t, err)
				published := 0
				for _, bindings := range inspected.NetworkSettings.Ports {
					for _, binding := range bindings {
						published++
						require.Equal(t, "127.0.0.1", binding.HostIP)
					}
				}
				require.Equal(t, test.strict, published == 0)
				for _, mount := range inspected.Mounts {
					require.EqualValues(t, "volume", mount.Type)
				}
				require.Empty(t, inspected.HostConfig.Devices)
				require.False(t, inspected.HostConfig.Privileged)
			})
			t.Run("D6 environment", func(t *testing.T) {
				var env []string
				require.NoError(t, json.Unmarshal([]byte(enginetest.Get(t, url+"/env")), &env))
				for _, want := range []string{"FROM_IMAGE=1", "LEVEL=declared", "EMPTY="} {
					require.Contains(t, env, want)
				}
				for _, variable := range env {
					key, _, _ := strings.Cut(variable, "=")
					require.Contains(t, []string{"FROM_IMAGE", "LEVEL", "EMPTY", "PATH", "HOSTNAME", "HOME", "TERM", "container"}, key, "declared, the image's, or an engine's own")
				}
			})
			t.Run("D3 a way out in standard, none in strict", func(t *testing.T) {
				require.Equal(t, test.reachable, enginetest.Get(t, url+"/dial?address="+neighbour) == "")
				require.NotEmpty(t, enginetest.Get(t, url+"/lookup?name=image-budget.invalid"))
			})
			t.Run("D10 nothing stays, no volume and no network", func(t *testing.T) {
				inspected, err := docker.ContainerInspect(t.Context(), name)
				require.NoError(t, err)
				require.Len(t, inspected.Mounts, 1)
				_, err = docker.VolumeInspect(t.Context(), inspected.Mounts[0].Name)
				require.NoError(t, err)
				require.NoError(t, e.RemoveContainer(t.Context(), inspected.ID))
				_, err = docker.VolumeInspect(t.Context(), inspected.Mounts[0].Name)
				require.True(t, errdefs.IsNotFound(err), "volume: %v", err)
				_, err = docker.NetworkInspect(t.Context(), name, network.InspectOptions{})
				require.True(t, errdefs.IsNotFound(err), "network: %v", err)
			})
		})
	}
}

// bridged is the address of a service in another container, one hop away for
// whoever may leave the network of its own.
func bridged(t *testing.T, e engine.Engine, ref string) string {
	t.Helper()
	name := enginetest.Name()
	enginetest.Get(t, run(t, e, engine.Container{Name: name, Image: ref})+"/health")
	inspected, err := raw(t).ContainerInspect(t.Context(), name)
	require.NoError(t, err)
	for _, endpoint := range inspected.NetworkSettings.Networks {
		return endpoint.IPAddress + ":8000"
	}
	return ""
}

// field is one of /proc/PID/status.
func field(status, name string) string {
	for line := range strings.Lines(status) {
		if key, value, ok := strings.Cut(line, ":"); ok && key == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
