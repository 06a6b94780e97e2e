package lint

import (
	"slices"
	"strconv"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// scratch is what a stage is FROM that has no base image.
const scratch = "scratch"

// Stage is a FROM and what follows it.
type Stage struct {
	Index         int
	Name          string // as it is called in the file; may be empty
	Base          string // what it is FROM, with build arguments put in
	Known         bool   // whether those were known; a base that is not is never judged
	From          *Stage // the stage it is FROM; nil for an image or scratch
	Line, EndLine int    // of the FROM
	Steps         []*Step

	env     *environment // after its last instruction
	workdir string       // the same; empty when it is the base image's
	user    string
	shell   string // of the last SHELL, without its options
}

// Root is the first stage of those that it is FROM: the one FROM an image or
// scratch.
func (s *Stage) Root() *Stage {
	for s.From != nil {
		s = s.From
	}
	return s
}

// chain is the stages that it is FROM, the first of them first, and itself.
func (s *Stage) chain() (all []*Stage) {
	for ; s != nil; s = s.From {
		all = append(all, s)
	}
	slices.Reverse(all)
	return all
}

// newStage reads one stage. Those before it are known.
func (s *Subject) newStage(n int, parsed instructions.Stage) *Stage {
	stage := &Stage{Index: n, Name: parsed.Name}
	stage.Line, stage.EndLine = span(parsed.Location)
	stage.Base, stage.Known = s.globals.expand(s.lex, parsed.BaseName)
	if !stage.Known { // an ARG without a value may well be empty: ${REGISTRY}python:3.12
		if base, ok := expanded(s.lex, parsed.BaseName, declared{s.globals}); ok && parseReference(base).ok {
			stage.Base, stage.Known = base, true
		}
	}
	if stage.Known {
		stage.From = s.named(stage.Base)
	}
	if from := stage.From; from != nil {
		stage.env, stage.workdir, stage.user, stage.shell = from.env.inherited(), from.workdir, from.user, from.shell
	}
	for _, command := range parsed.Commands {
		stage.Steps = append(stage.Steps, s.newStep(stage, command))
	}
	return stage
}

// named is the last stage of that name so far, nil for none.
func (s *Subject) named(name string) *Stage {
	for _, stage := range slices.Backward(s.Stages) {
		if stage.Name != "" && strings.EqualFold(stage.Name, name) {
			return stage
		}
	}
	return nil
}

// stageOrNumber is the stage that COPY --from or a mount means, nil for an image.
func (s *Subject) stageOrNumber(name string) *Stage {
	if stage := s.named(name); stage != nil {
		return stage
	}
	if n, err := strconv.Atoi(name); err == nil && n >= 0 && n < len(s.Stages) {
		return s.Stages[n]
	}
	return nil
}

// follow finds what the target needs.
func (s *Subject) follow() error {
	target := s.Stages[len(s.Stages)-1]
	if s.Target != "" {
		if target = s.stageOrNumber(s.Target); target == nil {
			return &DockerfileError{Path: s.Dockerfile, Problem: "has no stage " + strconv.Quote(s.Target), Accepted: "name a stage that it has, as in FROM ... AS " + clipped(s.Target, 60)}
		}
	}
	s.Runtime = target.chain()
	needed := make([]bool, len(s.Stages))
	var need func(*Stage)
	need = func(stage *Stage) {
		if stage == nil || needed[stage.Index] {
			return
		}
		needed[stage.Index] = true
		need(stage.From)
		for _, step := range stage.Steps {
			for _, from := range step.From {
				need(from)
			}
		}
	}
	need(target)
	for _, stage := range s.Stages {
		if needed[stage.Index] {
			s.Built = append(s.Built, stage)
		}
	}
	return nil
}

// span is the first and the last line of an instruction.
func span(of []parser.Range) (first, last int) {
	for _, r := range of {
		if first == 0 || r.Start.Line < first {
			first = r.Start.Line
		}
		last = max(last, r.End.Line)
	}
	return first, last
}
