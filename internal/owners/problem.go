package owners

import (
	"fmt"
	"strings"
)

// How much is said of what is wrong in one image.
const (
	maxProblems    = 50
	maxProblemText = 200 // bytes
)

// Problem is something in a file that could not be read, so that what it owns
// may be missing. Both texts come from the image, cut, and valid UTF-8.
type Problem struct{ Path, Reason string }

// problems are the first ones, one of each kind in a file.
type problems struct {
	all  []Problem
	more int
}

func (p *problems) add(path, reason string) {
	next := Problem{cut(path), cut(reason)}
	for _, known := range p.all {
		if known == next {
			return
		}
	}
	if len(p.all) == maxProblems {
		p.more++
		return
	}
	p.all = append(p.all, next)
}

func cut(s string) string {
	if len(s) > maxProblemText {
		s = s[:maxProblemText] + "…"
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// Problems are what could not be read, at most maxProblems and one that counts
// the rest.
func (o *Owners) Problems() []Problem {
	if o.problems.more == 0 {
		return o.problems.all
	}
	rest := Problem{Reason: fmt.Sprintf("and %d more", o.problems.more)}
	return append(o.problems.all[:maxProblems:maxProblems], rest)
}
