package ancestry

import (
	"slices"
	"strings"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// step is one entry of an image's history.
type step struct {
	instruction string // such as "RUN"; empty when it is none of a Dockerfile's
	text        string // as it was recorded
	layer       bool   // it made one
}

// history is how an image came to be, oldest first.
type history []step

// added is the comment of the entries that BuildKit's exporter adds at the end for
// layers that the history lacks, wherever among the layers those are; see
// normalizeLayersAndHistory in its exporter/containerimage.
const added = "buildkit.exporter.image.v0"

// Ordered reports whether the entries of a history are in the order of the layers.
// They are not where a base image without a history was built upon: the entries of
// the instructions come first then, and those for the base's layers were added.
func Ordered(entries []ocispec.History) bool {
	written := entries
	for len(written) > 0 && written[len(written)-1].Comment == added {
		written = written[:len(written)-1]
	}
	made := slices.ContainsFunc(written, func(h ocispec.History) bool { return !h.EmptyLayer })
	return len(written) == len(entries) || !made
}

// recorded is the history in a config; nil where it does not have one entry for
// each layer in their order, since it is then not said which layer an entry made.
func recorded(entries []ocispec.History, layers int) history {
	if !Ordered(entries) {
		return nil
	}
	var all history
	made := 0
	for _, entry := range entries {
		all = append(all, step{instruction(entry.CreatedBy), entry.CreatedBy, !entry.EmptyLayer})
		if !entry.EmptyLayer {
			made++
		}
	}
	if made != layers {
		return nil
	}
	return all
}

// layers is how many layers the first steps made.
func (h history) layers(steps int) int {
	made := 0
	for _, s := range h[:steps] {
		if s.layer {
			made++
		}
	}
	return made
}

// baseEnd is how many steps look like those of the base image: images mostly end
// in what they run, so that the last CMD or ENTRYPOINT after which layers were
// still made was the end of another image. So is the end of what some other tool
// has made of no Dockerfile, such as debian.sh, Bazel and apko. 0 means that nothing
// looks like one.
func (h history) baseEnd() int {
	end, last, made := 0, 0, false
	for i, s := range h {
		switch {
		case s.layer:
			end, made = last, true
		case made && (s.instruction == "CMD" || s.instruction == "ENTRYPOINT"):
			last = i + 1
		}
	}
	if lead := slices.IndexFunc(h, func(s step) bool { return s.instruction != "" }); end == 0 && lead > 0 {
		return lead
	}
	return end
}

// keywords are the instructions that are recorded by their names.
var keywords = map[string]bool{
	"ADD": true, "ARG": true, "CMD": true, "COPY": true, "ENTRYPOINT": true, "ENV": true, "EXPOSE": true, "HEALTHCHECK": true, "LABEL": true,
	"MAINTAINER": true, "ONBUILD": true, "RUN": true, "SHELL": true, "STOPSIGNAL": true, "USER": true, "VOLUME": true, "WORKDIR": true,
}

// instruction is the name of the instruction that a builder recorded. BuildKit
// begins with it. The classic builder and Buildah write `/bin/sh -c #(nop) COPY
// ...`, and what RUN ran alone, behind the shell, and where there are build
// arguments behind those.
func instruction(recorded string) string {
	if name := firstWord(recorded); keywords[name] {
		return name
	}
	if _, rest, ok := strings.Cut(recorded, "#(nop) "); ok {
		if name := firstWord(rest); keywords[name] {
			return name
		}
		return ""
	}
	if strings.HasPrefix(recorded, "|") || strings.HasPrefix(recorded, "/") && strings.Contains(recorded, " -c ") {
		return "RUN"
	}
	return ""
}

// firstWord does not split all of a text of which it wants little.
func firstWord(text string) string {
	text = strings.TrimLeft(text, " \t\r\n")
	if end := strings.IndexAny(text, " \t\r\n"); end >= 0 {
		return text[:end]
	}
	return text
}
