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
		properties := append(run.at(fault.File, fault.Line, 0), "title=image-budget lint")
		b.WriteString("::error " + strings.Join(properties, ",") + "::" + commandData(Clean(fault.Text)) + "\n")
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
	if f.File == "" {
		title += " in " + cleanName(f.Image)
	}
	properties := append(run.at(f.File, f.Line, f.EndLine), "title="+commandProperty(title))
	message := Clean(f.Message)
	for _, about := range [][2]string{{"why: ", f.Why}, {"fix: ", f.Fix}, {"see: ", f.URL}} {
		if about[1] != "" {
			message += "\n" + about[0] + Clean(about[1])
		}
	}
	return "::" + command + " " + strings.Join(properties, ",") + "::" + commandData(message)
}

// at are the properties that say where something is; none where it is in no file.
func (run LintRun) at(file string, line, end int) (properties []string) {
	if file == "" {
		return nil
	}
	path, _ := run.inRepository(file)
	properties = append(properties, "file="+commandProperty(cleanName(path)))
	if line > 0 {
		properties = append(properties, fmt.Sprintf("line=%d", line), fmt.Sprintf("endLine=%d", max(line, end)))
	}
	return properties
}

// The runner unescapes what these escape; see escapeData and escapeProperty in
// packages/core/src/command.ts of actions/toolkit.
var (
	dataEscapes     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func commandData(s string) string { return dataEscapes.Replace(s) }

func commandProperty(s string) string { return propertyEscapes.Replace(s) }
