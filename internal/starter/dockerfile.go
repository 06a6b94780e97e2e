package starter

import (
	"bytes"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
)

// dockerfile is what the last stage of a Dockerfile and those that it is built on
// say of the image.
type dockerfile struct {
	base        string   // the image that the first of them is FROM
	exposed     []int    // TCP ports, in their order
	healthcheck string   // the command, on one line; empty for none
	command     string   // entrypoint and command, on one line
	env         []string // KEY=value; the last of a key counts
	sources     []string // what all stages copy from the context
}

// longestWord bounds a text once its variables are put in: each of a few lines may
// double the one before.
const longestWord = 4 << 10

func readDockerfile(files fs.FS, at string) (*dockerfile, error) {
	text, err := readFile(files, at)
	if err != nil {
		return nil, fmt.Errorf("reading it: %w", err)
	}
	file, err := parser.Parse(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("parsing it: %w", err)
	}
	stages, args, err := instructions.Parse(file.AST, nil)
	if err != nil {
		return nil, fmt.Errorf("parsing it: %w", err)
	}
	if len(stages) == 0 {
		return nil, fmt.Errorf("parsing it: it has no FROM")
	}
	d := &dockerfile{}
	global := words{lex: shell.NewLex(file.EscapeToken)}
	for _, a := range args {
		global.declare(a.Args, nil)
	}
	chain := chainOf(stages, global)
	d.base = global.expand(chain[0].BaseName)
	for _, stage := range chain {
		d.follow(stage, global)
	}
	for _, stage := range stages {
		d.copies(stage)
	}
	return d, nil
}

// chainOf is the last stage and those that it is built on, the first of them first.
func chainOf(stages []instructions.Stage, global words) []instructions.Stage {
	at := len(stages) - 1
	chain := []instructions.Stage{stages[at]}
	for {
		from := global.expand(stages[at].BaseName)
		before := slices.IndexFunc(stages[:at], func(s instructions.Stage) bool { return s.Name != "" && strings.EqualFold(s.Name, from) })
		if before < 0 {
			return chain
		}
		chain = slices.Insert(chain, 0, stages[before])
		at = before
	}
}

// follow takes what one stage says. Environment is handed on, arguments are not.
func (d *dockerfile) follow(stage instructions.Stage, global words) {
	scope := words{lex: global.lex, values: slices.Clone(d.env)}
	for _, c := range stage.Commands {
		switch c := c.(type) {
		case *instructions.ArgCommand:
			scope.declare(c.Args, global.values)
		case *instructions.EnvCommand:
			for _, kv := range c.Env {
				pair := kv.Key + "=" + scope.expand(kv.Value)
				d.env = append(d.env, pair)
				scope.values = append(scope.values, pair)
			}
		case *instructions.ExposeCommand:
			for _, port := range c.Ports {
				d.expose(scope.expand(port))
			}
		case *instructions.HealthCheckCommand:
			d.healthcheck = ""
			if test := c.Health.Test; len(test) > 1 { // else NONE
				d.healthcheck = scope.expandLoosely(strings.Join(test[1:], " "))
			}
		case *instructions.EntrypointCommand: // which unsets the command of a base image
			d.command = scope.expandLoosely(strings.Join(c.CmdLine, " "))
		case *instructions.CmdCommand:
			d.command = strings.TrimSpace(d.command + " " + scope.expandLoosely(strings.Join(c.CmdLine, " ")))
		}
	}
}

// copies takes what a stage copies, or mounts, from the context.
func (d *dockerfile) copies(stage instructions.Stage) {
	for _, c := range stage.Commands {
		switch c := c.(type) {
		case *instructions.CopyCommand:
			if c.From == "" {
				d.sources = append(d.sources, c.SourcePaths...)
			}
		case *instructions.AddCommand:
			for _, source := range c.SourcePaths {
				if !strings.Contains(source, "://") && !strings.HasPrefix(source, "git@") {
					d.sources = append(d.sources, source)
				}
			}
		case *instructions.RunCommand:
			for _, m := range instructions.GetMounts(c) {
				if m.Type == instructions.MountTypeBind && m.From == "" && m.Source != "" {
					d.sources = append(d.sources, m.Source)
				}
			}
		}
	}
}

// words puts the values of variables into words, as BuildKit does.
type words struct {
	lex    *shell.Lex
	values []string // KEY=value; the last of a key counts
}

// declare takes arguments; one without a value has the global one, if there is one.
func (w *words) declare(args []instructions.KeyValuePairOptional, global []string) {
	for _, a := range args {
		if a.Value != nil {
			w.values = append(w.values, a.Key+"="+w.expand(*a.Value))
			continue
		}
		for _, pair := range global {
			if strings.HasPrefix(pair, a.Key+"=") {
				w.values = append(w.values, pair)
			}
		}
	}
}

// expand is empty where the word cannot be read.
func (w words) expand(word string) string {
	text, _, err := w.lex.ProcessWord(word, shell.EnvsFromSlice(w.values))
	if err != nil || len(text) > longestWord {
		return ""
	}
	return text
}

// expandLoosely puts values into a command. That is a shell's to read, and not all
// of it can be read here: it then stays as it is.
func (w words) expandLoosely(command string) string {
	raw := shell.NewLex('\\')
	raw.RawQuotes, raw.SkipUnsetEnv = true, true
	text, _, err := raw.ProcessWord(command, shell.EnvsFromSlice(w.values))
	if err != nil || len(text) > longestWord {
		return command
	}
	return text
}
