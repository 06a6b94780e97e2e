package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/gate"
	"github.com/image-budget/image-budget/internal/lint"
	"github.com/image-budget/image-budget/internal/report"
)

// lintAll goes on after a fault of one file, so that a run tells of all; the faults
// come back beside what was found.
func (p *program) lintAll(c *cobra.Command, f *lintFlags, paths []string) (report.LintRun, []error) {
	run := report.LintRun{Rules: lint.Catalog(), Tool: Version}
	var err error
	if run.Dir, err = os.Getwd(); err != nil {
		return run, []error{fmt.Errorf("finding the working directory: %w", err)}
	}
	run.Root = repositoryOf(run.Dir)
	inputs, faults := p.lintInputs(c, f, paths)
	for _, in := range inputs {
		result, err := lint.Dockerfile(c.Context(), in)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		if !slices.Contains(run.Files, in.Dockerfile) {
			run.Files = append(run.Files, in.Dockerfile)
		}
		run.Findings = append(run.Findings, result.Findings...)
		run.Suppressed = append(run.Suppressed, result.Suppressed...)
	}
	once(&run.Result)
	if f.image != "" {
		of, err := p.lintImage(c, f)
		if err != nil {
			faults = append(faults, err)
		} else {
			run.Images = append(run.Images, f.image)
			run.Findings = append(run.Findings, lint.Without(of, run.Result)...)
		}
	}
	for _, fault := range faults {
		run.Faults = append(run.Faults, placed(fault))
	}
	return run, faults
}

// placed is a fault with the file and the line that it is of, where it is of one.
func placed(fault error) report.LintFault {
	f := report.LintFault{Text: fault.Error()}
	var file *lint.DockerfileError
	var policy *budget.FileError
	switch {
	case errors.As(fault, &file):
		f.File, f.Line = file.Path, file.Line
	case errors.As(fault, &policy):
		f.File, f.Line = policy.Path, policy.Line
	}
	return f
}

// once leaves out what was found again in a file that is built in several ways.
func once(r *lint.Result) {
	seen := map[lint.Finding]bool{}
	r.Findings = slices.DeleteFunc(r.Findings, func(f lint.Finding) bool {
		again := seen[f]
		seen[f] = true
		return again
	})
	accepted := map[lint.Suppressed]bool{}
	r.Suppressed = slices.DeleteFunc(r.Suppressed, func(s lint.Suppressed) bool {
		again := accepted[s]
		accepted[s] = true
		return again
	})
}

func (p *program) lintImage(c *cobra.Command, f *lintFlags) (found []lint.Finding, err error) {
	want, err := f.wanted()
	if err != nil {
		return nil, err
	}
	err = p.withMachine(c, true, func(at *gate.Machine) error {
		found, err = gate.LintImage(c.Context(), f.image, want, at)
		return err
	})
	return found, err
}

// repositoryOf is the folder above dir, or dir itself, that has .git; dir where
// there is none. CI systems want paths relative to that.
func repositoryOf(dir string) string {
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			return at
		}
		if at == filepath.Dir(at) {
			return dir
		}
	}
}

// concludeLint reports what was found, and ends with the status of the findings
// and of the faults.
func (p *program) concludeLint(targets []target, run report.LintRun, failOn string, faults []error) error {
	status := statusPass
	if failOn != never && slices.ContainsFunc(run.Findings, func(f lint.Finding) bool { return f.Severity.AtLeast(lint.Severity(failOn)) }) {
		status = statusRegression
	}
	err := p.writeAll(targets, false, func(name string, w io.Writer, o report.Options) error {
		write, _ := report.LintFormat(name) // targetsOf knows no other
		return write(w, run, o)
	})
	for _, fault := range append(faults, present(err)...) {
		p.complain(fault)
		status = worse(status, statusOf(fault))
	}
	if status != statusPass {
		return &statusError{Status: status}
	}
	return nil
}
