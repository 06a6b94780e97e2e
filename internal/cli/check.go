package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/gate"
)

// judge is what check and record do with one budget.
type judge func(context.Context, budget.Budget, *gate.Machine) (budget.ImageResult, error)

func (p *program) check() *cobra.Command {
	return p.overBudgets(gate.Check, &cobra.Command{
		Use:   "check [NAME...]",
		Short: "Measure images and compare them with their baselines: the gate",
		Long: `check takes every budget in --dir, or those that are named, obtains its image,
measures the gated metrics, and compares them with the baseline and the ceilings.
The report goes to standard output, progress to standard error.`,
		Example: `  image-budget check
  image-budget check hello --format markdown -o json=result.json
  image-budget check --no-run   # size and pull only; cold_start is then unmeasured, exit 3`,
	})
}

func (p *program) record() *cobra.Command {
	return p.overBudgets(gate.Record, &cobra.Command{
		Use:   "record [NAME...]",
		Short: "Measure images and write their baselines",
		Long: `record measures like check and writes what it measured to NAME.baseline.yaml
beside the budget. Commit that file: it is what later checks compare with. Where
a gated metric cannot be measured nothing is written.`,
		Example: `  image-budget record
  image-budget record hello`,
	})
}

// overBudgets completes a command that judges one budget after the other.
func (p *program) overBudgets(do judge, c *cobra.Command) *cobra.Command {
	var out output
	var noRun bool
	out.flags(c)
	c.Flags().BoolVar(&noRun, "no-run", false, "run no container; metrics that need one stay unmeasured")
	c.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return budget.Names(p.globals.dir), cobra.ShellCompDirectiveNoFileComp
	}
	c.RunE = func(c *cobra.Command, names []string) error {
		targets, err := out.targets()
		if err != nil {
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
