package lint

import (
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
)

// NoHealthcheck finds services that do not say how to see that they are well.
var NoHealthcheck = Rule{
	Name: "no-healthcheck", Severity: Info,
	Summary: "the image has no health check",
	Why:     "Docker and Compose take the container for well as long as its process lives, also while it answers nothing",
	Fix:     `add HEALTHCHECK CMD with a command that the image has, such as ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health')"]`,
	Doc: `Docker, Swarm and Compose (depends_on: service_healthy) go by HEALTHCHECK;
Kubernetes has probes of its own and does not read it. It is looked for in the stages
that the image consists of. An image FROM scratch or a distroless one is left alone
unless it has EXPOSE: it is seldom a service, and has no shell to ask with.`,
	Bad: `-- Dockerfile --
FROM debian:12-slim
COPY bin/serve /app/serve
EXPOSE 8000
USER 10001
CMD ["/app/serve"]
`,
	Good: `-- Dockerfile --
FROM debian:12-slim
COPY bin/serve /app/serve
EXPOSE 8000
USER 10001
HEALTHCHECK CMD ["/app/serve", "-check"]
CMD ["/app/serve"]
`,
	Check: func(s *Subject) []Finding {
		var check *instructions.HealthCheckCommand
		var at *Step
		exposed := false
		for _, step := range s.RuntimeSteps() {
			switch c := step.Command.(type) {
			case *instructions.HealthCheckCommand:
				check, at = c, step
			case *instructions.ExposeCommand:
				exposed = true
			}
		}
		root := s.Final().Root()
		bare := root.Base == scratch || !root.Known || strings.Contains(root.Base, "distroless")
		switch {
		case check != nil && check.Health != nil && len(check.Health.Test) > 0 && check.Health.Test[0] == "NONE":
			return []Finding{at.finding("HEALTHCHECK NONE takes back the health check of the base image")}
		case check != nil || bare && !exposed:
			return nil
		}
		return []Finding{s.Final().finding("no HEALTHCHECK in the final stage")}
	},
}
