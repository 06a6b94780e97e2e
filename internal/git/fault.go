package git

import (
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
)

// Missing is a git that is not installed, or a folder that is in no checkout.
type Missing struct {
	Err error
	Fix string
}

func (e *Missing) Error() string { return e.Err.Error() }
func (e *Missing) Unwrap() error { return e.Err }

// Hint says what a user can do about it.
func (e *Missing) Hint() string { return e.Fix }

// Distrusted is a repository in which git will not work because another user
// owns its folder, as happens where CI checks out outside the container.
type Distrusted struct {
	Err error // in git's own words
	Fix string
}

func (e *Distrusted) Error() string { return e.Err.Error() }
func (e *Distrusted) Unwrap() error { return e.Err }

// Hint says what a user can do about it.
func (e *Distrusted) Hint() string { return e.Fix }

// NoCommit is a revision that names no commit of the repository.
type NoCommit struct {
	Revision string // as it was asked for
	Shallow  bool   // the clone has a part of the history only
	Err      error  // why, where there is more to say than that it is not there
	Fix      string
}

func (e *NoCommit) Error() string {
	text := fmt.Sprintf("finding commit %q: ", e.Revision)
	switch {
	case e.Err != nil:
		return text + e.Err.Error()
	case e.Shallow:
		return text + "it is not in this clone, which is shallow"
	}
	return text + "it is not in this repository"
}
func (e *NoCommit) Unwrap() error { return e.Err }

// Hint says what a user can do about it.
func (e *NoCommit) Hint() string { return e.Fix }

// failure is a git command that ended with another status than 0.
type failure struct {
	reasons []string // the lines in which git says why
	err     error
}

func (e *failure) Error() string {
	if len(e.reasons) == 0 {
		return "git: " + e.err.Error()
	}
	return "git: " + strings.Join(e.reasons, "; ")
}
func (e *failure) Unwrap() error { return e.err }

// fault sorts what git wrote before it failed. Git has one status, 128, for
// all that is wrong, so its words are all there is to tell faults apart by;
// with LC_ALL=C they are the same everywhere.
func fault(dir, stderr string, exit *exec.ExitError) error {
	failed := &failure{reasons: reasons(stderr), err: exit}
	if !failed.says("dubious ownership in repository") && !failed.says("unsafe repository") { // since, and until, git 2.35.3
		return failed
	}
	fix := "git config --global --add safe.directory " + dir
	for line := range strings.Lines(stderr) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "git config --global") {
			fix = line // which names the top folder, and not the one we asked in
		}
	}
	return &Distrusted{Err: failed, Fix: fix}
}

// outside makes a *Missing of git's answer that there is no checkout.
func outside(err error) error {
	var failed *failure
	if errors.As(err, &failed) && (failed.says("not a git repository") || failed.says("must be run in a work tree")) {
		return &Missing{Err: err, Fix: "run it inside a git checkout"}
	}
	return err
}

func (e *failure) says(words string) bool {
	return slices.ContainsFunc(e.reasons, func(reason string) bool { return strings.Contains(reason, words) })
}

// maxReasons is how many of git's lines an error holds. The first ones are
// nearest to the cause.
const maxReasons = 3

// reasons are the lines that git marks as errors, or else the last one.
func reasons(stderr string) []string {
	lines := strings.Split(strings.TrimSpace(stderr), "\n")
	var marked []string
	for _, line := range lines {
		for _, mark := range []string{"fatal: ", "error: "} {
			if reason, ok := strings.CutPrefix(line, mark); ok {
				marked = append(marked, strings.TrimSpace(reason))
			}
		}
	}
	if last := lines[len(lines)-1]; len(marked) == 0 && last != "" {
		return []string{last}
	}
	return marked[:min(len(marked), maxReasons)]
}
