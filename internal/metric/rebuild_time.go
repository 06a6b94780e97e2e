package metric

import (
	"context"

	"github.com/image-budget/image-budget/internal/image"
)

// RebuildTime is one build after one file of the context has changed, which the
// budget names.
//
// It is of a Dockerfile and its context more than of an image: two orders of one
// Dockerfile give the same files, and one of them installs everything again. So
// the same contents do not make two rebuilds the same, and such a rebuild is
// measured although the image is the baseline's.
var RebuildTime = Metric{
	Name: "rebuild_time", Unit: Seconds, Builds: true,
	Help:   "a build after the file that the budget's rebuild names has changed, with the cache of the build before it",
	Phases: []string{"transfer and cache", "instructions", "export"},
	Trial: func(ctx context.Context, b Bench, img *image.Image) (Sample, error) {
		return b.Rebuild(ctx, img)
	},
}
