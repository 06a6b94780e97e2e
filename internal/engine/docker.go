package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"strings"
	"time"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types"
	"github.com/docker/docker/api/types/versions"
	"github.com/docker/docker/client"

	"github.com/image-budget/image-budget/internal/image"
)

// oldestAPI is that of Docker Engine 19.03.
const oldestAPI = "1.40"

// answerTimeout bounds every question whose answer takes no work.
const answerTimeout = 25 * time.Second

// dockerEngine is an engine behind Docker's HTTP API: Docker Engine with either
// store, or Podman's compatible service. It follows the API's documentation,
// versions 1.40 to the newest: https://docs.docker.com/reference/api/engine/
type dockerEngine struct {
	api    *client.Client
	server types.Version
}

// OpenDocker reaches the engine that DOCKER_HOST or the docker command line's
// context names, or else the one on the default socket, and agrees on an API
// version with it. The error is an *Unavailable.
func OpenDocker(ctx context.Context) (Engine, error) {
	options, err := dockerHost()
	if err != nil {
		return nil, err
	}
	api, err := client.NewClientWithOpts(append(options, client.WithAPIVersionNegotiation())...)
	if err != nil {
		return nil, &Unavailable{Host: "DOCKER_HOST", Err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	d := &dockerEngine{api: api}
	if _, err := api.Ping(ctx); err != nil {
		_ = api.Close()
		return nil, &Unavailable{Host: api.DaemonHost(), Err: err}
	}
	if d.server, err = api.ServerVersion(ctx); err != nil {
		_ = api.Close()
		return nil, &Unavailable{Host: api.DaemonHost(), Err: err}
	}
	if versions.LessThan(api.ClientVersion(), oldestAPI) {
		_ = api.Close()
		return nil, &Unavailable{Host: api.DaemonHost(), Err: fmt.Errorf("it speaks API %s, and %s is the oldest that will do", api.ClientVersion(), oldestAPI)}
	}
	return d, nil
}

func (d *dockerEngine) Close() error { return d.api.Close() }

func (d *dockerEngine) About(ctx context.Context) (About, error) {
	system, err := d.info(ctx)
	if err != nil {
		return About{}, err
	}
	about := About{
		Name:       "Docker Engine",
		Version:    d.server.Version,
		Store:      system.Driver,
		APIVersion: d.api.ClientVersion(),
		Platform:   image.Platform{OS: d.server.Os, Architecture: d.server.Arch},
		BuildKit:   d.buildKit(),
		Host:       d.api.DaemonHost(),
		Local:      d.sharesLoopback(system),
		Parts:      map[string]string{},
		Warnings:   system.Warnings,
	}
	for _, part := range d.server.Components {
		about.Parts[part.Name] = part.Version
	}
	if d.podman() {
		about.Name = podman
	}
	containerd := snapshotter(system.DriverStatus)
	if containerd {
		about.Store = "containerd " + system.Driver
	}
	about.ZstdLayers = containerd || d.podman() || d.atLeast("1.42")
	return about, nil
}

// atLeast compares the newest API version that the engine speaks, which tells
// its release: 1.41 is Engine 20.10, 1.42 is 23.0, the first to unpack zstd.
func (d *dockerEngine) atLeast(version string) bool {
	return versions.GreaterThanOrEqualTo(d.server.APIVersion, version)
}

// buildKit does not go by the Builder-Version header of a ping: 20.10 sends the
// classic builder's there unless it is configured otherwise, and has BuildKit.
func (d *dockerEngine) buildKit() bool {
	return !d.podman() && d.server.Os == "linux" && d.atLeast("1.39")
}

// snapshotter reports whether containerd's image store is in use. The engine
// says so only in the driver's status.
func snapshotter(status [][2]string) bool {
	for _, pair := range status {
		if pair[0] == "driver-type" && strings.HasPrefix(pair[1], "io.containerd.snapshotter") {
			return true
		}
	}
	return false
}

// fault says what was being done when the engine refused, or that no engine
// answers any more.
func (d *dockerEngine) fault(err error, doing string, args ...any) error {
	doing = fmt.Sprintf(doing, args...)
	var dialing *net.OpError
	refused := errors.As(err, &dialing) && dialing.Op == "dial"
	if refused || client.IsErrConnectionFailed(err) || errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%s: %w", doing, &Unavailable{Host: d.api.DaemonHost(), Err: err})
	}
	return fmt.Errorf("%s: %w", doing, bounded{err})
}

// gone reports whether the engine says that there is no such object.
func gone(err error) bool { return errdefs.IsNotFound(err) }

// bounded is an error whose text an engine took from an image or a registry and
// may be as long as they like.
type bounded struct{ error }

const maxErrorText = 4 << 10

func (b bounded) Unwrap() error { return b.error }

func (b bounded) Error() string { return bound(b.error.Error()) }

func bound(text string) string {
	if len(text) > maxErrorText {
		return strings.ToValidUTF8(text[:maxErrorText], "") + " (cut)"
	}
	return text
}
