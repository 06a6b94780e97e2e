package budget

import (
	"fmt"

	"github.com/image-budget/image-budget/internal/metric"
)

// Drift splits what an exact metric grew or shrank by since it was recorded
// into what was there already, when the baseline's sources were built again
// (another base image, packages that were updated), and what the candidate
// adds. then is that build and from what it was built from. A line a metric,
// none where the build still measures what was recorded.
func Drift(b Budget, recorded, then, now Measurement, from string) []string {
	var all []string
	for _, g := range b.Metrics {
		def, _ := metric.Named(g.Metric)
		was, is, becomes := recorded.Metrics[g.Metric].Number, then.Metrics[g.Metric].Number, now.Metrics[g.Metric].Number
		if def.Exact == nil || was == nil || is == nil || becomes == nil || *was == *is {
			continue
		}
		grown, inherited, own := def.Unit.Signed(*becomes-*was), def.Unit.Signed(*is-*was), def.Unit.Signed(*becomes-*is)
		line := fmt.Sprintf("%s: %s since it was recorded: %s inherited (%s has it too, with nothing of this change), %s of this change", g.Metric, grown, inherited, from, own)
		if *becomes == *is {
			line = fmt.Sprintf("%s: %s since it was recorded, all of it inherited: %s has it too, with nothing of this change", g.Metric, grown, from)
		}
		all = append(all, line)
	}
	return all
}
