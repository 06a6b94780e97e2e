package lint

// ImageNoHealthcheck finds images that do not say how to see that the service is
// well.
var ImageNoHealthcheck = ImageRule{
	Name:     "image-no-healthcheck",
	Severity: Info,
	Summary:  "the image has no health check",
	Why:      "Docker and Compose take the container for well as long as its process lives, also while it answers nothing",
	Fix:      "add HEALTHCHECK to the Dockerfile, with a command that the image has",
	Doc: `config.Healthcheck is what HEALTHCHECK in the Dockerfile makes. Docker, Swarm and
Compose (depends_on: service_healthy) go by it; Kubernetes has probes of its own
and does not read it. The OCI image format has no place for it: builders that
write that format drop it, and an image that was built so has none.`,
	Bad:  `{"config": {"Healthcheck": {"Test": ["NONE"]}}}`,
	Good: `{"config": {"Healthcheck": {"Test": ["CMD", "/app/healthy"]}}}`,
	Same: []string{"no-healthcheck"},
	Check: func(of ImageSubject) []Finding {
		check := of.Config.Healthcheck
		switch {
		case check == nil || len(check.Test) == 0:
			return []Finding{{Message: "the config has no health check"}}
		case check.Test[0] == "NONE":
			return []Finding{{Message: "the config takes the health check of its base image back"}}
		}
		return nil
	},
}
