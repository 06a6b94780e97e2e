package lint

import (
	"path"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
)

// before is the instructions that a stage's step can see the files of.
func before(step *Step) []*Step {
	var chain [][]*Step
	for stage := step.Stage; stage != nil; stage = stage.From {
		chain = append(chain, stage.Steps)
	}
	var all []*Step
	for n := len(chain) - 1; n >= 0; n-- {
		for _, of := range chain[n] {
			if of == step {
				return all
			}
			all = append(all, of)
		}
	}
	return all
}

// fromContext is the path in the context of a file that a RUN names, as far as
// COPY, ADD and bind mounts tell; false when it is not in the context.
func (s *Subject) fromContext(step *Step, name string) (string, bool) {
	if s.Folder == nil || strings.Contains(name, "$") {
		return "", false
	}
	at := join(orRoot(step.Workdir), name)
	for _, mount := range step.Mounts {
		if mount.Type != instructions.MountTypeBind || mount.From != "" {
			continue
		}
		if rest, ok := under(at, join(orRoot(step.Workdir), mount.Target)); ok {
			return s.regularIn(path.Join(inFolder(mount.Source), rest))
		}
	}
	all := before(step)
	for n := len(all) - 1; n >= 0; n-- {
		if c := all[n].Copy; c != nil && c.From == "" {
			for _, source := range c.Sources {
				if found, ok := s.sourceOf(at, source, c, orRoot(all[n].Workdir)); ok {
					return found, true
				}
			}
		}
	}
	return "", false
}

// sourceOf is the file of the context that stands at a path after a COPY of source.
func (s *Subject) sourceOf(at, source string, c *Copy, workdir string) (string, bool) {
	dest, from := join(workdir, c.Dest), inFolder(source)
	rest, within := under(at, dest)
	switch {
	case !within || strings.Contains(source, "://"):
		return "", false
	case strings.ContainsAny(from, "*?["):
		if ok, err := path.Match(path.Base(from), path.Base(at)); ok && err == nil {
			return s.regularIn(path.Join(path.Dir(from), rest))
		}
		return "", false
	case s.Folder.IsDir(from):
		return s.regularIn(path.Join(from, rest))
	case rest == "" || rest == path.Base(from): // renamed, or in a folder
		return s.regularIn(from)
	}
	return "", false
}

func (s *Subject) regularIn(name string) (string, bool) {
	return name, name != "" && s.Folder.Has(name) && !s.Folder.IsDir(name)
}

// under is the rest of a path below a folder; ok is false where it is not there.
func under(at, folder string) (rest string, ok bool) {
	if at == folder {
		return "", true
	}
	if folder != "/" {
		folder += "/"
	}
	return strings.CutPrefix(at, folder)
}

func orRoot(dir string) string {
	if dir == "" {
		return "/"
	}
	return dir
}
