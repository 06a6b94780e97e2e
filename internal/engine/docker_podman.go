package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"

	"github.com/docker/docker/api/types"

	ours "github.com/image-budget/image-budget/internal/image"
)

// podman is the component that Podman's compatible service calls itself.
const podman = "Podman Engine"

// podmanNoCommand is Podman's ErrOCIRuntimeNotFound, which its service sends as
// an internal error, with no exit code on the container.
const podmanNoCommand = "OCI runtime attempted to invoke a command that was not found"

func (d *dockerEngine) podman() bool {
	_, ok := component(d.server, podman)
	return ok
}

func component(of types.Version, name string) (types.ComponentVersion, bool) {
	for _, part := range of.Components {
		if part.Name == name {
			return part, true
		}
	}
	return types.ComponentVersion{}, false
}

// podmanPull is Podman's own pull, through the same socket: unlike Docker
// Engine it wants TLS of a registry on loopback too, and only this call can
// tell it otherwise. What it answers is the progress of the pull; its messages
// have an error as those of the compatible call do.
// https://docs.podman.io/en/latest/_static/api.html (ImagePullLibpod)
func (d *dockerEngine) podmanPull(ctx context.Context, ref string, platform ours.Platform) (io.ReadCloser, error) {
	query := url.Values{"reference": {ref}, "tlsVerify": {"false"}}
	for key, value := range map[string]string{"OS": platform.OS, "Arch": platform.Architecture, "Variant": platform.Variant} {
		if value != "" {
			query.Set(key, value)
		}
	}
	self, _ := component(d.server, podman)
	version := self.Details["APIVersion"]
	if version == "" {
		version = self.Version
	}
	// The host is not looked up: the dialer knows where the service is.
	address := "http://podman/v" + version + "/libpod/images/pull?" + query.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, nil)
	if err != nil {
		return nil, err
	}
	dial := d.api.Dialer() // which also does TLS, where the service is behind it
	transport := &http.Transport{
		DialContext:       func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx) },
		DisableKeepAlives: true,
	}
	answer, err := transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode == http.StatusOK {
		return answer.Body, nil
	}
	defer answer.Body.Close()
	return nil, podmanFault(answer)
}

// podmanFault is what a refusal says.
func podmanFault(answer *http.Response) error {
	var refusal struct {
		Message string `json:"message"`
	}
	if err := json.NewDecoder(io.LimitReader(answer.Body, 2*maxErrorText)).Decode(&refusal); err != nil || refusal.Message == "" {
		return fmt.Errorf("it answered %s", answer.Status)
	}
	return errors.New(refusal.Message)
}
