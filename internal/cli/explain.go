package cli

import (
	"github.com/spf13/cobra"

	"github.com/image-budget/image-budget/internal/gate"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/report"
)

// explain says where the bytes of an image are.
func (p *program) explain() *cobra.Command {
	var format, platform string
	var top int
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
	names := report.InventoryFormatNames()
	flags := c.Flags()
	flags.StringVar(&format, "format", names[0], "format on standard output: "+orList(names))
	flags.IntVar(&top, "top", 10, "how many packages and files to list")
	flags.StringVar(&platform, "platform", "", "platform to take of a multi-platform image")
	c.RunE = func(c *cobra.Command, args []string) error {
		write, ok := report.InventoryFormat(format)
		if !ok {
			return usage("%q is no format of explain: write %s", format, orList(names))
		}
		if top < 1 {
			return usage("--top is %d: write 1 or more", top)
		}
		var want image.Platform
		if platform != "" {
			var err error
			if want, err = image.ParsePlatform(platform); err != nil {
				return usage("--platform: %w", err)
			}
		}
		return p.withMachine(c, true, func(at *gate.Machine) error {
			found, err := gate.Explain(c.Context(), args[0], want, inventory.Options{Files: top, Parts: format == "html" || format == "json"}, at)
			if err != nil {
				return err
			}
			return write(p.stdout, found, top, report.Options{Color: p.color(), Width: p.width()})
		})
	}
	return c
}
