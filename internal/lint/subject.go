package lint

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"

	"github.com/image-budget/image-budget/internal/image"
)

// Subject is what the rules look at: a Dockerfile, parsed once, and the folder
// that it is built in.
type Subject struct {
	Input
	text   []byte
	lines  []string
	Stages []*Stage // in the order of the file

	// Runtime is the stages that the image consists of: the target and those that
	// it is FROM, the first of them first.
	Runtime []*Stage
	// Built is the stages that the image needs, in the order of the file: those of
	// Runtime, and those that files are copied or mounted from.
	Built []*Stage

	Folder     *Folder // the context; nil when it is unknown
	comments   []comment
	passed     []Finding         // by BuildKit's rules
	read       map[string]string // kinds of secrets, by file
	found      []contextSecret   // once searched
	searched   bool
	unsearched bool // there is more than was looked at
	globals    *environment
	lex        *shell.Lex
}

// read reads and parses what in names.
func read(in Input) (*Subject, error) {
	if in.Platform == (image.Platform{}) {
		in.Platform = image.Platform{OS: "linux", Architecture: "amd64"}
	}
	text, err := readFile(in.Dockerfile, dockerfileCap)
	if err != nil {
		return nil, err
	}
	s := &Subject{Input: in, text: text, lines: strings.Split(string(text), "\n")}
	if in.Context != "" {
		if s.Folder, err = openFolder(in.Context, in.Dockerfile+".dockerignore"); err != nil {
			return nil, err
		}
	}
	if err := s.parse(); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *Subject) parse() error {
	if bytes.HasPrefix(s.text, []byte("\xff\xfe")) || bytes.HasPrefix(s.text, []byte("\xfe\xff")) {
		return &DockerfileError{Path: s.Dockerfile, Problem: "parsing: it is UTF-16, and a build takes UTF-8 alone", Accepted: "save it as UTF-8"}
	}
	file, err := parser.Parse(bytes.NewReader(s.text))
	if err != nil {
		return unparsable(s.Dockerfile, err)
	}
	stages, args, err := instructions.Parse(file.AST, nil)
	if err != nil {
		return unparsable(s.Dockerfile, err)
	}
	if len(stages) == 0 {
		return &DockerfileError{Path: s.Dockerfile, Problem: "parsing: there is no FROM in it", Accepted: "begin a stage with FROM, or name another file"}
	}
	if err := s.bounded(stages, args); err != nil {
		return err
	}
	s.lex = shell.NewLex(file.EscapeToken)
	s.globals = globals(s, args)
	for n, parsed := range stages {
		stage := s.newStage(n, parsed)
		for _, step := range stage.Steps {
			if len(step.Commands) > mostCommands {
				return &DockerfileError{Path: s.Dockerfile, Line: step.Line, Problem: fmt.Sprintf("has more than %d commands in one RUN", mostCommands), Accepted: "move them into a script"}
			}
		}
		s.Stages = append(s.Stages, stage)
	}
	if err := s.follow(); err != nil {
		return err
	}
	s.comments = commentsOf(s.lines, file.AST)
	return nil
}

// globals are the build arguments before the first FROM, after those that BuildKit
// defines by itself.
func globals(s *Subject, args []instructions.ArgCommand) *environment {
	var e *environment
	p := s.Platform
	for _, on := range []string{"BUILD", "TARGET"} {
		for _, of := range [][2]string{{"PLATFORM", p.String()}, {"OS", p.OS}, {"ARCH", p.Architecture}, {"VARIANT", p.Variant}} {
			e = s.declare(e, on+of[0], &of[1], nil)
		}
	}
	for _, arg := range args {
		for _, a := range arg.Args {
			e = s.declare(e, a.Key, a.Value, nil)
		}
	}
	return e
}

// declare is an environment after an ARG: with the value that the build was
// given, that of the ARG, or that of an ARG before the first FROM.
func (s *Subject) declare(e *environment, key string, value *string, global *environment) *environment {
	if e.fromENV(key) {
		return e
	}
	of := &environment{before: e, key: key, arg: true}
	given, isGiven := s.Args[key]
	switch inherited, ok := global.Get(key); {
	case isGiven:
		of.value = given
	case value != nil:
		of.value, ok = e.expand(s.lexer(), *value)
		of.unset = !ok
	case ok:
		of.value = inherited
	default:
		of.unset = true
	}
	return of
}

func (s *Subject) lexer() *shell.Lex {
	if s.lex == nil {
		s.lex = shell.NewLex(parser.DefaultEscapeToken)
	}
	return s.lex
}

// Final is the stage that becomes the image.
func (s *Subject) Final() *Stage { return s.Runtime[len(s.Runtime)-1] }

// RuntimeSteps are the instructions that the image's own layers and config come
// from, in the order of the build.
func (s *Subject) RuntimeSteps() []*Step { return stepsOf(s.Runtime) }

// BuiltSteps are the instructions that a build of the image runs.
func (s *Subject) BuiltSteps() []*Step { return stepsOf(s.Built) }

func stepsOf(stages []*Stage) []*Step {
	var steps []*Step
	for _, stage := range stages {
		steps = append(steps, stage.Steps...)
	}
	return steps
}

// InRuntime reports whether a stage is part of the image.
func (s *Subject) InRuntime(stage *Stage) bool {
	for _, of := range s.Runtime {
		if of == stage {
			return true
		}
	}
	return false
}

// close frees what was opened.
func (s *Subject) close() {
	if s.Folder != nil {
		s.Folder.root.Close() //nolint:errcheck // only read
	}
}
