package engine

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/network"
	"github.com/docker/go-connections/nat"
)

// pidsLimit stops a fork bomb and lets any service through.
const pidsLimit = 256

// defaultLog is plenty for the end of a log, which is all that a fault needs.
const defaultLog = 2 << 20

// sandbox is what every container under trial may use: its share of the
// machine, one port on loopback, and no file of the host's.
func sandbox(spec Container) *container.HostConfig {
	pids := int64(pidsLimit)
	host := &container.HostConfig{
		SecurityOpt: []string{"no-new-privileges"},
		// Two files, since one is emptied when it is full, and the last lines
		// with it.
		LogConfig: container.LogConfig{Type: "json-file", Config: map[string]string{
			"max-size": strconv.FormatInt(cmp.Or(spec.LogSize, defaultLog)/2, 10), "max-file": "2",
		}},
		Resources: container.Resources{
			Memory:     spec.Memory,
			MemorySwap: spec.Memory, // equal to Memory means no swap beside it
			NanoCPUs:   int64(spec.CPUs * 1e9),
			PidsLimit:  &pids,
		},
	}
	if spec.Port != 0 {
		host.PortBindings = nat.PortMap{tcp(spec.Port): {{HostIP: "127.0.0.1"}}}
	}
	return host
}

// confine makes the sandbox strict: no capability, nothing to write but /tmp,
// and only the network of its own, from which nothing is forwarded. Ports are
// not published on such a network.
//
// Engines before 23.0.11, 25.0.5 and 26.0 resolve names for such a container
// from outside it (CVE-2024-29018), hence the resolver that is not there. What
// stays reachable is this machine on the network's gateway; the isolated
// gateway mode of newer engines would also shut out the gate's own probes.
func confine(host *container.HostConfig, networkName string) {
	host.CapDrop = []string{"ALL"}
	host.ReadonlyRootfs = true
	host.Tmpfs = map[string]string{"/tmp": ""}
	host.PortBindings = nil
	host.NetworkMode = container.NetworkMode(networkName)
	host.DNS = []string{"127.0.0.1"}
	host.DNSOptions = []string{"timeout:1", "attempts:1"} // not the 10 s that a resolver takes by default
}

// enclosure labels the networks that enclose made, with the container's name,
// so that none but those is ever removed. Images cannot label a network.
const enclosure = "image-budget.container"

// enclose makes the internal network of a strict container, under its name.
func (d *dockerEngine) enclose(ctx context.Context, name string) error {
	info, err := d.info(ctx)
	if err != nil {
		return err
	}
	if !d.reachesContainers(info) {
		return &Unsupported{
			What: "the strict sandbox, since its containers' addresses cannot be reached from here", Host: d.api.DaemonHost(),
			Fix: "use sandbox: standard, or a rootful Docker Engine on this machine",
		}
	}
	options := network.CreateOptions{Driver: "bridge", Internal: true, Labels: map[string]string{enclosure: name}}
	if _, err := d.api.NetworkCreate(ctx, name, options); err != nil {
		return d.fault(err, "creating network %q", name)
	}
	return nil
}

// disclose removes the network that enclose made for the container, if it did.
func (d *dockerEngine) disclose(ctx context.Context, name string) error {
	found, err := d.api.NetworkInspect(ctx, name, network.InspectOptions{})
	if gone(err) || (err == nil && (found.Name != name || found.Labels[enclosure] != name)) {
		return nil
	}
	if err == nil {
		err = d.api.NetworkRemove(ctx, found.ID)
	}
	if err != nil && !gone(err) {
		return d.fault(err, "removing network %q", name)
	}
	return nil
}

// named is the name without the slash that inspect puts before it.
func named(inspected string) string { return strings.TrimPrefix(inspected, "/") }

func tcp(port int) nat.Port { return nat.Port(strconv.Itoa(port) + "/tcp") }
