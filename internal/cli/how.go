package cli

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/gate"
)

// howFlags say how timed metrics are compared.
type howFlags struct {
	gate.How
	compare, maxAge string
}

func (f *howFlags) flags(c *cobra.Command) {
	names := make([]string, len(gate.Compares))
	for i, way := range gate.Compares {
		names[i] = string(way)
	}
	flags := c.Flags()
	flags.StringVar(&f.compare, "compare", names[0], "how times are compared: "+strings.Join(names, ", ")+
		"; auto falls back on recorded samples, side-by-side measures every pair and takes no shortcut")
	flags.IntVar(&f.MaxPairs, "max-pairs", gate.MostPairs, "pairs of trials at most, for each metric; the rule decides earlier where it can")
	durationFlag(c, &f.MaxDuration)
	_ = c.RegisterFlagCompletionFunc("compare", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
}

func durationFlag(c *cobra.Command, limit *time.Duration) {
	c.Flags().DurationVar(limit, "max-duration", gate.DefaultDuration, "time for the trials of one image; what is undecided by then is inconclusive")
}

func importTimeFlag(c *cobra.Command, importTime *bool) {
	c.Flags().BoolVar(importTime, "import-time", false, "for Python images: after the trials of cold_start start it once more under python -X importtime, and name the slowest imports;"+
		" of no effect where no container is run (--no-run) or no Python is in it, which a warning says")
}

func checkDuration(limit time.Duration) error {
	if limit <= 0 {
		return usage("--max-duration is %s: write a duration such as 10m", limit)
	}
	return nil
}

// parse checks the flags before anything is measured.
func (f *howFlags) parse() (err error) {
	f.Compare = gate.Compare(f.compare)
	switch {
	case !slices.Contains(gate.Compares, f.Compare):
		return usage("--compare is %q: write %s", f.compare, orList(gate.Compares))
	case f.MaxPairs < 1 || f.MaxPairs > gate.MostPairs:
		return usage("--max-pairs is %d: write a number from 1 to %d, where the rule decides at the latest", f.MaxPairs, gate.MostPairs)
	case f.Against != "" && f.Compare == gate.Recorded:
		return usage("--against has its image measured, and --compare recorded has none measured: leave one of them out")
	case f.maxAge != "":
		if f.MaxAge, err = budget.ParseAge(f.maxAge); err != nil {
			return usage("--max-age: %w", err)
		}
	}
	return checkDuration(f.MaxDuration)
}

// refuseEmpty finds flags that were given and say nothing, as a variable does
// that is not set: to go on without them would be to do something else.
func refuseEmpty(c *cobra.Command, names ...string) error {
	for _, name := range names {
		flag := c.Flags().Lookup(name)
		if text := flag.Value.String(); flag.Changed && (text == "" || text == "[]") {
			return hinted("leave the flag out, or see "+c.CommandPath()+" --help", "--%s is empty", name)
		}
	}
	return nil
}

func orList[T ~string](words []T) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = string(w)
	}
	last := len(texts) - 1
	return fmt.Sprintf("%s or %s", strings.Join(texts[:last], ", "), texts[last])
}
