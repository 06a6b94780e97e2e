package layer

import (
	"fmt"
	"io"
	"sync"
)

// A stage of the pipeline is at most chunks*chunkSize bytes ahead of the next.
const (
	chunkSize = 128 << 10
	chunks    = 6
)

// ahead reads on a goroutine of its own, so that two steps of the work keep
// two cores busy.
type ahead struct {
	full    chan chunk
	free    chan []byte
	stop    chan struct{}
	ended   chan struct{}
	once    sync.Once
	current chunk
	rest    []byte // of current, not yet read
}

type chunk struct {
	bytes []byte
	err   error // after the bytes
}

// readAhead starts reading r. Every sink gets each chunk, on that goroutine,
// before the reader of the result does: when the result has ended, the sinks
// have seen everything. Close it in any case.
func readAhead(r io.Reader, sinks ...io.Writer) *ahead {
	a := &ahead{
		full: make(chan chunk, chunks), free: make(chan []byte, chunks),
		stop: make(chan struct{}), ended: make(chan struct{}),
	}
	for range chunks {
		a.free <- nil // made when first used: most layers are small
	}
	go a.run(r, sinks)
	return a
}

func (a *ahead) run(r io.Reader, sinks []io.Writer) {
	defer close(a.ended)
	// A panic here would end the process with nothing cleaned up, and what is
	// read comes from outside.
	defer func() {
		if p := recover(); p != nil {
			a.full <- chunk{err: fmt.Errorf("reading the layer: panic: %v", p)}
		}
	}()
	for {
		var buffer []byte
		select {
		case buffer = <-a.free:
		case <-a.stop:
			return
		}
		if buffer == nil {
			buffer = make([]byte, chunkSize)
		}
		n, err := fill(r, buffer)
		for _, sink := range sinks {
			if n == 0 {
				break
			}
			if _, failed := sink.Write(buffer[:n]); failed != nil {
				n, err = 0, failed
			}
		}
		a.full <- chunk{buffer[:n], err} // never blocks: there are only so many chunks
		if err != nil {
			return
		}
	}
}

// fill is io.ReadFull that keeps the reader's own error, so that io.EOF stays
// the one sign of a proper end.
func fill(r io.Reader, buffer []byte) (int, error) {
	n := 0
	for n < len(buffer) {
		m, err := r.Read(buffer[n:])
		n += m
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

func (a *ahead) Read(p []byte) (int, error) {
	for len(a.rest) == 0 {
		if a.current.err != nil {
			return 0, a.current.err
		}
		if a.current.bytes != nil {
			a.free <- a.current.bytes[:cap(a.current.bytes)]
		}
		a.current = <-a.full
		a.rest = a.current.bytes
	}
	n := copy(p, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}

// Close stops reading and waits until the goroutine has let go of the reader
// and the sinks. It does not close the reader.
func (a *ahead) Close() error {
	a.once.Do(func() { close(a.stop) })
	<-a.ended
	return nil
}
