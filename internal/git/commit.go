package git

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Commit is a full commit ID and when it was committed.
type Commit struct {
	ID   string    // lower-case hexadecimal digits, 40 of SHA-1 or 64 of SHA-256
	Time time.Time // of the committer, in UTC
}

var commitID = regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64})$`)

// Head is the commit that is checked out. The error is *NoCommit when there is
// none yet.
func (r *Repository) Head(ctx context.Context) (Commit, error) {
	commit, err := r.commit(ctx, "HEAD")
	var failed *failure
	if errors.As(err, &failed) {
		return Commit{}, &NoCommit{Revision: "HEAD", Err: beyondAbsence(failed), Fix: "make the repository's first commit"}
	}
	return commit, err
}

// Resolve finds the commit that a revision names, as gitrevisions(7) says: a
// branch, a tag, an ID, HEAD~1. What begins with a dash is refused. The error
// is *NoCommit when the revision names none.
func (r *Repository) Resolve(ctx context.Context, revision string) (Commit, error) {
	if revision == "" || revision[0] == '-' {
		why := errors.New("a revision is not empty and does not begin with a dash")
		return Commit{}, &NoCommit{Revision: revision, Err: why, Fix: checkName}
	}
	commit, err := r.commit(ctx, revision)
	var failed *failure
	if errors.As(err, &failed) {
		return Commit{}, r.noCommit(ctx, revision, failed)
	}
	return commit, err
}

func (r *Repository) commit(ctx context.Context, revision string) (Commit, error) {
	id, err := read(ctx, r.Top, "rev-parse", "--verify", revision+"^{commit}")
	if err != nil {
		return Commit{}, fmt.Errorf("finding commit %q: %w", revision, err)
	}
	id = strings.TrimSpace(id)
	if !commitID.MatchString(id) { // ^main is a revision that leaves out
		return Commit{}, &NoCommit{Revision: revision, Err: errors.New("it does not name one commit"), Fix: checkName}
	}
	line, err := read(ctx, r.Top, "rev-list", "--timestamp", "--max-count=1", id)
	if err != nil {
		return Commit{}, fmt.Errorf("reading the time of commit %q: %w", id, err)
	}
	seconds, _, _ := strings.Cut(line, " ")
	since1970, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return Commit{}, fmt.Errorf("reading the time of commit %q: %w", id, err)
	}
	return Commit{ID: id, Time: time.Unix(since1970, 0).UTC()}, nil
}

const (
	checkName = "check the name"
	fetchMore = "fetch more history: fetch-depth: 0 with actions/checkout, GIT_DEPTH: 0 in GitLab, or git fetch --unshallow"
)

func (r *Repository) noCommit(ctx context.Context, revision string, failed *failure) error {
	e := &NoCommit{Revision: revision, Err: beyondAbsence(failed), Fix: checkName}
	shallow, err := read(ctx, r.Top, "rev-parse", "--is-shallow-repository")
	if err != nil {
		return fmt.Errorf("finding commit %q: %w", revision, err)
	}
	e.Shallow = strings.TrimSpace(shallow) == "true"
	if e.Err != nil { // it is there, and is no commit, or is one of several
		return e
	}
	if e.Shallow {
		e.Fix = fetchMore
		return e
	}
	if fix := r.atARemote(ctx, revision); fix != "" {
		e.Fix = fix
	}
	return e
}

// atARemote says what to do about a revision that looks like the branch of a
// remote; empty when it does not.
func (r *Repository) atARemote(ctx context.Context, revision string) (fix string) {
	name, _, _ := strings.Cut(revision, "~")
	name, _, _ = strings.Cut(name, "^")
	has := func(name string) bool {
		_, err := read(ctx, r.Top, "rev-parse", "--verify", name)
		return err == nil
	}
	if name == "" || has(name) { // it is there, what follows it is not
		return ""
	}
	remotes, _ := read(ctx, r.Top, "remote") // without the list there is no advice, and that is all
	for _, remote := range strings.Fields(remotes) {
		if branch, ok := strings.CutPrefix(name, remote+"/"); ok {
			return fmt.Sprintf("git fetch %s %s", remote, branch)
		}
		if has("refs/remotes/" + remote + "/" + name) {
			return fmt.Sprintf("it is a branch of the remote alone: say %s/%s", remote, revision)
		}
	}
	return ""
}

// beyondAbsence is what git says besides that nothing has the name; nil when
// that is all.
func beyondAbsence(failed *failure) error {
	rest := slices.DeleteFunc(slices.Clone(failed.reasons), func(reason string) bool {
		return reason == "Needed a single revision"
	})
	if len(rest) == 0 {
		return nil
	}
	return &failure{reasons: rest, err: failed.err}
}
