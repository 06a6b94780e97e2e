package report

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/image-budget/image-budget/internal/lint"
)

// LintRun is what the rules have found, and what a format has to know of the run.
type LintRun struct {
	lint.Result
	Files, Images []string     // what was looked at, as it was asked for
	Faults        []LintFault  // what could not be looked at, and why
	Rules         []lint.About // those that there are
	Tool          string       // version of this tool
	Dir, Root     string       // absolute: the folder that Files are relative to, and that of its repository
}

// LintFault is something that could not be looked at.
type LintFault struct {
	Text string // why, with the place
	File string // empty where it is of no file
	Line int    // from 1; 0 when it is of the file as a whole
}

// lintViews is every format of lint, in the order of help. A new one is a line
// here.
var lintViews = views[LintRun]{
	{"text", "for a terminal, with why and fix", lintText},
	{"json", "every finding, for programs", lintJSON},
	{"sarif", "SARIF 2.1.0, for code scanning and editors", lintSARIF},
	{"github", "annotations of GitHub Actions", lintGitHub},
}

// LintFormatNames lists the formats of lint, the default first.
func LintFormatNames() []string { return lintViews.names() }

// LintFormat finds what writes a run of lint.
func LintFormat(name string) (func(io.Writer, LintRun, Options) error, bool) {
	write, ok := lintViews.named(name)
	return func(w io.Writer, run LintRun, o Options) error { return write(w, run, 0, o) }, ok
}

// place is where a finding is: file and line, or the image.
func place(f lint.Finding) string {
	switch {
	case f.File == "":
		return cleanName(f.Image)
	case f.Line == 0:
		return cleanName(f.File)
	}
	return fmt.Sprintf("%s:%d", cleanName(f.File), f.Line)
}

// inRepository is the path of a file as seen from the repository's folder, with
// slashes, and as it is where the file is outside of it.
func (run LintRun) inRepository(file string) (path string, inside bool) {
	whole := file
	if !filepath.IsAbs(whole) {
		whole = filepath.Join(run.Dir, file)
	}
	path, err := filepath.Rel(run.Root, whole)
	if err != nil || path == ".." || strings.HasPrefix(path, ".."+string(filepath.Separator)) {
		return filepath.ToSlash(whole), false
	}
	return filepath.ToSlash(path), true
}

// lintSummary says in one line what came out: "3 findings (1 error, 2 warnings)
// in 2 files, 1 accepted".
func lintSummary(run LintRun) string {
	text := "no findings"
	if n := len(run.Findings); n > 0 {
		text = count(n, "finding") + " (" + bySeverity(run.Findings) + ")"
	}
	var in []string
	if n := len(run.Files); n > 0 {
		in = append(in, count(n, "file"))
	}
	if n := len(run.Images); n > 0 {
		in = append(in, count(n, "image"))
	}
	if len(in) > 0 {
		text += " in " + list(in)
	}
	if n := len(run.Suppressed); n > 0 {
		text += fmt.Sprintf(", %d accepted", n)
	}
	if n := len(run.Faults); n > 0 {
		text += fmt.Sprintf(", %d not read", n)
	}
	return text
}

// bySeverity counts findings, the heaviest first: "1 error, 2 warnings".
func bySeverity(all []lint.Finding) string {
	var parts []string
	for n := len(lint.Severities) - 1; n >= 0; n-- {
		severity, of := lint.Severities[n], 0
		for _, f := range all {
			if f.Severity == severity {
				of++
			}
		}
		switch {
		case of == 0:
		case severity == lint.Info: // which has no plural
			parts = append(parts, fmt.Sprintf("%d %s", of, severity))
		default:
			parts = append(parts, count(of, string(severity)))
		}
	}
	return strings.Join(parts, ", ")
}
