package engine

import (
	"regexp"
	"slices"
	"strings"
	"time"

	buildkit "github.com/moby/buildkit/client"
	"github.com/opencontainers/go-digest"
)

// steps is what the progress of a build tells of its vertexes: the instructions
// of the Dockerfile, and what BuildKit does besides.
type steps struct {
	failed string // the name of the vertex that failed
	order  []digest.Digest
	seen   map[digest.Digest]*buildkit.Vertex
}

// watch passes the progress of a build on, and returns what it told once it has
// ended.
func watch(from <-chan *buildkit.SolveStatus, to chan<- *buildkit.SolveStatus) *steps {
	defer close(to)
	all := &steps{seen: map[digest.Digest]*buildkit.Vertex{}}
	for update := range from {
		for _, vertex := range update.Vertexes {
			all.see(vertex)
		}
		to <- update
	}
	return all
}

// see takes in one update. A vertex that is tried in turns, such as for a cache
// key and then for its work, counts from the first to the last.
func (s *steps) see(v *buildkit.Vertex) {
	if v.Error != "" {
		s.failed = v.Name
	}
	known := s.seen[v.Digest]
	if known == nil {
		known = &buildkit.Vertex{Name: v.Name}
		s.seen[v.Digest] = known
		s.order = append(s.order, v.Digest)
	}
	known.Cached = v.Cached
	if known.Started == nil {
		known.Started = v.Started
	}
	if v.Started != nil || v.Completed != nil {
		known.Completed = v.Completed
	}
}

// running is the vertex that began last of those that have not ended.
func (s *steps) running() string {
	var last *buildkit.Vertex
	for _, d := range s.order {
		v := s.seen[d]
		if v.Started != nil && v.Completed == nil && !v.Cached && (last == nil || v.Started.After(*last.Started)) {
			last = v
		}
	}
	if last == nil {
		return ""
	}
	return last.Name
}

// instruction is how BuildKit's Dockerfile frontend names the vertexes of
// instructions: "[3/7] RUN make", "[builder 2/4] COPY . .", and with the platform
// before the stage where there are several.
var instruction = regexp.MustCompile(`(?s)^\[(?:([^\]]*) )?\d+/\d+\] (.*)$`)

// report is what ran. A FROM runs nothing: it is fetched, or is there.
func (s *steps) report(total time.Duration) BuildReport {
	r := BuildReport{Total: total}
	for _, d := range s.order {
		v := s.seen[d]
		if v.Started == nil || v.Completed == nil || v.Cached {
			continue
		}
		if strings.HasPrefix(v.Name, "exporting to ") {
			r.Export += v.Completed.Sub(*v.Started)
		}
		named := instruction.FindStringSubmatch(v.Name)
		if named == nil || strings.HasPrefix(named[2], "FROM ") {
			continue
		}
		r.Ran = append(r.Ran, Step{Name: named[2], Stage: named[1], Begun: *v.Started, Ended: *v.Completed})
	}
	slices.SortStableFunc(r.Ran, func(a, b Step) int { return a.Begun.Compare(b.Begun) })
	return r
}
