package engine

import (
	"context"
	"errors"
	"io"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/pkg/stdcopy"
)

// tailLines bounds what the engine sends of a log: 64 KiB would take lines of
// 32 bytes. An entry without a newline is at most 16 KiB.
const tailLines = "2000"

// Logs reads the end of the log through a buffer of limit bytes, however long
// its lines are.
func (d *dockerEngine) Logs(ctx context.Context, id string, limit int) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	log, err := d.api.ContainerLogs(ctx, id, container.LogsOptions{ShowStdout: true, ShowStderr: true, Tail: tailLines})
	if err != nil {
		return nil, d.fault(err, "reading the log of container %q", id)
	}
	defer log.Close()
	last := &Tail{Limit: limit}
	if _, err := stdcopy.StdCopy(last, last, log); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return last.Bytes(), d.fault(err, "reading the log of container %q", id)
	}
	return last.Bytes(), nil
}
