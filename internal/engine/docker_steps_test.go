package engine

import (
	"testing"
	"time"

	buildkit "github.com/moby/buildkit/client"
	"github.com/opencontainers/go-digest"
	"github.com/stretchr/testify/require"
)

var epoch = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

func second(n int) *time.Time {
	at := epoch.Add(time.Duration(n) * time.Second)
	return &at
}

func vertex(name string, from, to *time.Time, cached bool) *buildkit.Vertex {
	return &buildkit.Vertex{Digest: digest.FromString(name), Name: name, Started: from, Completed: to, Cached: cached}
}

// watched is what was watched of a build that said so.
func watched(updates ...*buildkit.Vertex) *steps {
	from, to := make(chan *buildkit.SolveStatus), make(chan *buildkit.SolveStatus)
	go func() {
		defer close(from)
		for _, v := range updates {
			from <- &buildkit.SolveStatus{Vertexes: []*buildkit.Vertex{v}}
		}
	}()
	go func() {
		for range to { // the display
		}
	}()
	return watch(from, to)
}

func TestReport(t *testing.T) {
	seen := watched(
		vertex("[internal] load build context", second(0), second(1), false),
		vertex("[builder 1/3] FROM docker.io/library/debian:bookworm", nil, nil, false),
		vertex("[builder 1/3] FROM docker.io/library/debian:bookworm", second(0), second(1), false),
		vertex("[builder 3/3] RUN make\n  all", nil, nil, false),
		vertex("[builder 2/3] COPY requirements.txt .", second(1), second(1), true),
		vertex("[linux/amd64 stage-1 2/2] COPY . .", second(1), nil, false),
		vertex("[linux/amd64 stage-1 2/2] COPY . .", second(1), second(2), false),
		vertex("[builder 3/3] RUN make\n  all", second(2), nil, false),
		vertex("[builder 3/3] RUN make\n  all", second(2), second(9), false),
		vertex("[5/5] RUN [\"a]\"]", second(1), nil, false),
		vertex("[5/5] RUN [\"a]\"]", nil, nil, true), // found in the cache after all
		vertex("exporting to image", second(9), second(12), false),
	)
	require.Equal(t, BuildReport{
		Total: 13 * time.Second, Export: 3 * time.Second,
		Ran: []Step{
			{Name: "COPY . .", Stage: "linux/amd64 stage-1", Begun: *second(1), Ended: *second(2)},
			{Name: "RUN make\n  all", Stage: "builder", Begun: *second(2), Ended: *second(9)},
		},
	}, seen.report(13*time.Second))
	require.Empty(t, seen.failed)
	require.Empty(t, seen.running())
}

func TestRunning(t *testing.T) {
	seen := watched(
		vertex("[1/3] FROM a", second(0), second(0), false),
		vertex("[internal] load build context", second(1), nil, false),
		vertex("[2/3] RUN sleep", second(2), nil, false),
		vertex("[3/3] RUN next", nil, nil, false),
	)
	require.Equal(t, "[2/3] RUN sleep", seen.running())
	require.Empty(t, (&steps{}).running())
}
