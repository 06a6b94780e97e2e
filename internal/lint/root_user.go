package lint

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
)

// RootUser finds images whose service runs as root.
var RootUser = Rule{
	Name: "root-user", Severity: Warning,
	Summary: "the service runs as root",
	Why:     "a fault in the service is then root's in the container, and one step nearer to the host's",
	Fix:     "end the final stage with a user of its own, by number: USER 10001",
	Doc: `The user is the last USER of the final stage, or that of the stages that it is
FROM. Without one it is the base image's, which is root unless its name says
otherwise (nonroot, unprivileged, rootless). A number is best: Kubernetes cannot
tell from a name that it is not root's.`,
	Bad: `-- Dockerfile --
FROM python:3.12-slim
WORKDIR /app
COPY app app
HEALTHCHECK CMD ["python", "-m", "app.healthy"]
CMD ["python", "-m", "app"]
-- app/main.py --
-- .dockerignore --
.git
.env
`,
	Good: `-- Dockerfile --
FROM python:3.12-slim
WORKDIR /app
COPY app app
USER 10001
HEALTHCHECK CMD ["python", "-m", "app.healthy"]
CMD ["python", "-m", "app"]
-- app/main.py --
-- .dockerignore --
.git
.env
`,
	Check: func(s *Subject) []Finding {
		var last *Step
		for _, step := range s.RuntimeSteps() {
			if _, ok := step.Command.(*instructions.UserCommand); ok {
				last = step
			}
		}
		if last == nil {
			if base := s.Final().Root(); !base.Known || hasUser(base.Base) {
				return nil
			}
			return []Finding{s.Final().finding("no USER in the final stage: the service runs as root")}
		}
		name, _, _ := strings.Cut(s.Final().user, ":")
		if n, err := strconv.Atoi(name); name != "root" && name != "" && (err != nil || n != 0) {
			return nil
		}
		return []Finding{last.finding(fmt.Sprintf("the last USER is %s: the service runs as root", quoted(s.Final().user)))}
	},
}

// hasUser reports whether an image is known to have a user that is not root.
func hasUser(base string) bool {
	base = strings.ToLower(base)
	for _, word := range []string{"nonroot", "unprivileged", "rootless", "cgr.dev/chainguard/", "bitnami/"} {
		if strings.Contains(base, word) {
			return true
		}
	}
	return false
}
