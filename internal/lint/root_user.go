package lint

import (
	"fmt"
	"slices"
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
FROM. Without one it is the base image's: root for distributions, languages and other
well-known images, not for those whose name says so (nonroot, unprivileged, rootless,
chiseled), and not known for the rest, which is a remark. Windows has no root. A
number is best: Kubernetes cannot tell from a name that it is not root's.`,
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
			base := s.Final().Root()
			if !base.Known || hasUser(base.Base) || isWindows(base.Base) {
				return nil
			}
			f := s.Final().finding("no USER in the final stage: the service runs as root")
			if !isRoots(base.Base) {
				f.Message += fmt.Sprintf(" unless %s sets a user", quoted(base.Base))
				f.Severity = Info
			}
			return []Finding{f}
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
	for _, word := range []string{"nonroot", "unprivileged", "rootless", "chiseled", "cgr.dev/chainguard/", "bitnami/"} {
		if strings.Contains(base, word) {
			return true
		}
	}
	return false
}

// rootImages are images whose user is root, besides those of environments.
var rootImages = []string{
	"almalinux", "amazonlinux", "archlinux", "centos", "oraclelinux", "rockylinux", "amazoncorretto", "eclipse-temurin", "openjdk", "elixir", "erlang",
	"gcc", "gradle", "haskell", "julia", "maven", "perl", "php", "pypy", "swift", "caddy", "httpd", "nginx", "tomcat", "traefik", "mariadb", "mysql",
	"postgres", "redis", "nvidia/cuda", "pytorch/pytorch", "tensorflow/tensorflow", "dotnet/aspnet", "dotnet/runtime", "dotnet/runtime-deps", "dotnet/sdk",
}

// isRoots reports whether an image is known to have no user but root. A registry of
// one's own may hold a distribution under its plain name.
func isRoots(base string) bool {
	name := parseReference(base)
	short := name.repository
	if name.official() {
		short = name.last()
	}
	_, known := environments[short]
	return known || base == scratch || slices.Contains(rootImages, short) || strings.Contains(base, "distroless")
}

// isWindows reports whether an image is one of Windows.
func isWindows(base string) bool {
	base = strings.ToLower(base)
	for _, word := range []string{"mcr.microsoft.com/windows", "windowsservercore", "nanoserver"} {
		if strings.Contains(base, word) {
			return true
		}
	}
	return false
}
