package lint

import (
	"fmt"
	"slices"
	"strings"
)

// FloatingTag finds images that are another one tomorrow.
var FloatingTag = Rule{
	Name: "floating-tag", Severity: Warning,
	Summary: "an image is named without a version",
	Why:     "the same Dockerfile builds another image tomorrow, and nobody sees which change it was",
	Fix:     "name a version, as in python:3.12-slim, or a digest that a bot keeps current",
	Doc: `A tag is taken for a version when it has a digit or the name of a Debian or Ubuntu
release in it. No tag means latest. Looked at are the FROM of every stage that the
image needs, and the images in COPY --from and RUN --mount=from. A name that depends
on a build argument without a value is left alone.`,
	Bad: `-- Dockerfile --
FROM debian:stable-slim
COPY bin/serve /app/serve
USER 10001
HEALTHCHECK CMD ["/app/serve", "-check"]
CMD ["/app/serve"]
`,
	Good: `-- Dockerfile --
FROM debian:12-slim
COPY bin/serve /app/serve
USER 10001
HEALTHCHECK CMD ["/app/serve", "-check"]
CMD ["/app/serve"]
`,
	Check: func(s *Subject) (all []Finding) {
		for _, stage := range s.Built {
			if stage.From == nil && stage.Known && stage.Base != scratch {
				if problem := floating(stage.Base); problem != "" {
					all = append(all, stage.finding(problem))
				}
			}
			for _, step := range stage.Steps {
				for _, name := range s.imagesIn(step) {
					if problem := floating(name); problem != "" {
						all = append(all, step.finding(problem))
					}
				}
			}
		}
		return all
	},
}

// imagesIn are the images that an instruction takes files from.
func (s *Subject) imagesIn(step *Step) []string {
	var names []string
	if step.Copy != nil {
		names = append(names, step.Copy.From)
	}
	for _, mount := range step.Mounts {
		names = append(names, mount.From)
	}
	return slices.DeleteFunc(names, func(name string) bool {
		return name == "" || strings.Contains(name, "$") || s.stageOrNumber(name) != nil || name == scratch
	})
}

// releases are names of releases of distributions.
var releases = []string{
	"buster", "bullseye", "bookworm", "trixie", "forky", "bionic", "focal", "jammy", "noble", "oracular", "plucky", "questing",
}

// floating says what is wrong with the version of an image, empty for nothing.
func floating(base string) string {
	name := parseReference(base)
	if !name.ok || name.pinned {
		return ""
	}
	switch {
	case name.tag == "":
		return fmt.Sprintf("%s has no tag, which means latest", quoted(base))
	case name.tag == "latest":
		return fmt.Sprintf("%s is whatever was built last", quoted(base))
	case strings.ContainsAny(name.tag, "0123456789"):
		return ""
	case strings.ContainsAny(name.last(), "0123456789") && strings.Contains(name.repository, "distroless"): // static-debian12:nonroot
		return ""
	}
	for _, part := range strings.Split(name.tag, "-") {
		if slices.Contains(releases, part) {
			return ""
		}
	}
	return fmt.Sprintf("the tag of %s names no version", quoted(base))
}
