package lint

import "strings"

// reachesImage reports whether what a step installs is in the image: the step is
// of one of its own stages, or the place is copied from there.
func (s *Subject) reachesImage(step *Step, of Install) bool {
	if s.InRuntime(step.Stage) {
		return true
	}
	for _, later := range s.BuiltSteps() {
		if later.Copy == nil || later.Copy.Stage == nil || !s.InRuntime(later.Stage) {
			continue
		}
		from := false
		for stage := later.Copy.Stage; stage != nil && !from; stage = stage.From {
			from = stage == step.Stage
		}
		if !from {
			continue
		}
		for _, source := range later.Copy.Sources {
			if holds(join("/", source), orRoot(step.Workdir), of) {
				return true
			}
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

// prunedAfter reports whether a later command of the stage removes what is for
// development.
func prunedAfter(step *Step, of Install) bool {
	after := false
	for _, later := range step.Stage.Steps {
		after = after || later == step
		if !after {
			continue
		}
		for _, c := range later.Commands {
			text := strings.Join(c.Words, " ")
			switch of.Tool {
			case "npm", "pnpm":
				if c.says(of.Tool, "prune") {
					return true
				}
			case "yarn":
				if c.says("yarn", "install", "--production") || strings.Contains(text, "workspaces focus --production") {
					return true
				}
			}
		}
	}
	return false
}
