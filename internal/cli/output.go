package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/report"
)

// output is where a result goes: one format to standard output, and any number
// to files.
type output struct {
	format  string
	files   []string
	verbose bool
}

// flags are those of a command that reports the result of a gate.
func (o *output) flags(c *cobra.Command) {
	o.flagsOf(c, formatNames())
	c.Flags().BoolVarP(&o.verbose, "verbose", "v", false, "show every sample")
}

// flagsOf are those of any command that has a report in these formats.
func (o *output) flagsOf(c *cobra.Command, names []string) {
	c.Flags().StringVar(&o.format, "format", names[0], "format of the report on standard output: "+strings.Join(names, ", "))
	c.Flags().StringArrayVarP(&o.files, "output", "o", nil, "also write the report to a file, as FORMAT=PATH (repeatable)")
	_ = c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
}

// target is one report to write.
type target struct {
	format string
	path   string // empty for standard output
}

// targets checks formats and paths before anything is measured, so that a
// misspelled one does not cost the run.
func (o *output) targets() ([]target, error) { return o.targetsOf(formatNames()) }

// targetsOf is targets where the formats are these.
func (o *output) targetsOf(names []string) ([]target, error) {
	specs := append([]string{o.format + "="}, o.files...)
	var list []target
	for i, spec := range specs {
		name, path, found := strings.Cut(spec, "=")
		if i > 0 && (!found || path == "") {
			return nil, usage("-o %q: write FORMAT=PATH, such as json=result.json", spec)
		}
		if !slices.Contains(names, name) {
			return nil, usage("%q is no report format: %s", name, strings.Join(names, ", "))
		}
		for _, other := range list {
			if path != "" && other.path == filepath.Clean(path) {
				return nil, usage("-o %q: another report goes to that path", spec)
			}
		}
		if path != "" {
			path = filepath.Clean(path)
			if err := writable(path); err != nil {
				return nil, usage("-o %q: %w", spec, err)
			}
		}
		list = append(list, target{format: name, path: path})
	}
	return list, nil
}

// writable finds what is wrong with a path before there is a report to lose.
func writable(path string) error {
	if parent, err := os.Stat(filepath.Dir(path)); err != nil || !parent.IsDir() {
		return fmt.Errorf("there is no folder %q", filepath.Dir(path))
	}
	if there, err := os.Stat(path); err == nil && there.IsDir() {
		return fmt.Errorf("%q is a folder", path)
	}
	if strings.HasSuffix(path, ".yaml") {
		return errors.New("that is a name for budgets and baselines, not for a report")
	}
	return nil
}

func formatNames() []string {
	names := make([]string, len(report.Formats))
	for i, f := range report.Formats {
		names[i] = f.Name
	}
	return names
}

// write writes the result to every target.
func (p *program) write(targets []target, verbose bool, result budget.Result) error {
	return p.writeAll(targets, verbose, func(name string, w io.Writer, o report.Options) error {
		format, _ := report.Named(name) // targets knows no other
		return format.Write(w, result, o)
	})
}

// writeAll writes a report to every target, as its format's name says. A report
// that could not be written is an error: a verdict that nobody sees is no verdict.
func (p *program) writeAll(targets []target, verbose bool, write func(format string, w io.Writer, o report.Options) error) error {
	for _, t := range targets {
		if err := p.writeTo(t, verbose, write); err != nil {
			return fmt.Errorf("writing the %s report: %w", t.format, err)
		}
	}
	return nil
}

func (p *program) writeTo(t target, verbose bool, write func(string, io.Writer, report.Options) error) error {
	if t.path == "" {
		return write(t.format, p.stdout, report.Options{Color: p.color(), Width: p.width(), Verbose: verbose})
	}
	var whole bytes.Buffer
	if err := write(t.format, &whole, report.Options{Width: 100, Verbose: true}); err != nil {
		return err
	}
	return writeFile(t.path, &whole)
}

// writeFile replaces path in one step where it is a regular file or absent, so
// that a report is never half there. Devices and pipes are written to.
func writeFile(path string, whole io.Reader) (err error) {
	if there, statErr := os.Stat(path); statErr == nil && !there.Mode().IsRegular() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		_, err = io.Copy(f, whole)
		return firstOf(err, f.Close())
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = io.Copy(f, whole)
	err = firstOf(err, f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// color reports whether standard output is a terminal that wants colour.
func (p *program) color() bool {
	return !p.globals.noColor && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && p.terminal() >= 0
}

// width is the terminal's, or 100 columns where there is none.
func (p *program) width() int {
	if fd := p.terminal(); fd >= 0 {
		if w, _, err := term.GetSize(fd); err == nil && w > 0 {
			return w
		}
	}
	return 100
}

// terminal is the descriptor of standard output if that is a terminal, else -1.
func (p *program) terminal() int {
	if f, ok := p.stdout.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return int(f.Fd())
	}
	return -1
}
