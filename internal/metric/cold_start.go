package metric

import (
	"context"

	"github.com/image-budget/image-budget/internal/image"
)

// ColdStart is one start of a fresh container.
var ColdStart = Metric{
	Name: "cold_start", Unit: Seconds, Default: true, Runs: true,
	Help:   "from the engine's start call on a fresh container to the last byte of the first 2xx answer on the health path",
	Phases: []string{"start call", "port open", "first answer"},
	Trial: func(ctx context.Context, b Bench, img *image.Image) (Sample, error) {
		return b.Start(ctx, img)
	},
}
