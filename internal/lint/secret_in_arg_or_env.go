package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/image-budget/image-budget/internal/secrets"
)

// SecretInArgOrEnv finds secrets that are written into the Dockerfile, or copied.
var SecretInArgOrEnv = Rule{
	Name: "secret-in-arg-or-env", Severity: Error,
	Summary: "a secret is written into the Dockerfile, or copied into a layer",
	Why:     "whoever can pull the image reads it in the config, the history or the layer, and deleting it later changes nothing of that",
	Fix:     "replace the secret, since it is out, and hand the new one to the build with RUN --mount=type=secret, or to the service when it starts",
	Doc: `Names of ARG and ENV that mean secrets are found by BuildKit's SecretsUsedInArgOrEnv.
This rule looks at values: in ENV and ARG under other names, in the commands of RUN
(https://user:password@host, tokens of known shape), in other instructions and
here-documents, and at files that are copied from the context, by name, by pattern or
with a folder: what is in them when they are there, else whether they are called like
one that holds secrets (id_rsa, .env, .netrc, server.key). That one of those is not in
the context is a warning: it is where git does not ignore it. So are secrets in a
folder that is copied into a stage which is no part of the image. The value is never
shown.`,
	Bad: `-- Dockerfile --
FROM python:3.12-slim AS build
RUN --mount=type=cache,target=/root/.cache/pip pip install --extra-index-url https://ci:vK8rq2xWm4TzLp0s@pypi.example.com/simple acme

FROM python:3.12-slim
COPY --from=build /usr/local /usr/local
USER 10001
HEALTHCHECK CMD ["python", "-m", "app.healthy"]
CMD ["python", "-m", "app"]
`,
	Good: `-- Dockerfile --
FROM python:3.12-slim AS build
RUN --mount=type=cache,target=/root/.cache/pip --mount=type=secret,id=pip,target=/etc/pip.conf pip install acme

FROM python:3.12-slim
COPY --from=build /usr/local /usr/local
USER 10001
HEALTHCHECK CMD ["python", "-m", "app.healthy"]
CMD ["python", "-m", "app"]
`,
	Check: func(s *Subject) (all []Finding) {
		for _, step := range s.BuiltSteps() {
			said := slices.ContainsFunc(s.passed, func(f Finding) bool {
				return f.Rule == linter.RuleSecretsUsedInArgOrEnv.Name && f.Line == step.Line
			})
			if kind := secretIn(step); kind != "" && !said {
				all = append(all, step.finding(fmt.Sprintf("%s holds a secret: %s", strings.ToUpper(step.Name()), kind)))
			}
			all = append(all, s.secretsCopied(step)...)
		}
		return all
	},
}

// secretIn is the kind of the first secret in an instruction, empty for none.
func secretIn(step *Step) string {
	switch c := step.Command.(type) {
	case *instructions.EnvCommand:
		var env []string
		for _, pair := range c.Env {
			env = append(env, pair.Key+"="+pair.Value)
		}
		return kind(secrets.InConfig(env, nil))
	case *instructions.ArgCommand:
		var env []string
		for _, a := range c.Args {
			if a.Value != nil {
				env = append(env, a.Key+"="+*a.Value)
			}
		}
		return kind(secrets.InConfig(env, nil))
	}
	return kind(secrets.InConfig(nil, []ocispec.History{{CreatedBy: step.Text}}))
}

func kind(found []secrets.Found) string {
	if len(found) == 0 {
		return ""
	}
	return found[0].Kind
}
