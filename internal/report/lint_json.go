package report

import (
	"io"

	"github.com/image-budget/image-budget/internal/lint"
)

// lintJSON has everything, version 1.
func lintJSON(w io.Writer, run LintRun, _ int, _ Options) error {
	faults := []string{}
	for _, fault := range run.Faults {
		faults = append(faults, fault.Text)
	}
	return deliverJSON(w, struct {
		Version    int               `json:"version"`
		Tool       string            `json:"tool"`
		Files      []string          `json:"files"`
		Images     []string          `json:"images"`
		Faults     []string          `json:"faults"`
		Findings   []lint.Finding    `json:"findings"`
		Suppressed []lint.Suppressed `json:"suppressed"`
	}{
		Version: 1, Tool: run.Tool,
		Files: append([]string{}, run.Files...), Images: append([]string{}, run.Images...), Faults: faults,
		Findings: append([]lint.Finding{}, run.Findings...), Suppressed: append([]lint.Suppressed{}, run.Suppressed...),
	}, "the findings")
}
