package engine_test

import (
	"context"
	"testing"
	"time"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/network"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/engine/enginetest"
)

// A log without a newline is kept within bounds by the engine, and its end is
// read within bounds by the gate.
func TestEngineLogFloodD11(t *testing.T) {
	e := open(t)
	if about, err := e.About(t.Context()); err == nil && about.Name == "Podman Engine" {
		t.Skipf("%s: Podman cannot read a log that it has cut in the middle of a line", t.Name())
	}
	ref := held(t, e, v1.Config{Entrypoint: []string{"/probe"}})
	name := enginetest.Name()
	t.Cleanup(func() { require.NoError(t, e.RemoveContainer(context.Background(), name)) })
	id, err := e.Create(t.Context(), engine.Container{Name: name, Image: ref, Command: []string{"flood", "50000000"}, Memory: 64 << 20, CPUs: 1})
	require.NoError(t, err)
	require.NoError(t, e.Start(t.Context(), id))
	require.Eventually(t, func() bool {
		log, err := e.Logs(t.Context(), id, 64<<10)
		require.NoError(t, err)
		require.LessOrEqual(t, len(log), 64<<10)
		return len(log) > 20 && string(log[len(log)-8:]) == "the end\n"
	}, time.Minute, 100*time.Millisecond)
}

// An exit is noticed within a second, however the container came to it.
func TestEngineExitIsNoticedD13(t *testing.T) {
	e := open(t)
	ref := held(t, e, v1.Config{Entrypoint: []string{"/probe"}})
	docker := raw(t)
	for range 5 {
		name := enginetest.Name()
		t.Cleanup(func() { require.NoError(t, e.RemoveContainer(context.Background(), name)) })
		id, err := e.Create(t.Context(), engine.Container{Name: name, Image: ref, Command: []string{"exit", "4"}, Memory: 64 << 20, CPUs: 1})
		require.NoError(t, err)
		exited := e.Exited(t.Context(), id)
		require.NoError(t, e.Start(t.Context(), id))
		require.Equal(t, 4, (<-exited).Code)
		seen := time.Now()
		inspected, err := docker.ContainerInspect(t.Context(), id)
		require.NoError(t, err)
		finished, err := time.Parse(time.RFC3339Nano, inspected.State.FinishedAt)
		require.NoError(t, err)
		require.Less(t, seen.Sub(finished), time.Second)
	}
}

// A file that is not of this architecture starts, and ends at once with the
// reason in its log, or does not start, which names the image as the cause.
func TestEngineForeignArchitectureD13(t *testing.T) {
	e := open(t)
	host, stop, err := e.Serve(t.Context(), newRegistry())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, stop()) })
	ref := host + "/" + enginetest.Name() + ":1"
	push(t, ref, enginetest.ImageOf(t, v1.Config{Entrypoint: []string{"/app"}}, enginetest.Layer(t, "app", 0o755, foreignELF())))
	t.Cleanup(func() { require.NoError(t, e.RemoveImage(context.Background(), ref)) })
	require.NoError(t, e.Pull(t.Context(), ref, platform(t, e)))
	name := enginetest.Name()
	t.Cleanup(func() { require.NoError(t, e.RemoveContainer(context.Background(), name)) })
	id, err := e.Create(t.Context(), engine.Container{Name: name, Image: ref, Memory: 64 << 20, CPUs: 1})
	require.NoError(t, err)
	exited := e.Exited(t.Context(), id)
	if err := e.Start(t.Context(), id); err != nil {
		var fault *engine.ContainerFault
		require.ErrorAs(t, err, &fault)
		require.ErrorContains(t, err, "exec format error")
		return
	}
	require.NotZero(t, (<-exited).Code)
	log, err := e.Logs(t.Context(), id, 1<<10)
	require.NoError(t, err)
	require.Contains(t, string(log), "exec format error")
}

// foreignELF is the header of a program for a machine that nobody has.
func foreignELF() []byte {
	header := make([]byte, 128)
	copy(header, "\x7fELF\x02\x01\x01")
	header[16], header[18], header[20] = 2, 0xfe, 1
	return header
}

// A strict container that cannot be created leaves no network, and one whose
// creation was cut short is removed by its name.
func TestEngineStrictLeavesNoNetwork(t *testing.T) {
	e, docker := open(t), raw(t)
	name := enginetest.Name()
	_, err := e.Create(t.Context(), engine.Container{Name: name, Image: enginetest.Name() + ":none", Command: []string{"/x"}, Strict: true})
	require.ErrorIs(t, err, engine.ErrNoImage)
	requireNoNetwork(t, name)

	ref := held(t, e, v1.Config{Entrypoint: []string{"/probe", "sleep"}})
	id, err := e.Create(t.Context(), engine.Container{Name: name, Image: ref, Strict: true})
	require.NoError(t, err)
	require.NoError(t, docker.ContainerRemove(t.Context(), id, container.RemoveOptions{Force: true}))
	require.NoError(t, e.RemoveContainer(t.Context(), name))
	requireNoNetwork(t, name)
}

// A network of the container's name that the gate did not make stays.
func TestEngineRemoveContainerLeavesForeignNetwork(t *testing.T) {
	e, docker := open(t), raw(t)
	name := enginetest.Name()
	_, err := docker.NetworkCreate(t.Context(), name, network.CreateOptions{Labels: map[string]string{"image-budget.container": "other"}})
	require.NoError(t, err)
	require.NoError(t, e.RemoveContainer(t.Context(), name))
	_, err = docker.NetworkInspect(t.Context(), name, network.InspectOptions{})
	require.NoError(t, err)
	require.NoError(t, docker.NetworkRemove(t.Context(), name))
}

func requireNoNetwork(t *testing.T, name string) {
	t.Helper()
	_, err := raw(t).NetworkInspect(t.Context(), name, network.InspectOptions{})
	require.True(t, errdefs.IsNotFound(err), "network %s: %v", name, err)
}
