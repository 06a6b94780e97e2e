package lint

import (
	"fmt"

	"github.com/image-budget/image-budget/internal/secrets"
)

// ImageSecret finds secrets that everybody has who has the image.
var ImageSecret = ImageRule{
	Name:     "image-secret",
	Severity: Error,
	Summary:  "a secret is in the image",
	Why:      "whoever can pull the image has it, and a later layer that deletes it changes nothing of that",
	Fix:      "replace the secret, since it is out, and hand the new one to the container when it runs",
	Doc: `Looked through are the environment in the config, the instructions in the
history, and the files of every layer by itself, those that a later layer deletes
among them. What the build needs goes into RUN --mount=type=secret, which leaves
nothing in a layer; what the service needs is handed to the container. The value
is never shown.`,
	Bad:  `{"config": {"Env": ["DATABASE_PASSWORD=vK8rq2xWm4Tz"]}}`,
	Good: `{"config": {"Env": ["DATABASE_PASSWORD_FILE=/run/secrets/database"]}}`,
	Check: func(of ImageSubject) (all []Finding) {
		for _, s := range of.Secrets {
			all = append(all, secretFinding(s))
		}
		return all
	},
}

const mountSecret = "replace the secret, since it is out, and hand the new one to the build with RUN --mount=type=secret"

func secretFinding(s secrets.Found) Finding {
	switch s.Where {
	case secrets.Environment:
		return Finding{Message: fmt.Sprintf("the environment variable %q holds a secret: %s", s.Name, s.Kind)}
	case secrets.History:
		return Finding{Message: fmt.Sprintf("the history holds a secret: %s, in %q", s.Kind, s.Name), Fix: mountSecret}
	}
	message := fmt.Sprintf("the file %q of layer %d holds a secret: %s", "/"+s.Name, s.Layer, s.Kind)
	if s.Gone {
		message += ", deleted later and still in its layer"
	}
	return Finding{Message: message, Fix: mountSecret + ", or leave the file out with .dockerignore"}
}
