package lint

import (
	"fmt"
	"path"
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
here-documents, and at files that are copied from the context: what is in them when
it is known, else whether they are called like one that holds secrets. The value is
never shown.`,
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
			for _, file := range s.secretFiles(step.Copy) {
				all = append(all, step.finding("it copies a file with a secret: "+file))
			}
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

// secretFiles are the sources of a COPY that hold secrets.
func (s *Subject) secretFiles(c *Copy) []string {
	if c == nil || c.From != "" {
		return nil
	}
	var all []string
	for _, source := range c.Sources {
		name := inFolder(source)
		if name == "" || strings.Contains(source, "://") {
			continue
		}
		if s.Folder == nil {
			if isSecretFile(path.Base(name)) {
				all = append(all, quoted(source))
			}
			continue
		}
		if !secrets.Kept(name) || s.Folder.IsDir(name) || s.Folder.Ignored(name) {
			continue
		}
		if text, err := s.Folder.Read(name, manifestCap); err == nil && len(secrets.InFile(name, string(text))) > 0 {
			all = append(all, quoted(source)+", "+kind(secrets.InFile(name, string(text))))
		}
	}
	return all
}

// isSecretFile reports whether a file is called like one that holds secrets and
// seldom anything else.
func isSecretFile(base string) bool {
	return slices.Contains([]string{".env", ".netrc", ".pypirc", ".git-credentials", "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", ".pgpass", ".htpasswd"}, base)
}
