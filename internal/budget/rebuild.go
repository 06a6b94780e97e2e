package budget

import (
	"path/filepath"

	"github.com/image-budget/image-budget/internal/metric"
)

// rebuild reads what changes before a build is timed again. It goes with a metric
// that needs it: neither may be there without the other, and both need a build.
func rebuild(root *mapping, b Budget) Rebuild {
	const touch = "write rebuild: {touch: FILE}, with a source file that changes often, relative to the context"
	f := root.get("rebuild")
	m := f.mapping()
	r := Rebuild{Touch: m.must("touch", touch).text("")}
	if r.Touch != "" {
		if !filepath.IsLocal(r.Touch) {
			m.get("touch").fault(quoted(r.Touch)+" is not in the context", "write a path relative to the context, such as app/main.py")
		}
		r.Touch = filepath.Clean(r.Touch)
	}
	gated := metrics(root, b.Metrics)
	switch {
	case f.given() && b.Source.Build == nil:
		f.fault("goes with an image that is built here", "leave it out, or write build: in place of "+given(root))
	case f.given() && len(gated) == 0:
		f.fault("is declared, but "+metric.RebuildTime.Name+" is not gated", "add "+metric.RebuildTime.Name+": {} to metrics, or leave rebuild out")
	case !f.given() && len(gated) > 0:
		accepted := touch
		if b.Source.Build == nil {
			accepted = "leave it out, or write build: in place of " + given(root) + ", and rebuild: {touch: FILE}"
		}
		gated[0].fault("is gated, but not which file changes before a rebuild", accepted)
	}
	return r
}

// metrics are the fields of the gated metrics that are timed by building.
func metrics(root *mapping, gates []Gate) []field {
	var all []field
	for _, g := range gates {
		if def, _ := metric.Named(g.Metric); def.Builds {
			all = append(all, root.doc.at("metrics."+g.Metric))
		}
	}
	return all
}

// given is the key that says where the image comes from.
func given(root *mapping) string {
	for _, key := range SourceKeys() {
		if root.values[key] != nil {
			return key
		}
	}
	return "the source"
}
