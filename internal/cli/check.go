package cli

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/gate"
)

// judge is what check and record do with one budget. An error may come with a result
// of what it did not keep from being judged.
type judge func(context.Context, budget.Budget, *gate.Machine) (budget.ImageResult, error)

func (p *program) check() *cobra.Command {
	var how howFlags
	var importTime bool
	c := p.overBudgets(func(ctx context.Context, b budget.Budget, at *gate.Machine) (budget.ImageResult, error) {
		at.ImportTime = importTime
		return gate.Check(ctx, b, how.How, at)
	}, func(c *cobra.Command) error {
		return firstOf(refuseEmpty(c, "against", "compare", "max-age"), how.parse())
	}, &cobra.Command{
		Use:   "check [NAME...]",
		Short: "Measure images and compare them with their baselines: the gate",
		Long: `check takes every budget in --dir, or those that are named, obtains its image,
measures the gated metrics, and compares them with the baseline and the ceilings.
The report goes to standard output, progress to standard error.

Sizes are compared with the recorded numbers. Times are compared with those of
the baseline image, measured beside the candidate in the same run: pair by pair,
until the samples decide it. That image comes from the local cache, from the
registry reference in the baseline, or is built again from the baseline's commit;
where it cannot be had, the recorded samples are compared, and the report says
why. An image that has not changed is tried once, for the figures.

Where the budget has scan, the vulnerabilities in the image, from a scanner's
report or by the Trivy of this machine, are compared with those in the baseline:
new ones of fail_on (high) or above are a regression.`,
		Example: `  image-budget check
  image-budget check hello --format markdown -o json=result.json
  image-budget check --against git:main   # hold it against what main builds now
  image-budget check --no-run   # size and pull only; cold_start is then unmeasured, exit 3`,
	})
	how.flags(c)
	c.Flags().StringVar(&how.Against, "against", "", "hold it against another image: IMAGE as for measure, or git:REVISION, built for this")
	c.Flags().StringVar(&how.maxAge, "max-age", "", "a baseline older than this is an error, such as 90d or 720h")
	c.Flags().BoolVar(&how.FailFast, "fail-fast", false, "run no trial once an exact metric has failed")
	importTimeFlag(c, &importTime)
	return c
}

func (p *program) record() *cobra.Command {
	var what gate.What
	c := p.overBudgets(func(ctx context.Context, b budget.Budget, at *gate.Machine) (budget.ImageResult, error) {
		return gate.Record(ctx, b, what, at)
	}, func(c *cobra.Command) error {
		if what.Improved && len(what.Only) > 0 {
			return usage("--only and --improved exclude each other: --improved finds out by itself what got better")
		}
		return firstOf(refuseEmpty(c, "only"), checkMetrics("--only", what.Only), checkDuration(what.MaxDuration))
	}, &cobra.Command{
		Use:   "record [NAME...]",
		Short: "Measure images and write their baselines",
		Long: `record measures like check and writes what it measured to NAME.baseline.yaml
beside the budget. Commit that file: it is what later checks compare with. Where
a gated metric cannot be measured nothing is written.

Record from a clean commit, or an image in a registry: then the baseline says
where its image can be had again, to be measured beside later candidates.

--only and --improved change the lines of some metrics and keep every other byte
of the file, the vulnerabilities too; the baseline image, that times are compared with where it can be
had, stays the one that was recorded whole.`,
		Example: `  image-budget record
  image-budget record hello
  image-budget record hello --only size     # accept its size, and nothing else
  image-budget record --improved            # a ratchet: accept what got better`,
	})
	durationFlag(c, &what.MaxDuration)
	c.Flags().StringSliceVar(&what.Only, "only", nil, "write only these metrics: "+strings.Join(metricNames(), ", "))
	c.Flags().BoolVar(&what.Improved, "improved", false, "compare, and write only the metrics that got better")
	return c
}

// overBudgets completes a command that judges one budget after the other, once
// its flags are found right.
func (p *program) overBudgets(do judge, right func(*cobra.Command) error, c *cobra.Command) *cobra.Command {
	var out output
	var noRun bool
	out.flags(c)
	c.Flags().BoolVar(&noRun, "no-run", false, "run no container; metrics that need one stay unmeasured")
	c.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return budget.Names(p.globals.dir), cobra.ShellCompDirectiveNoFileComp
	}
	c.RunE = func(c *cobra.Command, names []string) error {
		targets, err := out.targets()
		if err = firstOf(err, right(c)); err != nil {
			return err
		}
		budgets, err := budget.Find(p.globals.dir, names)
		if err != nil {
			return err
		}
		return p.withMachine(c, noRun, func(at *gate.Machine) error {
			images, err := judgeAll(c.Context(), budgets, at, do)
			return p.conclude(targets, out.verbose, images, err)
		})
	}
	return c
}

// judgeAll goes on after a fault of one budget, so that a run tells of all.
func judgeAll(ctx context.Context, budgets []budget.Budget, at *gate.Machine, do judge) ([]budget.ImageResult, error) {
	var images []budget.ImageResult
	var faults []error
	for _, b := range budgets {
		image, err := do(ctx, b, at)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			faults = append(faults, err)
		}
		if err != nil && image.Verdict == "" {
			image = gate.Unjudged(b, err)
		}
		images = append(images, image)
	}
	return images, errors.Join(faults...)
}

// conclude reports what was judged, and ends with the status of the worst of
// it and of the faults.
func (p *program) conclude(targets []target, verbose bool, images []budget.ImageResult, fault error) error {
	if errors.Is(fault, context.Canceled) {
		return fault
	}
	result := budget.Total(images, Version)
	result.ExitCode = worse(result.ExitCode, statusOf(fault))
	if err := p.write(targets, verbose, result); err != nil {
		fault = errors.Join(fault, err)
	}
	if fault != nil {
		p.complain(fault)
	}
	if status := worse(result.ExitCode, statusOf(fault)); status != statusPass {
		return &statusError{Status: status}
	}
	return nil
}

// worse is the status that wins: usage beats regression beats unmeasured.
func worse(a, b int) int {
	for _, status := range []int{statusUsage, statusRegression, statusUnmeasured} {
		if a == status || b == status {
			return status
		}
	}
	return statusPass
}
