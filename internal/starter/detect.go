package starter

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/image-budget/image-budget/internal/budget"
)

// route is a path that a source file answers on.
type route struct {
	path string
	file string
	line int
}

// trace is what one source file shows of one framework.
type trace struct {
	framework *framework
	marked    bool
	routes    []route // those that look like health paths
}

// found is the framework of one image, nil where there is none, and its best health
// path, empty where it has none.
type found struct {
	framework *framework
	route     route
}

func isSource(name string) bool {
	return slices.ContainsFunc(frameworks, func(f framework) bool { return f.files != nil && f.files.MatchString(name) })
}

// framework is the one that tells most of itself: by the command, then by the sources
// in the context, by routes before marks.
func (t *tree) framework(context string, d *dockerfile) found {
	traces := t.traces(context)
	var best found
	most := 0
	for i := range frameworks {
		f := &frameworks[i]
		one, marked := found{framework: f}, false
		for _, trace := range traces {
			if trace.framework != f {
				continue
			}
			marked = marked || trace.marked
			for _, r := range trace.routes {
				if one.route.path == "" || rank(r.path) < rank(one.route.path) {
					one.route = r
				}
			}
		}
		if n := f.weight(one, marked, d); n > most {
			best, most = one, n
		}
	}
	return best
}

// weight is how much tells of a framework, 0 for nothing. Routes alone are written
// alike in many: without a mark they are none of it.
func (f *framework) weight(one found, marked bool, d *dockerfile) int {
	n := 0
	if f.image != nil && (f.image.MatchString(d.base) || f.image.MatchString(d.command)) {
		n += 8
	}
	if marked {
		n++
		if f.isRunBy(d.command) {
			n += 2
		}
		if one.route.path != "" {
			n += 4
		}
	}
	return n
}

// isRunBy reports whether a command fits the framework's language: one that runs no
// other may be a binary.
func (f *framework) isRunBy(command string) bool {
	if f.runs != nil {
		return f.runs.MatchString(command)
	}
	return !slices.ContainsFunc(frameworks, func(other framework) bool { return other.runs != nil && other.runs.MatchString(command) })
}

// traces is what the sources below a folder show, without those of folders further
// down that have a Dockerfile of their own.
func (t *tree) traces(context string) []trace {
	var all []trace
	var others []string
	for _, folder := range t.folders {
		if folder != context && within(folder, context) && !slices.Contains(sayNothing, path.Base(folder)) {
			others = append(others, folder)
		}
	}
	for _, at := range t.sources {
		if within(at, context) && !slices.ContainsFunc(others, func(other string) bool { return within(at, other) }) {
			all = append(all, t.trace(at)...)
		}
	}
	return all
}

func within(at, folder string) bool { return folder == "." || strings.HasPrefix(at+"/", folder+"/") }

// trace reads a source once.
func (t *tree) trace(at string) []trace {
	if known, ok := t.read[at]; ok {
		return known
	}
	var all []trace
	if t.bytes < mostBytes {
		if text, err := readFile(t.files, at); err == nil { // what cannot be read tells nothing
			t.bytes += int64(len(text))
			all = traces(at, text)
		}
	}
	t.read[at] = all
	return all
}

// commentLine is a line that is a comment, in the languages of the frameworks.
var commentLine = regexp.MustCompile(`^\s*(#([^\[]|$)|//|\*|/\*|--|<!--)`)

func traces(at string, text []byte) []trace {
	var all []trace
	lines := bytes.Split(text, []byte("\n"))
	for i := range frameworks {
		f := &frameworks[i]
		if f.files == nil || !f.files.MatchString(path.Base(at)) {
			continue
		}
		one := trace{framework: f}
		for n, line := range lines {
			one.marked = one.marked || f.mark.Match(line)
			if f.route == nil || commentLine.Match(line) {
				continue
			}
			for _, m := range f.route.FindAllSubmatch(line, -1) {
				if p := healthPath(string(bytes.Join(m[1:], nil))); p != "" {
					one.routes = append(one.routes, route{p, at, n + 1})
				}
			}
		}
		if one.marked || one.routes != nil {
			all = append(all, one)
		}
	}
	return all
}

// healthNames are the last parts of paths that say that a service is ready, the
// plainest first.
var healthNames = strings.Fields(`health healthz health/ready health/live healthcheck health-check health_check _health ready readyz livez live ping up status heartbeat`)

// healthPath is the path of a route if it looks like one that says so, else empty.
// A pattern's anchors are taken off, and the slash that some leave out is put before.
func healthPath(written string) string {
	p := "/" + strings.TrimPrefix(strings.TrimSuffix(strings.TrimPrefix(written, "^"), "$"), "/")
	b := budget.Defaults()
	b.Health.Path = p
	if len(p) > 200 || rank(p) == len(healthNames) || b.Validate() != nil || variable.MatchString(p) {
		return ""
	}
	return p
}

// variable is a part of a route that stands for many.
var variable = regexp.MustCompile(`[{}<>:*?()\[\]\\$|]`)

// rank is how plain a health path is, 0 for the plainest; the number of names for
// what is none.
func rank(p string) int {
	p = strings.TrimSuffix(p, "/")
	n := slices.IndexFunc(healthNames, func(name string) bool { return p == "/"+name })
	if n < 0 {
		n = slices.IndexFunc(healthNames, func(name string) bool { return strings.HasSuffix(p, "/"+name) })
	}
	if n < 0 {
		return len(healthNames)
	}
	return n
}
