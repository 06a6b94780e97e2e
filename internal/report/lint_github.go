package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/image-budget/image-budget/internal/lint"
)

// annotations are the workflow commands by which GitHub's runner marks a line.
var annotations = map[lint.Severity]string{lint.Error: "error", lint.Warning: "warning", lint.Info: "notice"}

// lintGitHub writes an annotation a finding, the heaviest first, since GitHub shows
// ten of a kind in a step, and then the sum.
func lintGitHub(w io.Writer, run LintRun, _ int, _ Options) error {
	var b strings.Builder
	for _, f := range lint.ByWeight(run.Findings) {
		b.WriteString(run.annotation(f) + "\n")
	}
	for _, fault := range run.Faults {
		b.WriteString("::error title=image-budget lint::" + commandData(Clean(fault)) + "\n")
	}
	b.WriteString(lintSummary(run) + "\n")
	return deliver(w, []byte(b.String()))
}

func (run LintRun) annotation(f lint.Finding) string {
	command := annotations[f.Severity]
	if command == "" {
		command = "error"
	}
	title := cleanName(f.Rule)
	var properties []string
	set := func(name, value string) {
		properties = append(properties, name+"="+commandProperty(value))
	}
	if f.File == "" {
		title += " in " + cleanName(f.Image)
	} else {
		path, _ := run.inRepository(f.File)
		set("file", cleanName(path))
		if f.Line > 0 {
			set("line", fmt.Sprint(f.Line))
			set("endLine", fmt.Sprint(max(f.Line, f.EndLine)))
		}
	}
	set("title", title)
	message := Clean(f.Message)
	for _, about := range [][2]string{{"why: ", f.Why}, {"fix: ", f.Fix}, {"see: ", f.URL}} {
		if about[1] != "" {
			message += "\n" + about[0] + Clean(about[1])
		}
	}
	return "::" + command + " " + strings.Join(properties, ",") + "::" + commandData(message)
}

// The runner unescapes what these escape; see escapeData and escapeProperty in
// packages/core/src/command.ts of actions/toolkit.
var (
	dataEscapes     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func commandData(s string) string { return dataEscapes.Replace(s) }

func commandProperty(s string) string { return propertyEscapes.Replace(s) }
