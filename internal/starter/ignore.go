package starter

import (
	"io"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
)

// leavesOut reports whether a .dockerignore keeps the file out of the context. One
// that cannot be read keeps nothing out.
func leavesOut(dockerignore io.Reader, file string) bool {
	patterns, err := ignorefile.ReadAll(dockerignore)
	if err != nil {
		return false
	}
	out, err := patternmatcher.MatchesOrParentMatches(file, patterns)
	return err == nil && out
}
