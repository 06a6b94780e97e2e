package cli

import (
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/gate"
	"github.com/image-budget/image-budget/internal/report"
)

// diff says what changed between two images.
func (p *program) diff() *cobra.Command {
	var show shown
	c := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "What changed between two images, or a baseline and an image",
		Long: `diff compares what two images are made of: layers, packages that came, went or
changed their version, files, and what is not needed at run time. Each table adds
up to the difference of the metric size, to the byte. Nothing is run, and no size is
judged: the exit status is 0 whatever it says.

OLD and NEW are as for measure, or a baseline file (NAME.baseline.yaml), which
tells what its image held when it was recorded; of files it knows nothing, unless
the cache has the image. The name of a budget in --dir that has a baseline stands
for that file. Two baselines tell how the times changed as well.
` + transports(),
		Example: `  image-budget diff budgets/support-agent.baseline.yaml support-agent:dev
  image-budget diff agent-naive agent-layered --format markdown`,
		Args: cobra.ExactArgs(2),
	}
	show.flags(c, report.GrowthFormatNames(), "how many packages and files to list")
	c.RunE = func(c *cobra.Command, args []string) error {
		write, ok := report.GrowthFormat(show.format)
		if !ok {
			return usage("%q is no format of diff: write %s", show.format, orList(report.GrowthFormatNames()))
		}
		want, err := show.check()
		if err != nil {
			return err
		}
		old, err := p.baselineOf(args[0])
		if err != nil {
			return err
		}
		now, err := p.baselineOf(args[1])
		if err != nil {
			return err
		}
		return p.withMachine(c, true, func(at *gate.Machine) error {
			found, err := gate.Diff(c.Context(), old, now, want, show.top, at)
			if err != nil {
				return err
			}
			return write(p.stdout, found, show.top, report.Options{Color: p.color(), Width: p.width()})
		})
	}
	return c
}

// baselineOf is the baseline file of the budget of that name, or the name where
// there is no such budget: then it is an image's.
func (p *program) baselineOf(name string) (string, error) {
	if !slices.Contains(budget.Names(p.globals.dir), name) {
		return name, nil
	}
	path := budget.BaselinePath(filepath.Join(p.globals.dir, name+".yaml"))
	if _, err := os.Lstat(path); err != nil {
		return "", hinted("run image-budget record "+name+" first; for an image of that name write docker-daemon:"+name+" or docker://"+name,
			"%q is a budget in %s that has no baseline yet", name, p.globals.dir)
	}
	return path, nil
}
