package lint

import (
	"path"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
)

// Step is one instruction of a stage, with what it sees.
type Step struct {
	instructions.Command
	Stage         *Stage
	Line, EndLine int
	Text          string // as it is in the file, with its here-documents

	Copy     *Copy                 // of COPY and ADD, else nil
	Commands []Command             // of RUN, as far as its shell is one that can be read
	Mounts   []*instructions.Mount // of RUN
	From     []*Stage              // stages that files are copied or mounted from

	Env     *environment // before it
	Workdir string       // before it; empty when it is the base image's
}

// Copy is a COPY or ADD.
type Copy struct {
	Sources  []string
	Dest     string
	From     string // stage or image; empty for the context
	Stage    *Stage // when it is a stage
	Excludes []string
	Add      bool
	Inline   []instructions.SourceContent // here-documents
}

// newStep reads an instruction and moves the stage's environment behind it.
func (s *Subject) newStep(stage *Stage, command instructions.Command) *Step {
	step := &Step{Command: command, Stage: stage, Env: stage.env, Workdir: stage.workdir}
	step.Line, step.EndLine = span(command.Location())
	step.Text = s.textOf(step.Line, step.EndLine)
	word := func(text string) string { text, _ = stage.env.expand(s.lex, text); return text }
	switch c := command.(type) {
	case *instructions.ArgCommand:
		for _, a := range c.Args {
			stage.env = s.declare(stage.env, a.Key, a.Value, s.globals)
		}
	case *instructions.EnvCommand:
		before := stage.env // which all of one ENV see
		for _, pair := range c.Env {
			value, ok := before.expand(s.lex, pair.Value)
			stage.env = &environment{before: stage.env, key: pair.Key, value: value, unset: !ok}
		}
	case *instructions.WorkdirCommand:
		if dir := word(c.Path); path.IsAbs(dir) || stage.workdir != "" {
			stage.workdir = join(stage.workdir, dir)
		}
	case *instructions.UserCommand:
		stage.user = word(c.User)
	case *instructions.CopyCommand:
		step.Copy = &Copy{Sources: c.SourcePaths, Dest: c.DestPath, From: c.From, Excludes: c.ExcludePatterns, Inline: c.SourceContents}
	case *instructions.AddCommand:
		step.Copy = &Copy{Sources: c.SourcePaths, Dest: c.DestPath, Excludes: c.ExcludePatterns, Inline: c.SourceContents, Add: true}
	case *instructions.ShellCommand:
		stage.shell = strings.Join(c.Shell[:min(1, len(c.Shell))], "")
	case *instructions.RunCommand:
		s.readRun(step, c)
	}
	if step.Copy != nil {
		s.readCopy(step, word)
	}
	return step
}

func (s *Subject) readCopy(step *Step, word func(string) string) {
	c := step.Copy
	sources := make([]string, len(c.Sources))
	for n, source := range c.Sources {
		sources[n] = word(source)
	}
	c.Sources, c.Dest, c.From = sources, word(c.Dest), word(c.From)
	if c.From == "" {
		return
	}
	if c.Stage = s.stageOrNumber(c.From); c.Stage != nil {
		step.From = append(step.From, c.Stage)
	}
}

func (s *Subject) readRun(step *Step, run *instructions.RunCommand) {
	// A mount that cannot be expanded is BuildKit's to complain of.
	_ = run.Expand(func(word string) (string, error) { text, _ := step.Env.expand(s.lex, word); return text, nil })
	step.Mounts = instructions.GetMounts(run)
	for _, mount := range step.Mounts {
		if stage := s.stageOrNumber(mount.From); mount.From != "" && stage != nil {
			step.From = append(step.From, stage)
		}
	}
	env := step.Env
	if path.Base(step.Stage.shell) == "bash" {
		env = env.with(bash, step.Stage.shell)
	}
	step.Commands = commandsOf(run, env)
}

// textOf is lines of the file, counted from 1.
func (s *Subject) textOf(first, last int) string {
	if first < 1 || last > len(s.lines) || first > last {
		return ""
	}
	return strings.Join(s.lines[first-1:last], "\n")
}

// finding is one of a rule, at the instruction.
func (s *Step) finding(message string) Finding {
	return Finding{Line: s.Line, EndLine: s.EndLine, Message: message}
}

// finding is one of a rule, at the stage's FROM.
func (s *Stage) finding(message string) Finding {
	return Finding{Line: s.Line, EndLine: s.EndLine, Message: message}
}

func join(workdir, dir string) string {
	if path.IsAbs(dir) {
		return path.Clean(dir)
	}
	return path.Join(workdir, dir)
}
