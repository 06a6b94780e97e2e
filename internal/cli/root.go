package cli

import (
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/image-budget/image-budget/internal/gate"
)

// globals are the flags of every command.
type globals struct {
	dir     string
	quiet   bool
	noColor bool
}

func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "image-budget",
		Short: "Keep container images inside their budget",
		Long: `image-budget builds or pulls a container image, measures its size, its layers,
how long a cold pull takes and how long a fresh container takes to answer its
health path, compares that with a baseline committed in the repository, and
exits nonzero on any regression over the tolerance (20 % unless the budget says
otherwise).

Exit status: 0 measured and inside the budget, 1 regression or broken ceiling,
2 usage or a faulty budget or baseline file, 3 not measured or not decided,
128 plus the signal's number after one (130 for Ctrl-C, 143 for SIGTERM).`,
		Example: `  image-budget measure python:3.12-slim --no-run
  image-budget record hello     # accept what it measures now
  image-budget check            # every budget in budgets/`,
		Version:       Version,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(c, args[0])
			}
			// A gate that was called without its command has gated nothing.
			return errors.Join(hinted("see image-budget --help", "a command is missing"), c.Help())
		},
	}
	root.SetIn(p.stdin)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return hinted("see "+c.CommandPath()+" --help", "%w", err)
	})
	flags := root.PersistentFlags()
	flags.StringVar(&p.globals.dir, "dir", "budgets", "folder of the budget and baseline files")
	flags.BoolVarP(&p.globals.quiet, "quiet", "q", false, "no progress on standard error")
	flags.BoolVar(&p.globals.noColor, "no-color", false, "no colour, as with NO_COLOR set")
	root.AddCommand(p.check(), p.record(), p.measure(), p.explain(), p.diff(), p.lint(), p.init(), p.doctor(), p.schema(), p.version())
	for _, c := range root.Commands() {
		c.Args = usageArgs(c.Args)
	}
	return root
}

func unknownCommand(root *cobra.Command, name string) error {
	hint := "see image-budget --help"
	root.SuggestionsMinimumDistance = 2
	if near := root.SuggestionsFor(name); len(near) > 0 {
		hint = "did you mean " + near[0] + "?"
	}
	return hinted(hint, "unknown command %q", name)
}

// usageArgs gives a wrong number of arguments the status of a usage error.
func usageArgs(valid cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if valid == nil {
			return nil
		}
		if err := valid(c, args); err != nil {
			return hinted("see "+c.CommandPath()+" --help", "%w", err)
		}
		return nil
	}
}

// progressTo is where progress goes.
func (p *program) progressTo() io.Writer {
	if p.globals.quiet {
		return io.Discard
	}
	return &cleanLines{to: p.stderr}
}

// cacheDir is where blobs and the records of runs are kept.
func cacheDir() (string, error) {
	base, err := os.UserCacheDir()
	if err != nil {
		return "", hinted("set XDG_CACHE_HOME", "finding a folder for the cache: %w", err)
	}
	return filepath.Join(base, "image-budget"), nil
}

// withMachine runs do with a machine that is closed, and so cleaned up, on
// every way out.
func (p *program) withMachine(c *cobra.Command, noRun bool, do func(*gate.Machine) error) (err error) {
	dir, err := cacheDir()
	if err != nil {
		return err
	}
	at, err := gate.Open(c.Context(), gate.Options{CacheDir: dir, Tool: Version, NoRun: noRun, Progress: p.progressTo()})
	if err != nil {
		return &statusError{Status: statusUnmeasured, Err: err, Fix: "set XDG_CACHE_HOME to a folder that can be written, with space for images"}
	}
	p.machine.Store(at)
	defer func() {
		if closing := at.Close(); closing != nil {
			status := p.finish(err)
			p.complain(closing)
			err = &statusError{Status: worse(status, statusUnmeasured)}
		}
	}()
	return do(at)
}

// sayWhatIsLeft tells what a run that ends at once leaves behind.
func (p *program) sayWhatIsLeft() {
	p.say("error: interrupted twice, ending at once")
	at := p.machine.Load()
	if at == nil {
		return
	}
	for _, thing := range at.Left() {
		p.say("left behind: " + string(thing.Kind) + " " + thing.Name)
	}
	if len(at.Left()) > 0 {
		p.say("hint: the next run of image-budget removes it")
	}
}
