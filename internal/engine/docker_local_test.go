package engine

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestIsLocal(t *testing.T) {
	for host, want := range map[string]bool{"unix:///run/x.sock": true, "tcp://localhost:1": true, "tcp://[::1]:1": true, "tcp://192.0.2.1:2376": false, "ssh://host": false} {
		require.Equal(t, want, isLocal(host), host)
	}
}

// An engine behind a local socket may be in a virtual machine or in a network
// of its own, and then no trial can be pulled from here.
func TestSharesLoopback(t *testing.T) {
	const docker, podman = `{"ApiVersion": "1.41", "Os": "linux"}`, `{"ApiVersion": "1.41", "Os": "linux", "Components": [{"Name": "Podman Engine"}]}`
	for _, test := range []struct {
		name, version, info string
		loopback, addresses bool
	}{
		{"rootful", docker, `{"OSType": "linux", "SecurityOptions": ["name=seccomp,profile=default"]}`, true, true},
		{"rootless", docker, `{"OSType": "linux", "SecurityOptions": ["name=seccomp,profile=default", "name=rootless"]}`, false, false},
		{"Docker Desktop", docker, `{"OSType": "linux", "OperatingSystem": "Docker Desktop"}`, false, false},
		{"under another system", docker, `{"OSType": "plan9"}`, false, false},
		{"Podman", podman, `{"OSType": "linux"}`, true, true},
		{"rootless Podman", podman, `{"OSType": "linux", "SecurityOptions": ["name=rootless"]}`, true, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := scripted(t, map[string]string{"api": "1.41", "/_ping": "OK", "/version": test.version, "/info": test.info})
			about, err := d.About(t.Context())
			require.NoError(t, err)
			require.Equal(t, test.loopback, about.Local)
			info, err := d.info(t.Context())
			require.NoError(t, err)
			require.Equal(t, test.addresses, d.reachesContainers(info))

			_, stop, err := d.Serve(t.Context(), http.NotFoundHandler())
			if test.loopback {
				require.NoError(t, err)
				require.NoError(t, stop())
				return
			}
			var unsupported *Unsupported
			require.ErrorAs(t, err, &unsupported)
			require.Contains(t, unsupported.Hint(), "runs as root on this machine")
		})
	}
}
