package lint

import (
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
)

// Cached reports whether a RUN has a cache mount, or one in memory, on a folder
// whose path has one of the parts in it. What is written there is in no layer.
func (s *Step) Cached(parts ...string) bool {
	for _, mount := range s.Mounts {
		if mount.Type != instructions.MountTypeCache && mount.Type != instructions.MountTypeTmpfs {
			continue
		}
		for _, part := range parts {
			if strings.Contains(mount.Target, part) {
				return true
			}
		}
	}
	return false
}

// installs are the commands of a RUN that install packages.
func (s *Step) installs() []Install {
	var all []Install
	for _, c := range s.Commands {
		if of, ok := c.install(); ok {
			all = append(all, of)
		}
	}
	return all
}

// removes reports whether a command deletes a file or folder whose path has one of
// the parts in it.
func (c Command) removes(parts ...string) bool {
	if name := c.Name(); name != "rm" && name != "find" {
		return false
	}
	for _, word := range c.Words[1:] {
		for _, part := range parts {
			if strings.Contains(word, part) {
				return true
			}
		}
	}
	return false
}

// says reports whether a command of a tool has these words in it, in this order.
func (c Command) says(tool string, words ...string) bool {
	name, rest := c.tool()
	if name != tool {
		return false
	}
	for _, word := range rest {
		if len(words) > 0 && word == words[0] {
			words = words[1:]
		}
	}
	return len(words) == 0
}
