// Package importtime reads what Python's import timer writes, and says which
// packages a start spent its time on. It is pure, and knows nothing of images,
// engines and reports. What it reads was written by whatever runs in an image,
// so names, numbers and their count are bounded.
package importtime

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// Variable, set to 1 in its environment, has any Python from 3.7 on time its
// imports as python -X importtime does, unless it is started with -E or -I.
// https://docs.python.org/3/using/cmdline.html#envvar-PYTHONPROFILEIMPORTTIME
const Variable = "PYTHONPROFILEIMPORTTIME"

// Report is what the imports of one start took.
type Report struct {
	Packages []Package     // the slowest first
	Total    time.Duration // of all modules
	Modules  int           // that were imported; 0 where the log has no line of the timer's
	Cut      bool          // there was more to read than Log takes
}

// Package is the modules under one top-level name, such as torch.
type Package struct {
	Name       string
	Self       time.Duration // of its own modules; those of all packages add up to the total
	Cumulative time.Duration // of its longest import, with what that imported of other packages
	Modules    int
}

// imported is one module.
type imported struct {
	module           string
	self, cumulative time.Duration
}

// report groups modules by their top-level name.
func report(modules map[string]imported) Report {
	r := Report{Modules: len(modules)}
	packages := map[string]Package{}
	for _, m := range modules {
		name, _, _ := strings.Cut(m.module, ".")
		p := packages[name]
		p.Name = name
		p.Self += m.self
		p.Cumulative = max(p.Cumulative, m.cumulative)
		p.Modules++
		packages[name] = p
		r.Total += m.self
	}
	for name, p := range packages {
		p.Cumulative = max(p.Cumulative, p.Self) // it may have been imported in parts
		packages[name] = p
	}
	r.Packages = slices.SortedFunc(maps.Values(packages), func(a, b Package) int {
		return cmp.Or(cmp.Compare(b.Self, a.Self), strings.Compare(a.Name, b.Name))
	})
	return r
}
