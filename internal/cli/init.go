package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/gate"
	"github.com/image-budget/image-budget/internal/metric"
	"github.com/image-budget/image-budget/internal/report"
	"github.com/image-budget/image-budget/internal/starter"
)

func (p *program) init() *cobra.Command {
	var noBuild, dryRun bool
	c := &cobra.Command{
		Use:   "init [PATH]",
		Short: "Write a starting budget and the CI files for this repository",
		Long: `init looks through the repository at PATH, which is this folder unless it is
named, and asks nothing. For each Dockerfile it finds out in which folder it is
built, where the service listens (HEALTHCHECK, EXPOSE, the command, or the
framework's default) and which path says that it is ready (HEALTHCHECK, a route in
the source, or the framework's own), builds the image, and writes a budget with
every key explained and ceilings a fifth above what the image has today. Beside
them go a GitHub workflow, a GitLab job and a make target, check-image.

Nothing is ever overwritten: a file that is there is kept, and what then is to be
added to it by hand is said. So a second run changes nothing, and a Dockerfile
that came later gets its budget from another run.

An image that cannot be built gets a budget all the same, without ceilings for what
was not measured; a warning says why, and the exit status stays 0.`,
		Example: `  image-budget init
  image-budget init --no-build            # at once, and without an engine; no ceilings for bytes and layers
  image-budget init services/api --dry-run`,
		Args: cobra.MaximumNArgs(1),
	}
	c.Flags().BoolVar(&noBuild, "no-build", false, "build no image: what it has today, and so its ceilings, stay open")
	c.Flags().BoolVar(&dryRun, "dry-run", false, "print what would be written; build and write nothing")
	c.RunE = func(c *cobra.Command, args []string) error {
		folder := "."
		if len(args) > 0 {
			folder = args[0]
		}
		repository, err := starter.Open(folder, p.globals.dir)
		if err != nil {
			return err
		}
		defer repository.Close()
		return p.start(c, repository, folder, noBuild, dryRun)
	}
	return c
}

// start finds, measures, and writes at the end, so that an interrupted run has
// written nothing.
func (p *program) start(c *cobra.Command, repository *starter.Repository, folder string, noBuild, dryRun bool) error {
	project, err := repository.Find()
	if err != nil {
		return err
	}
	if _, err := repository.Files(project, Version); err != nil { // what cannot be written is found before anything is built
		return err
	}
	var fault error
	switch {
	case dryRun:
		unmeasured(&project, "this is what a dry run shows")
	case noBuild:
		unmeasured(&project, "--no-build")
	default:
		fault = p.today(c, repository, &project)
		if errors.Is(fault, context.Canceled) {
			return fault
		}
		if fault != nil {
			unmeasured(&project, fault.Error())
		}
	}
	files, err := repository.Files(project, Version)
	if err != nil {
		return err
	}
	for _, warning := range repository.Warnings(project) {
		p.say("warning: " + report.Clean(warning))
	}
	if !dryRun {
		if _, err := repository.Write(files); err != nil {
			return err
		}
	}
	return errors.Join(p.tell(project, files, folder, dryRun), fault)
}

func unmeasured(project *starter.Project, why string) {
	for i := range project.Images {
		project.Images[i].Unknown = cmp.Or(project.Images[i].Unknown, why)
	}
}

// today builds the images that get a budget, each by that budget, and notes what they
// measure or why that is not known.
func (p *program) today(c *cobra.Command, repository *starter.Repository, project *starter.Project) error {
	var why reasons
	err := p.withMachine(c, true, func(at *gate.Machine) error {
		for i := range project.Images {
			img := &project.Images[i]
			if img.Kept != "" {
				continue
			}
			if err := measureToday(c.Context(), repository, img, at); c.Context().Err() != nil {
				return c.Context().Err()
			} else if err != nil {
				img.Unknown = err.Error()
				why.add(img.Name, err)
			}
		}
		return nil
	})
	for _, reason := range why {
		p.say("warning: not measured, so no ceilings for bytes and layers yet: " + strings.Join(reason.names, ", ") + ": " + report.Clean(reason.text))
	}
	return err
}

func measureToday(ctx context.Context, repository *starter.Repository, img *starter.Image, at *gate.Machine) error {
	b, err := repository.Budget(*img)
	if err != nil {
		return err
	}
	now, exposed, err := gate.Today(ctx, b, at)
	if err != nil {
		return err
	}
	number := func(m metric.Metric) int64 { return *now.Metrics[m.Name].Number }
	img.Learn(starter.Today{Size: number(metric.Size), Compressed: number(metric.CompressedSize), Layers: number(metric.Layers)}, exposed)
	return nil
}

// reasons are why images were not measured, each once, with the images' names.
type reasons []struct {
	text  string
	names []string
}

func (r *reasons) add(name string, err error) {
	text := budget.Reason(err)
	for i := range *r {
		if (*r)[i].text == text {
			(*r)[i].names = append((*r)[i].names, name)
			return
		}
	}
	*r = append(*r, struct {
		text  string
		names []string
	}{text, []string{name}})
}

// tell lists what was written and kept, and what to do next.
func (p *program) tell(project starter.Project, files []starter.File, folder string, dryRun bool) error {
	var out strings.Builder
	wrote := "wrote"
	if dryRun {
		wrote = "would write"
	}
	about := map[string]string{}
	for _, img := range project.Images {
		about[cmp.Or(img.Kept, filepath.ToSlash(filepath.Join(p.globals.dir, img.Name+".yaml")))] = img.About()
	}
	fresh := false
	for _, f := range files {
		line := wrote + " " + f.Path
		if f.Kept {
			line = "kept " + f.Path
		} else if about[f.Path] != "" {
			line += ": " + about[f.Path]
		}
		if f.Hint != "" {
			line += "; " + f.Hint
		}
		fresh = fresh || !f.Kept
		out.WriteString(report.Clean(line) + "\n")
	}
	if dryRun {
		for _, f := range files {
			if !f.Kept {
				fmt.Fprintf(&out, "\n--- %s\n%s", report.Clean(f.Path), report.Clean(f.Text))
			}
		}
	} else {
		dir := ""
		if at := filepath.Join(folder, p.globals.dir); at != "budgets" {
			dir = " --dir " + quotedForShell(at)
		}
		if fresh {
			fmt.Fprintf(&out, "\nnext: look through them and commit them, then measure what is accepted: image-budget record%s\n", dir)
		} else {
			fmt.Fprintf(&out, "\nnext: measure what is accepted: image-budget record%s\n", dir)
		}
		fmt.Fprintf(&out, "next: commit the baselines, and hold every change against them: image-budget check%s\n", dir)
	}
	_, err := p.stdout.Write([]byte(out.String()))
	return err
}

var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./-]+$`)

// quotedForShell is a word that a shell takes as it is.
func quotedForShell(word string) string {
	if plainWord.MatchString(word) && !strings.HasPrefix(word, "-") {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
