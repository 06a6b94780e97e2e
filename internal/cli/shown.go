package cli

import (
	"github.com/spf13/cobra"

	"github.com/image-budget/image-budget/internal/image"
)

// shown is how explain and diff are asked to show what they found.
type shown struct {
	format, platform string
	top              int
}

func (s *shown) flags(c *cobra.Command, formats []string, top string) {
	flags := c.Flags()
	flags.StringVar(&s.format, "format", formats[0], "format on standard output: "+orList(formats))
	flags.IntVar(&s.top, "top", 10, top)
	flags.StringVar(&s.platform, "platform", "", "platform to take of a multi-platform image")
}

// check is the platform that is wanted; the zero one where none was named.
func (s *shown) check() (image.Platform, error) {
	if s.top < 1 {
		return image.Platform{}, usage("--top is %d: write 1 or more", s.top)
	}
	if s.platform == "" {
		return image.Platform{}, nil
	}
	want, err := image.ParsePlatform(s.platform)
	if err != nil {
		return want, usage("--platform: %w", err)
	}
	return want, nil
}
