package engine

import (
	"context"
	"net"
	"net/url"
	"runtime"
	"slices"
	"strings"

	"github.com/docker/docker/api/types/system"
)

// info is the engine's own description of itself and of its host.
func (d *dockerEngine) info(ctx context.Context) (system.Info, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	info, err := d.api.Info(ctx)
	if err != nil {
		return info, d.fault(err, "asking the engine about itself")
	}
	return info, nil
}

// sharesLoopback reports whether the engine's 127.0.0.1 is this machine's, so
// that it can pull from here. The engine of Docker Desktop, and any under
// another system than its own, is in a virtual machine. Rootless Docker Engine
// has a network of its own; rootless Podman pulls outside that of its
// containers. A socket in the file system tells nothing of either.
func (d *dockerEngine) sharesLoopback(info system.Info) bool {
	return isLocal(d.api.DaemonHost()) && !virtual(info) && (!rootless(info) || d.podman())
}

// reachesContainers reports whether the address of a container means something
// on this machine: not in a virtual machine's or a user's network.
func (d *dockerEngine) reachesContainers(info system.Info) bool {
	return d.sharesLoopback(info) && !rootless(info)
}

func virtual(info system.Info) bool {
	return info.OperatingSystem == "Docker Desktop" || (info.OSType != "" && info.OSType != runtime.GOOS)
}

func rootless(info system.Info) bool {
	return slices.ContainsFunc(info.SecurityOptions, func(option string) bool {
		return strings.HasPrefix(option, "name=rootless")
	})
}

// isLocal: a socket in the file system, or TCP on the loopback interface.
func isLocal(address string) bool {
	host, err := url.Parse(address)
	if err != nil {
		return false
	}
	switch host.Scheme {
	case "unix", "npipe":
		return true
	case "tcp", "http", "https":
		return Loopback(host.Hostname())
	}
	return false
}

// Loopback reports whether a host, a name or an address without a port, is on
// the loopback interface.
func Loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}
