package gate

import (
	"context"
	"fmt"
	"slices"

	"github.com/opencontainers/go-digest"

	"github.com/image-budget/image-budget/internal/baseline"
	"github.com/image-budget/image-budget/internal/budget"
)

// search looks for baseline images, for each once, and when a metric first needs
// it. There may be several: a time that was accepted by itself is of another
// image than the rest of the baseline.
type search struct {
	of    budget.Measurement
	found map[digest.Digest]baseline.Found // by the contents that a time says it is of; empty for the baseline's own
	again baseline.Found                   // what was built again, if something was
	notes []string
}

// newSearch knows the image that was named on the command line already.
func newSearch(of budget.Measurement, named baseline.Found) *search {
	s := &search{of: of, found: map[digest.Digest]baseline.Found{}}
	if named.Image != nil {
		s.keep("", named)
	}
	return s
}

func (s *search) keep(of digest.Digest, found baseline.Found) {
	s.found[of] = found
	if found.Built != "" {
		s.again = found
	}
}

// image is the one that a metric's recorded time is of, or why it cannot be had.
func (s *search) image(ctx context.Context, b budget.Budget, name string, at *Machine) (baseline.Found, error) {
	of := s.of.Metrics[name].Contents
	if found, ok := s.found[of]; ok {
		return found, nil
	}
	found, err := baseline.Find(ctx, b, s.of.For(name), at.Sources)
	if err == nil {
		s.keep(of, found)
	}
	return found, err
}

// lack notes that a metric has to do with its recorded samples.
func (s *search) lack(name string, found baseline.Found) {
	note := "times are compared with recorded samples, since " + found.Way
	if s.of.Metrics[name].Contents != "" {
		note = fmt.Sprintf("%s is compared with recorded samples: it was accepted by itself (record --only or --improved), and %s", name, found.Way)
	}
	if !slices.Contains(s.notes, note) {
		s.notes = append(s.notes, note)
	}
}
