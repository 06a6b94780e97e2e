package lint

import "strings"

// AptRecommends finds installs that bring along what packages recommend.
var AptRecommends = Rule{
	Name: "apt-recommends", Severity: Warning,
	Summary: "apt installs recommended packages too",
	Why:     "recommended packages are fonts, documentation and daemons; they often weigh more than what was asked for",
	Fix:     "write apt-get install -y --no-install-recommends, and name what is missing then",
	Doc: `apt installs what a package recommends unless it is told not to, by
--no-install-recommends or by APT::Install-Recommends in its settings. Looked at are
the stages that the image consists of.`,
	Bad: `-- Dockerfile --
FROM debian:12-slim
RUN apt-get update && apt-get install -y libpq5 && rm -rf /var/lib/apt/lists/*
USER 10001
HEALTHCHECK CMD ["/app/healthy"]
CMD ["/app/serve"]
`,
	Good: AptListsKept.Good,
	Check: func(s *Subject) (all []Finding) {
		set := false
		for _, step := range s.RuntimeSteps() {
			set = set || strings.Contains(step.Text, "Install-Recommends")
			for _, of := range step.installs() {
				if of.Tool != "apt" || set || of.Has("--no-install-recommends") || len(of.Packages) == 0 && of.Has("-f", "-yf", "-fy", "--fix-broken", "--fix-missing") {
					continue
				}
				text := "apt installs what these recommend as well: " + list(of.Packages)
				if len(of.Packages) == 0 { // from a file or an argument
					text = "apt installs what its packages recommend as well"
				}
				all = append(all, step.finding(text))
				break
			}
		}
		return all
	},
}
