package engine

import (
	"strings"

	"github.com/moby/buildkit/solver/errdefs"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// buildFault finds the line of the Dockerfile that a build failed on. BuildKit
// sends the source with its errors, as typed details.
func buildFault(err error) error {
	if code := status.Code(err); code == codes.Unavailable {
		return err
	}
	fault := &BuildFault{Err: err}
	for _, source := range errdefs.Sources(err) {
		if source.Info == nil || len(source.Ranges) == 0 {
			continue
		}
		fault.File, fault.Line = source.Info.Filename, int(source.Ranges[0].Start.Line)
		if lines := strings.Split(string(source.Info.Data), "\n"); fault.Line >= 1 && fault.Line <= len(lines) {
			fault.Text = strings.TrimSpace(lines[fault.Line-1])
		}
	}
	return fault
}
