package scan

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/image-budget/image-budget/internal/process"
)

// NotInstalledError is a scanner that this machine does not have.
type NotInstalledError struct {
	Tool string
	Err  error
}

func (e *NotInstalledError) Error() string {
	return fmt.Sprintf("running %s: it is not on this machine", e.Tool)
}
func (e *NotInstalledError) Unwrap() error { return e.Err }

// Hint says what to do about it.
func (e *NotInstalledError) Hint() string {
	return "install " + e.Tool + " and have it on PATH, or write scan: {report: PATH} and scan before the check"
}

// RunError is a scanner that did not come to a report.
type RunError struct {
	Tool   string
	Status int    // -1 when it did not run or was killed
	Output string // its last lines
	Err    error
}

func (e *RunError) Error() string {
	text := fmt.Sprintf("running %s: %v", e.Tool, e.Err)
	if e.Output != "" {
		text += "; its last lines:\n" + e.Output
	}
	return text
}
func (e *RunError) Unwrap() error { return e.Err }

// Hint says what to do about it.
func (e *RunError) Hint() string {
	return "run trivy image on any image by hand; offline it needs its database in TRIVY_CACHE_DIR, and TRIVY_SKIP_DB_UPDATE=true"
}

// The names of what a run has in its folder.
const (
	layoutName = "image"
	reportName = "report.json"
	outputName = "output.log"
)

// LayoutIn is where in folder RunTrivy looks for the OCI layout of the image.
func LayoutIn(folder string) string { return filepath.Join(folder, layoutName) }

// trivyArguments ask for everything: what counts is not decided by the scanner's
// settings, and a flag beats a variable. Trivy takes what stands behind a colon in
// --input for a tag, so the path is a relative one.
var trivyArguments = []string{
	"image", "--input", layoutName, "--format", "json", "--output", reportName, "--quiet", "--exit-code", "0",
	"--scanners", "vuln", "--severity", "UNKNOWN,LOW,MEDIUM,HIGH,CRITICAL", "--list-all-pkgs=false",
}

// RunTrivy runs the Trivy of this machine on the layout in folder, and returns what
// it found. It works in that folder, which holds nothing else: no .trivyignore and
// no trivy.yaml of wherever the gate was called from. TRIVY_... in the environment
// counts. With ctx the program goes, and with it what it started.
func RunTrivy(ctx context.Context, folder string) (Report, error) {
	program, err := exec.LookPath("trivy")
	if err != nil {
		return Report{}, &NotInstalledError{Tool: "trivy", Err: err}
	}
	environment, err := absolute(os.Environ())
	if err != nil {
		return Report{}, err
	}
	if err := run(ctx, folder, environment, program, trivyArguments...); err != nil {
		return Report{}, err
	}
	r, err := Read(filepath.Join(folder, reportName))
	if err != nil {
		// It is no fault of the user's that Trivy wrote something else, or nothing.
		return Report{}, &RunError{Tool: "trivy", Output: lastLines(folder), Err: errors.New(strings.ReplaceAll(err.Error(), folder+string(filepath.Separator), ""))}
	}
	return r, nil
}

// run runs program in folder. Its output goes to a file there: nothing waits for a
// pipe that a grandchild holds open.
func run(ctx context.Context, folder string, environment []string, program string, arguments ...string) error {
	output, err := os.Create(filepath.Join(folder, outputName))
	if err != nil {
		return err
	}
	defer output.Close()
	cmd := exec.CommandContext(ctx, program, arguments...)
	cmd.Dir, cmd.Env = folder, environment
	cmd.Stdout, cmd.Stderr = output, output
	err = process.Run(ctx, cmd)
	if ctx.Err() != nil {
		return fmt.Errorf("running %s: %w", filepath.Base(program), err)
	}
	if err == nil {
		return nil
	}
	fault := &RunError{Tool: filepath.Base(program), Status: -1, Output: lastLines(folder), Err: err}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		fault.Status = exit.ExitCode()
	}
	return fault
}

// How much of a program's output is told.
const (
	maxOutput = 4 << 10
	maxLines  = 10
)

// lastLines are the last lines of the output in folder.
func lastLines(folder string) string {
	f, err := os.Open(filepath.Join(folder, outputName))
	if err != nil {
		return ""
	}
	defer f.Close()
	if stat, err := f.Stat(); err == nil && stat.Size() > maxOutput {
		if _, err := f.Seek(-maxOutput, io.SeekEnd); err != nil {
			return ""
		}
	}
	said, err := io.ReadAll(io.LimitReader(f, maxOutput))
	if err != nil {
		return ""
	}
	lines := strings.Split(strings.TrimSpace(string(said)), "\n")
	return strings.Join(lines[max(0, len(lines)-maxLines):], "\n")
}

// absolute is the environment with those paths made absolute that Trivy would look
// for from its own folder, such as GitLab's usual TRIVY_CACHE_DIR=.trivycache/.
func absolute(environment []string) ([]string, error) {
	all := make([]string, 0, len(environment))
	for _, variable := range environment {
		name, value, _ := strings.Cut(variable, "=")
		switch name {
		case "TRIVY_CACHE_DIR", "TRIVY_CONFIG", "TRIVY_IGNOREFILE":
			if value == "" {
				break
			}
			path, err := filepath.Abs(value)
			if err != nil {
				return nil, fmt.Errorf("making %s absolute: %w", name, err)
			}
			variable = name + "=" + path
		}
		all = append(all, variable)
	}
	return all, nil
}
