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
	last := &Tail{Limit: limit}
	err := d.copyLog(ctx, id, tailLines, last)
	return last.Bytes(), err
}

// WriteLog reads the log from its start. With the json-file driver an engine
// keeps two files at most, of which the older goes when the newer is full.
func (d *dockerEngine) WriteLog(ctx context.Context, id string, w io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	return d.copyLog(ctx, id, "all", w)
}

func (d *dockerEngine) copyLog(ctx context.Context, id, lines string, w io.Writer) error {
	log, err := d.api.ContainerLogs(ctx, id, container.LogsOptions{ShowStdout: true, ShowStderr: true, Tail: lines})
	if err != nil {
		return d.fault(err, "reading the log of container %q", id)
	}
	defer log.Close()
	if _, err := stdcopy.StdCopy(w, w, log); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return d.fault(err, "reading the log of container %q", id)
	}
	return nil
}
