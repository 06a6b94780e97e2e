package cli

import (
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/lint"
	"github.com/image-budget/image-budget/internal/report"
)

// never is the value of --fail-on under which findings have no status.
const never = "never"

// lintFlags say what is linted, and how it is built.
type lintFlags struct {
	context, target, image, platform, failOn string
	buildArgs                                []string
	rules                                    bool
}

// lint holds Dockerfiles, and an image, against the rules.
func (p *program) lint() *cobra.Command {
	var out output
	var f lintFlags
	c := &cobra.Command{
		Use:   "lint [PATH...]",
		Short: "Hold Dockerfiles and images against the rules of small and safe images",
		Long: `lint reads Dockerfiles and says what in them makes an image large, slow to build
or unsafe: with the line, why it matters, and what to write instead. The rules are
those of BuildKit's own linter and ours; --rules lists them. Nothing is built.

PATH is a Dockerfile, or a folder with Dockerfiles (Dockerfile, Dockerfile.*,
*.Dockerfile, Containerfile), not those in folders below it. Without PATH, those of
the budgets in --dir that build are taken, with their context, target and
arguments; where there are none, those of the current folder.

With --image the rules of images are held against an image, which is as for
measure: does it run as root, has it a health check, secrets, labels of origin?

A comment above an instruction accepts a finding, and says why:
  # image-budget: ignore=RULE reason

Exit status: 0 no finding at or above --fail-on, 1 findings, 2 usage, or a file
that cannot be read or parsed, 3 an image that cannot be had.`,
		Example: `  image-budget lint
  image-budget lint services/agent --target runtime --fail-on error
  image-budget lint --image support-agent:dev
  image-budget lint --format github -o sarif=lint.sarif
  image-budget lint --rules                     # all rules
  image-budget lint --rules image-root-user     # one, with an example`,
	}
	out.flagsOf(c, report.LintFormatNames())
	f.flags(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		if f.rules {
			return p.lintRules(c, args)
		}
		targets, err := out.targetsOf(report.LintFormatNames())
		if err = firstOf(err, refuseEmpty(c, "context", "target", "image", "build-arg"), f.check()); err != nil {
			return err
		}
		run, faults := p.lintAll(c, &f, args)
		if c.Context().Err() != nil {
			return c.Context().Err()
		}
		return p.concludeLint(targets, run, f.failOn, faults)
	}
	return c
}

func (f *lintFlags) flags(c *cobra.Command) {
	flags := c.Flags()
	flags.StringVar(&f.context, "context", "", "folder that is built in (default that of the Dockerfile)")
	flags.StringVar(&f.target, "target", "", "stage that is built (default the last one)")
	flags.StringArrayVar(&f.buildArgs, "build-arg", nil, "KEY=VALUE of a build argument (repeatable)")
	flags.StringVar(&f.image, "image", "", "image to hold against the rules of images")
	flags.StringVar(&f.platform, "platform", "", "platform that is built, and taken of a multi-platform image (default linux/"+runtime.GOARCH+")")
	flags.StringVar(&f.failOn, "fail-on", string(lint.Warning), "the lightest finding that is no pass: "+orList(failOns()))
	flags.BoolVar(&f.rules, "rules", false, "list the rules; with names, tell about these")
	_ = c.RegisterFlagCompletionFunc("fail-on", cobra.FixedCompletions(failOns(), cobra.ShellCompDirectiveNoFileComp))
}

// failOns is every value of --fail-on.
func failOns() []string {
	var all []string
	for _, s := range lint.Severities {
		all = append(all, string(s))
	}
	return append(all, never)
}

func (f *lintFlags) check() error {
	if !slices.Contains(failOns(), f.failOn) {
		return usage("--fail-on is %q: write %s", f.failOn, orList(failOns()))
	}
	if _, err := f.wanted(); err != nil {
		return err
	}
	_, err := parsePairs("--build-arg", f.buildArgs)
	return err
}

// wanted is the platform that is named; the zero one for none.
func (f *lintFlags) wanted() (image.Platform, error) {
	if f.platform == "" {
		return image.Platform{}, nil
	}
	want, err := image.ParsePlatform(f.platform)
	if err != nil {
		return want, usage("--platform: %w", err)
	}
	return want, nil
}

// lintRules lists all rules, or tells about those that are named.
func (p *program) lintRules(c *cobra.Command, names []string) error {
	for _, flag := range []string{"format", "output", "image", "context", "target", "build-arg", "platform", "fail-on"} {
		if c.Flags().Changed(flag) {
			return usage("--rules tells about rules, and looks at nothing: leave --%s out", flag)
		}
	}
	options := report.Options{Color: p.color(), Width: p.width()}
	all := lint.Catalog()
	if len(names) == 0 {
		return report.LintRules(p.stdout, all, options)
	}
	var chosen []lint.About
	for _, name := range names {
		n := slices.IndexFunc(all, func(r lint.About) bool { return strings.EqualFold(r.Name, name) })
		if n < 0 {
			return hinted("image-budget lint --rules lists them", "there is no rule %q", name)
		}
		chosen = append(chosen, all[n])
	}
	for n, rule := range chosen {
		if n > 0 {
			if _, err := fmt.Fprintln(p.stdout); err != nil {
				return err
			}
		}
		if err := report.LintRule(p.stdout, rule, options); err != nil {
			return err
		}
	}
	return nil
}
