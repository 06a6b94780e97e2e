package engine

import (
	"github.com/moby/buildkit/solver/errdefs"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// buildFault adds to an error of BuildKit's where in the Dockerfile it came
// from: the step that reported it, and the source range, which BuildKit sends
// as a typed detail of its errors since 0.9 (Engine 23).
func buildFault(err error, failed string) error {
	if status.Code(err) == codes.Unavailable { // the engine went away
		return err
	}
	fault := &BuildFault{Step: failed, Err: err}
	for _, source := range errdefs.Sources(err) {
		if source.Info != nil && len(source.Ranges) > 0 {
			fault.File, fault.Line = source.Info.Filename, int(source.Ranges[0].Start.Line)
		}
	}
	return fault
}
