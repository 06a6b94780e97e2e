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
	last := &tail{limit: limit}
	if _, err := stdcopy.StdCopy(last, last, log); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return last.bytes(), d.fault(err, "reading the log of container %q", id)
	}
	return last.bytes(), nil
}

// tail keeps the last limit bytes written to it, and at most twice as many.
type tail struct {
	limit int
	kept  []byte
}

func (t *tail) Write(p []byte) (int, error) {
	n := len(p)
	if len(p) > t.limit {
		p = p[len(p)-t.limit:]
	}
	if len(t.kept)+len(p) > 2*t.limit {
		t.kept = append(t.kept[:0], t.bytes()...)
	}
	t.kept = append(t.kept, p...)
	return n, nil
}

func (t *tail) bytes() []byte { return t.kept[max(0, len(t.kept)-t.limit):] }
