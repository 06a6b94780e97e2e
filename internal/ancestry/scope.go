package ancestry

import (
	"fmt"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/shell"

	"github.com/image-budget/image-budget/internal/image"
)

// unknown stands in values for what is not known here, and for those that are too
// long to be of a name. No reference has it.
const unknown = "\x00"

// scope is the build arguments that FROM may use.
type scope struct {
	lex    *shell.Lex
	given  map[string]string
	values []string // KEY=value; the last of a key counts
}

// newScope has the arguments before the first FROM and those that BuildKit
// defines by itself. Which platform it builds on is not known.
func newScope(b Build, escape rune, p image.Platform, args []instructions.ArgCommand) *scope {
	s := &scope{lex: shell.NewLex(escape), given: b.Args}
	for _, predefined := range [][2]string{
		{"BUILDPLATFORM", unknown}, {"BUILDOS", unknown}, {"BUILDARCH", unknown}, {"BUILDVARIANT", unknown},
		{"TARGETPLATFORM", p.String()}, {"TARGETOS", p.OS}, {"TARGETARCH", p.Architecture}, {"TARGETVARIANT", p.Variant},
		{"TARGETSTAGE", unknown},
	} {
		s.set(predefined[0], predefined[1])
	}
	for _, arg := range args {
		for _, a := range arg.Args {
			s.declare(a)
		}
	}
	return s
}

// set gives an argument its value, unless the build was given another.
func (s *scope) set(key, value string) {
	if given, ok := s.given[key]; ok {
		value = given
	}
	s.values = append(s.values, key+"="+value)
}

func (s *scope) declare(a instructions.KeyValuePairOptional) {
	if a.Value == nil {
		if given, ok := s.given[a.Key]; ok {
			s.set(a.Key, given)
		}
		return
	}
	value, err := s.process(*a.Value)
	if err != nil {
		value = unknown
	}
	s.set(a.Key, value)
}

// expand puts the values in. An argument without one is empty, as it is for
// BuildKit.
func (s *scope) expand(word string) (string, error) {
	text, err := s.process(word)
	switch {
	case err != nil:
		return "", fmt.Errorf("expanding %q: %w", word, err)
	case strings.Contains(text, unknown):
		return "", fmt.Errorf("expanding %q: what it depends on is not known", word)
	}
	return text, nil
}

func (s *scope) process(word string) (string, error) {
	text, _, err := s.lex.ProcessWord(word, shell.EnvsFromSlice(s.values))
	if len(text) > maxName { // each of a few lines may double the one before
		text = unknown
	}
	return text, err
}
