package engine

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// Serve listens on a free loopback port, which a local engine reaches and takes
// for a registry without TLS: engines treat 127.0.0.0/8 as insecure by default.
func (d *dockerEngine) Serve(ctx context.Context, registry http.Handler) (string, func() error, error) {
	info, err := d.info(ctx)
	if err != nil {
		return "", nil, err
	}
	if !d.sharesLoopback(info) {
		return "", nil, &Unsupported{
			What: "pulling from this machine, whose loopback interface is not its own: it is elsewhere, in a virtual machine, or rootless", Host: d.api.DaemonHost(),
			Fix: "set DOCKER_HOST to a Docker Engine that runs as root on this machine, or leave out the timed metrics with --no-run",
		}
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, fmt.Errorf("serving a registry on loopback: %w", err)
	}
	// No write timeout: a shaped link may take as long as it must over a blob.
	server := &http.Server{Handler: registry, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	stop := sync.OnceValue(func() error { return stopServer(server, served) })
	return listener.Addr().String(), stop, nil
}

// stopServer lets answers that are under way end, though not for long.
func stopServer(server *http.Server, served <-chan error) error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	err := server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = server.Close()
	}
	if end := <-served; !errors.Is(end, http.ErrServerClosed) {
		err = errors.Join(err, end)
	}
	return err
}
