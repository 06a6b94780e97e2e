package gate

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/image-budget/image-budget/internal/budget"
)

// Today gets the budget's image and takes its exact metrics; nothing is run. exposed is
// the TCP ports that the image exposes, sorted.
func Today(ctx context.Context, b budget.Budget, at *Machine) (now budget.Measurement, exposed []int, err error) {
	img, err := at.obtain(ctx, b)
	if err != nil {
		return now, nil, err
	}
	if now, err = at.exact(ctx, b, img); err != nil {
		return now, nil, err
	}
	spec, err := img.Spec()
	if err != nil {
		return now, nil, err
	}
	for text := range spec.Config.ExposedPorts {
		number, protocol, _ := strings.Cut(text, "/")
		if port, err := strconv.Atoi(number); err == nil && (protocol == "" || protocol == "tcp") {
			exposed = append(exposed, port)
		}
	}
	slices.Sort(exposed)
	return now, exposed, ctx.Err()
}
