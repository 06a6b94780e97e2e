package metric

import (
	"context"

	"github.com/image-budget/image-budget/internal/image"
)

// PullTime is one cold pull over the budget's link.
var PullTime = Metric{
	Name: "pull_time", Unit: Seconds, Default: true, OfBytes: true,
	Help:   "from the engine's pull call until the image is complete, none of its layers there before, over the budget's link",
	Phases: []string{"download", "extract"},
	Trial: func(ctx context.Context, b Bench, img *image.Image) (Sample, error) {
		return b.Pull(ctx, img)
	},
}
