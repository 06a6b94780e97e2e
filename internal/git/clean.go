package git

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// maxNamed is how many paths a reason names.
const maxNamed = 3

// Clean reports whether the work tree and the index are what HEAD says.
// Untracked files count, ignored ones do not, and submodules must be as
// committed. Paths that match one of except do not count: globs relative to
// Top, where * does not match a slash, such as "budgets/*.baseline.yaml". When
// the answer is no, why names up to three of the paths.
func (r *Repository) Clean(ctx context.Context, except ...string) (clean bool, why string, err error) {
	args := []string{
		"status", "--porcelain=v1", "-z", "--no-renames",
		// All of them, because a folder is not matched by the glob of a file in it.
		"--untracked-files=all",
		"--ignore-submodules=none",
		"--", ":(top)",
	}
	for _, glob := range except {
		args = append(args, ":(top,exclude,glob)"+glob)
	}
	status, err := read(ctx, r.Top, args...)
	if err != nil {
		return false, "", fmt.Errorf("comparing the work tree %q with its commit: %w", r.Top, err)
	}
	var named []string
	for entry := range strings.SplitSeq(status, "\x00") {
		if len(entry) <= len("XY ") {
			continue
		}
		if len(named) == maxNamed {
			return false, strings.Join(named, ", ") + " and others", nil
		}
		named = append(named, strconv.Quote(entry[len("XY "):]))
	}
	return len(named) == 0, strings.Join(named, ", "), nil
}
