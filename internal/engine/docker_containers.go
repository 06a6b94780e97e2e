package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/go-connections/nat"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// createTimeout is plenty for an engine under load: no image is pulled.
const createTimeout = time.Minute

// Create, once begun, is not abandoned when ctx is done: an engine goes on
// making what it was asked for, and a container that appears after the caller
// cleaned up would stay.
func (d *dockerEngine) Create(ctx context.Context, spec Container) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", fmt.Errorf("creating container %q: %w", spec.Name, err)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), createTimeout)
	defer cancel()
	host := sandbox(spec)
	if spec.Strict {
		if err := d.enclose(ctx, spec.Name); err != nil {
			return "", err
		}
		confine(host, spec.Name)
	}
	made, err := d.api.ContainerCreate(ctx, process(spec), host, nil, d.platform(spec), spec.Name)
	if err == nil {
		return made.ID, nil
	}
	faults := []error{d.creationFault(ctx, spec, err)}
	if spec.Strict {
		faults = append(faults, d.disclose(ctx, spec.Name))
	}
	return "", errors.Join(faults...)
}

// creationFault tells a fault of the image's from others: the engine refuses an
// image without a command as it refuses any bad request, with a sentence.
func (d *dockerEngine) creationFault(ctx context.Context, spec Container, err error) error {
	doing := fmt.Sprintf("creating container %q", spec.Name)
	if gone(err) {
		return fmt.Errorf("%s: finding image %q: %w", doing, spec.Image, ErrNoImage)
	}
	held, inspectErr := d.api.ImageInspect(ctx, spec.Image)
	if inspectErr == nil && held.Config != nil && len(spec.Command)+len(held.Config.Entrypoint)+len(held.Config.Cmd) == 0 {
		return &ContainerFault{Err: d.fault(err, "%s", doing)}
	}
	return d.fault(err, "%s", doing)
}

// process is what runs. The image's health check is switched off, since the
// engine would run it beside the trial.
func process(spec Container) *container.Config {
	p := &container.Config{
		Image:       spec.Image,
		Cmd:         spec.Command,
		Labels:      spec.Labels,
		Healthcheck: &container.HealthConfig{Test: []string{"NONE"}},
	}
	for _, name := range slices.Sorted(maps.Keys(spec.Env)) {
		p.Env = append(p.Env, name+"="+spec.Env[name])
	}
	if spec.Port != 0 {
		p.ExposedPorts = nat.PortSet{tcp(spec.Port): {}}
	}
	return p
}

// platform is nil where the API cannot take one, before 1.41, and where it
// would go and pull, on Podman.
func (d *dockerEngine) platform(spec Container) *ocispec.Platform {
	if spec.Platform.OS == "" || d.podman() || !d.atLeast("1.41") {
		return nil
	}
	return &ocispec.Platform{OS: spec.Platform.OS, Architecture: spec.Platform.Architecture, Variant: spec.Platform.Variant}
}

// Start blames the image for what an engine gives the exit codes of a shell to:
// 127, no such command, and 126, a command that cannot be run.
func (d *dockerEngine) Start(ctx context.Context, id string) error {
	err := d.api.ContainerStart(ctx, id, container.StartOptions{})
	if err == nil {
		return nil
	}
	fault := d.fault(err, "starting container %q", id)
	exit, inspectErr := d.Exit(ctx, id)
	noCommand := inspectErr == nil && (exit.Code == 126 || exit.Code == 127)
	if noCommand || errdefs.IsInvalidArgument(err) || (d.podman() && strings.HasSuffix(err.Error(), podmanNoCommand)) {
		return &ContainerFault{Err: fault}
	}
	return fault
}

// Address is the published port, or the container's own address on the network
// that encloses it, where nothing can be published.
func (d *dockerEngine) Address(ctx context.Context, id string, port int) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	c, err := d.api.ContainerInspect(ctx, id)
	if err != nil {
		return "", d.fault(err, "finding the address of container %q", id)
	}
	for _, binding := range c.NetworkSettings.Ports[tcp(port)] {
		return net.JoinHostPort(binding.HostIP, binding.HostPort), nil
	}
	if own := c.NetworkSettings.Networks[named(c.Name)]; own != nil && own.IPAddress != "" {
		return net.JoinHostPort(own.IPAddress, strconv.Itoa(port)), nil
	}
	return "", fmt.Errorf("finding the address of container %q: port %d is not published", id, port)
}

// RemoveContainer takes the name that the container was created under, or its
// ID while it exists. A name also finds the network of a strict container whose
// creation was cut short.
func (d *dockerEngine) RemoveContainer(ctx context.Context, id string) error {
	name := id
	if c, err := d.api.ContainerInspect(ctx, id); err == nil {
		name = named(c.Name)
	} else if !gone(err) {
		return d.fault(err, "removing container %q", id)
	}
	err := d.api.ContainerRemove(ctx, id, container.RemoveOptions{Force: true, RemoveVolumes: true})
	if errdefs.IsConflict(err) { // somebody else's removal is under way
		err = d.awaitGone(ctx, id)
	}
	if err != nil && !gone(err) {
		return d.fault(err, "removing container %q", id)
	}
	return d.disclose(ctx, name)
}
