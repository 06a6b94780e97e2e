package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/image-budget/image-budget/budgets"
	"github.com/image-budget/image-budget/internal/doctor"
	"github.com/image-budget/image-budget/internal/gate"
)

// Version is the release; the linker sets it.
var Version = "0.1.0-dev"

func (p *program) version() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(p.stdout, "image-budget %s (%s, %s, %s/%s)\n", Version, commit(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}

// commit is the revision that the binary was built from, as the toolchain
// stamped it.
func commit() string {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown commit"
	}
	for _, s := range build.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return "unknown commit"
}

func (p *program) schema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON schema (draft-07) of budget files, for editors",
		Long: `schema prints the JSON schema of a budget file. Editors with a YAML language
server use it through a first line such as

  # yaml-language-server: $schema=budget.schema.json`,
		Example: "  image-budget schema > budgets/budget.schema.json",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := p.stdout.Write(budgets.Schema)
			return err
		},
	}
}

func (p *program) doctor() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Can this machine measure? One line a check, with the fix",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			dir, err := cacheDir()
			if err != nil {
				return err
			}
			findings := doctor.Examine(c.Context(), doctor.Machine{Engine: gate.Engine, CacheDir: dir})
			if err := doctor.Write(p.stdout, findings, p.color()); err != nil {
				return err
			}
			if doctor.Failed(findings) {
				return &statusError{Status: statusUnmeasured}
			}
			return nil
		},
	}
}
