package report

import (
	"reflect"
	"strings"

	"github.com/image-budget/image-budget/internal/lint"
)

// lintRuns are every kind of run of lint. Each has a golden file for each format and
// look, testdata/lint/<name>.<look>.
var lintRuns = map[string]LintRun{
	"findings": linted(LintRun{
		Files:  []string{"Dockerfile", "docker/worker.Dockerfile"},
		Images: []string{"support-agent:ci"},
		Result: lint.Result{
			Findings: []lint.Finding{
				aptLists("Dockerfile", 12, 14),
				{Rule: "StageNameCasing", Severity: lint.Warning, File: "Dockerfile", Line: 3, EndLine: 3, Message: "Stage name 'Build' should be lowercase", URL: "https://docs.docker.com/go/dockerfile/rule/stage-name-casing/"},
				aptLists("docker/worker.Dockerfile", 7, 7),
				aptLists("docker/worker.Dockerfile", 9, 9),
				{Rule: "source-before-dependencies", Severity: lint.Warning, File: "docker/worker.Dockerfile", Line: 11, EndLine: 11, Message: "the sources are copied before the install in line 12"},
				{Rule: "context-unfiltered", Severity: lint.Info, File: "docker/worker.Dockerfile", Message: "the context has 2 files of 1.2 GB: data/a, b.bin", Why: "they are sent with every build", Fix: "leave them out with .dockerignore:\n    data/\n    *.bin"},
				imageSecret("support-agent:ci"),
			},
			Suppressed: []lint.Suppressed{{
				Finding: lint.Finding{Rule: "no-healthcheck", Severity: lint.Info, File: "Dockerfile", Line: 1, EndLine: 20, Message: "there is no HEALTHCHECK"},
				Reason:  "Kubernetes probes it",
			}},
		},
	}),
	"none":  linted(LintRun{Files: []string{"Dockerfile"}}),
	"image": linted(LintRun{Images: []string{"oci:out/layout"}, Result: lint.Result{Findings: []lint.Finding{imageSecret("oci:out/layout")}}}),
	"faults": linted(LintRun{
		Files: []string{"Dockerfile"},
		Faults: []LintFault{
			{Text: "b/Dockerfile:3: parsing: unknown instruction: FORM", File: "b/Dockerfile", Line: 3},
			{Text: "c/Dockerfile: reading: permission denied", File: "c/Dockerfile"},
			{Text: "there is no Dockerfile in folder \"d\""},
		},
		Result: lint.Result{Findings: []lint.Finding{aptLists("Dockerfile", 2, 2)}},
	}),
	"outside": linted(LintRun{
		Files:  []string{"../../other/Dockerfile", "/opt/b b/Dockerfile"},
		Result: lint.Result{Findings: []lint.Finding{aptLists("../../other/Dockerfile", 2, 2), aptLists("/opt/b b/Dockerfile", 4, 4)}},
	}),
	"newer": linted(LintRun{
		Files:  []string{"Dockerfile"},
		Result: lint.Result{Findings: []lint.Finding{{Rule: "OfALaterBuildKit", Severity: lint.Warning, File: "Dockerfile", Line: 1, EndLine: 1, Message: "something is wrong"}}},
	}),
	"hostile": hostileLint("\x1b[31m::error::evil ##[add-mask]\r\n::error::evil\u2028, a:b%0A [x](http://evil.example)"),
}

// linted adds what all runs share: a few rules, and a work tree in whose folder
// service the command was run.
func linted(run LintRun) LintRun {
	run.Tool, run.Dir, run.Root = "0.1.0", "/repository/service", "/repository"
	run.Rules = []lint.About{
		{Name: "apt-lists-kept", Of: lint.OfDockerfile, Severity: lint.Warning, Summary: "apt's lists stay in the layer", Why: "the lists take 20 to 60 MB", Fix: "remove them in the same RUN", Doc: "What apt-get update downloads stays in the layer of its RUN.", Bad: "RUN apt-get update\n", Good: "RUN apt-get update && rm -rf /var/lib/apt/lists/*\n"},
		{Name: "context-unfiltered", Of: lint.OfDockerfile, Severity: lint.Info, Summary: "the context is large"},
		{Name: "no-healthcheck", Of: lint.OfDockerfile, Severity: lint.Info, Summary: "there is no HEALTHCHECK"},
		{Name: "StageNameCasing", Of: lint.OfBuildKit, Severity: lint.Warning, Summary: "Stage names should be lowercase", URL: "https://docs.docker.com/go/dockerfile/rule/stage-name-casing/"},
		{Name: "image-secret", Of: lint.OfImage, Severity: lint.Error, Summary: "a secret is in the image", Why: "whoever can pull the image has it"},
	}
	return run
}

func aptLists(file string, line, end int) lint.Finding {
	return lint.Finding{
		Rule: "apt-lists-kept", Severity: lint.Warning, File: file, Line: line, EndLine: end, Message: "apt's lists stay in the layer of this RUN",
		Why: "the lists take 20 to 60 MB, and no service reads them", Fix: "end the same RUN with rm -rf /var/lib/apt/lists/*",
	}
}

func imageSecret(image string) lint.Finding {
	return lint.Finding{
		Rule: "image-secret", Severity: lint.Error, Image: image, Message: `the environment variable "API_TOKEN" holds a secret: token`,
		Why: "whoever can pull the image has it", Fix: "replace the secret, and hand the new one to the container when it runs",
	}
}

// hostileLint has something of everything, and text in all that comes from outside.
func hostileLint(text string) LintRun {
	findings := []lint.Finding{aptLists("x", 3, 3), aptLists("x", 4, 4), {Severity: lint.Info}, imageSecret("x")}
	run := LintRun{
		Result: lint.Result{Findings: findings, Suppressed: []lint.Suppressed{{Finding: aptLists("x", 5, 5), Reason: "x"}}},
		Files:  []string{""}, Images: []string{""}, Faults: []LintFault{{}},
	}
	fill(reflect.ValueOf(&run), text)
	for n := range run.Findings {
		f := &run.Findings[n]
		if n == len(findings)-1 { // of an image
			f.File = ""
		} else if f.Image = ""; strings.TrimSpace(f.File) == "" {
			f.File = "x"
		}
	}
	return linted(run)
}
