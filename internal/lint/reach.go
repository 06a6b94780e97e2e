package lint

import (
	"slices"
	"strings"
)

// reachesImage reports whether what a step installs for development is in the
// image: the step is of one of its own stages, or the place is copied from there,
// and nothing removes it before.
func (s *Subject) reachesImage(step *Step, of Install) bool {
	if s.InRuntime(step.Stage) {
		return !prunedAfter(s.RuntimeSteps(), step, of)
	}
	pruned := map[*Stage]bool{} // asked once for each stage
	for _, later := range s.BuiltSteps() {
		if later.Copy == nil || later.Copy.Stage == nil || !s.InRuntime(later.Stage) {
			continue
		}
		taken := slices.ContainsFunc(later.Copy.Sources, func(source string) bool {
			return holds(join("/", source), orRoot(step.Workdir), of)
		})
		from := later.Copy.Stage
		if !taken || pruned[from] {
			continue
		}
		chain := from.chain()
		if pruned[from] = !slices.Contains(chain, step.Stage) || prunedAfter(stepsOf(chain), step, of); !pruned[from] {
			return true
		}
	}
	return false
}

// places are parts of paths at which packages lie.
var places = map[Family][]string{
	Python: {"venv", "site-packages", "dist-packages", "/usr/local", "/install", "/deps", "/packages", "conda", "/.local", "/opt/"},
	Node:   {"node_modules"},
}

// holds reports whether a path that is copied has in it what is installed in a
// working directory.
func holds(source, workdir string, of Install) bool {
	for _, place := range places[of.Family] {
		if strings.Contains(source+"/", place) {
			return true
		}
	}
	if of.Family == System {
		return source == "/"
	}
	for _, option := range of.Options {
		if name, value, ok := strings.Cut(option, "="); ok && (name == "--prefix" || name == "--target" || name == "-t" || name == "--root") {
			if _, in := under(join(workdir, value), source); in {
				return true
			}
		}
	}
	_, in := under(workdir, source)
	return in
}

// prunedAfter reports whether a later command of the steps removes what is for
// development.
func prunedAfter(steps []*Step, step *Step, of Install) bool {
	after := false
	for _, later := range steps {
		for _, c := range later.Commands {
			if after && of.prunedBy(c) {
				return true
			}
			after = after || later == step && &c.Words[0] == &of.Command.Words[0]
		}
	}
	return false
}

func (of Install) prunedBy(c Command) bool {
	switch {
	case of.Family == Node && c.removes("node_modules"):
		return true
	case of.Tool == "npm" || of.Tool == "pnpm":
		return c.says(of.Tool, "prune")
	case of.Tool == "yarn":
		return c.says("yarn", "install", "--production") || strings.Contains(strings.Join(c.Words, " "), "workspaces focus --production")
	}
	return false
}
