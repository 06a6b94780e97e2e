package cli

import (
	"github.com/spf13/cobra"

	"github.com/image-budget/image-budget/internal/gate"
	"github.com/image-budget/image-budget/internal/report"
)

// explain says where the bytes of an image are.
func (p *program) explain() *cobra.Command {
	var show shown
	c := &cobra.Command{
		Use:   "explain IMAGE",
		Short: "Where the bytes of an image are: layers, packages, waste, files",
		Long: `explain says what an image is made of: its layers and the instructions that
made them, the packages in it (Debian, Alpine, conda, Python, npm) with what each
takes, what is not needed at run time, and the largest files. Every byte of the
metric size has an owner: a package, a layer where no package has it, or nobody,
since a later layer hides it. Nothing is run. IMAGE is as for measure:
` + transports(),
		Example: `  image-budget explain support-agent:dev
  image-budget explain docker-archive:out/image.tar --top 40 --format json`,
		Args: cobra.ExactArgs(1),
	}
	show.flags(c, report.InventoryFormatNames(), "how many packages and files to list")
	c.RunE = func(c *cobra.Command, args []string) error {
		write, ok := report.InventoryFormat(show.format)
		if !ok {
			return usage("%q is no format of explain: write %s", show.format, orList(report.InventoryFormatNames()))
		}
		want, err := show.check()
		if err != nil {
			return err
		}
		return p.withMachine(c, true, func(at *gate.Machine) error {
			found, err := gate.Explain(c.Context(), args[0], want, show.top, at)
			if err != nil {
				return err
			}
			return write(p.stdout, found, show.top, report.Options{Color: p.color(), Width: p.width()})
		})
	}
	return c
}
