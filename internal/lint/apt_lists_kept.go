package lint

// AptListsKept finds package lists that stay in a layer.
var AptListsKept = Rule{
	Name: "apt-lists-kept", Severity: Warning,
	Summary: "apt's package lists stay in the layer",
	Why:     "the lists take 20 to 60 MB and no service reads them; a later RUN that deletes them saves nothing",
	Fix:     "end the same RUN with && rm -rf /var/lib/apt/lists/*, or mount a cache on /var/lib/apt",
	Doc: `apt-get update downloads the list of all packages to /var/lib/apt/lists. What is
deleted in a later RUN stays in the layer, so it is looked for in the same one, after
the update. A cache mount on /var/lib/apt keeps the lists out of the layer as well.
Stages that files are only copied from may keep them.`,
	Bad: `-- Dockerfile --
FROM debian:12-slim
RUN apt-get update && apt-get install -y --no-install-recommends libpq5
USER 10001
HEALTHCHECK CMD ["/app/healthy"]
CMD ["/app/serve"]
`,
	Good: `-- Dockerfile --
FROM debian:12-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpq5 \
    && rm -rf /var/lib/apt/lists/*
USER 10001
HEALTHCHECK CMD ["/app/healthy"]
CMD ["/app/serve"]
`,
	Check: func(s *Subject) (all []Finding) {
		for _, step := range s.RuntimeSteps() {
			kept := false
			for _, c := range step.Commands {
				switch {
				case c.says("apt", "update"):
					kept = !step.Cached("/var/lib/apt")
				case c.removes("/var/lib/apt", "/var/lib/*") || c.says("apt", "distclean") || c.says("apt", "dist-clean"):
					kept = false
				}
			}
			if kept {
				all = append(all, step.finding("apt-get update leaves its package lists in the layer of this RUN"))
			}
		}
		return all
	},
}
