package lint

import (
	"path"
	"slices"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"mvdan.cc/sh/v3/syntax"
)

// Command is one simple command of a RUN: a program and its arguments. Variables
// are put in as far as they are known; what is not stays as $NAME.
type Command struct {
	Words []string // at least one
	Env   *environment
}

// Name is the program without its folder.
func (c Command) Name() string { return path.Base(c.Words[0]) }

// deepest is how many shells within shells are read, and how many brackets
// within brackets: the parser goes down one call for each.
const (
	deepestShell    = 3
	deepestBrackets = 200
	mostCalls       = 100 // of functions whose arguments are followed, in one script
)

// commandsOf are the commands of a RUN in the order of its text, also those in
// branches and functions. Where the shell is none of Unix there are none.
func commandsOf(run *instructions.RunCommand, env *environment) []Command {
	if !run.PrependShell {
		return called(run.CmdLine, env, deepestShell)
	}
	script := strings.Join(run.CmdLine, " ")
	if len(run.Files) == 0 {
		return parsed(script, env, deepestShell)
	}
	if first := run.Files[0]; strings.HasPrefix(strings.TrimSpace(script), "<<") { // the document is the script
		line, _, _ := strings.Cut(first.Data, "\n")
		if strings.HasPrefix(line, "#!") && !isShell(interpreter(line)) {
			return []Command{{Words: []string{interpreter(line), first.Data}, Env: env}}
		}
		if strings.HasPrefix(line, "#!") && interpreter(line) == "bash" {
			env = env.with(bash, "bash")
		}
		return parsed(first.Data, env, deepestShell)
	}
	all := parsed(script, env, deepestShell)
	if len(all) > 0 && isShell(all[0].Name()) { // bash <<EOF
		return append(all, parsed(run.Files[0].Data, env, deepestShell)...)
	}
	if len(all) > 0 { // python3 <<EOF: what it runs is one word to the rules
		all[0].Words = append(all[0].Words, run.Files[0].Data)
	}
	return all
}

// interpreter is the program that a first line with #! names.
func interpreter(line string) string {
	words := strings.Fields(strings.TrimPrefix(line, "#!"))
	if len(words) > 1 && path.Base(words[0]) == "env" {
		return path.Base(words[1])
	}
	if len(words) == 0 {
		return "sh"
	}
	return path.Base(words[0])
}

func isShell(name string) bool {
	return slices.Contains([]string{"sh", "bash", "dash", "ash", "zsh"}, name)
}

// parsed are the commands of a script.
func parsed(script string, env *environment, depth int) []Command {
	if tooDeep(script) {
		return split(script, env, depth)
	}
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(script), "")
	if err != nil {
		return split(script, env, depth)
	}
	functions, calls := map[string]*syntax.Stmt{}, 0
	var all []Command
	var walk func(node syntax.Node, env *environment, inside bool)
	walk = func(node syntax.Node, env *environment, inside bool) {
		syntax.Walk(node, func(node syntax.Node) bool {
			switch node := node.(type) {
			case *syntax.FuncDecl:
				functions[node.Name.Value] = node.Body
			case *syntax.ForClause: // whose variable is all of its values at once
				if iter, ok := node.Loop.(*syntax.WordIter); ok {
					env = env.with(iter.Name.Value, strings.Join(fields(iter.Items, env), " "))
				}
			case *syntax.DeclClause: // export NAME=value
				env = assigned(env, node.Args)
			case *syntax.CallExpr:
				seen := assigned(env, node.Assigns)
				if len(node.Args) == 0 {
					env = seen
					return true
				}
				words := fields(node.Args, env)
				if body := functions[strings.Join(words[:min(1, len(words))], "")]; body != nil && !inside && calls < mostCalls {
					calls++
					walk(body, seen.with("@", strings.Join(words[1:], " ")), true)
				}
				all = append(all, called(words, seen, depth)...)
			}
			return true
		})
	}
	walk(file, env, false)
	return all
}

// tooDeep reports whether a script has more brackets within brackets than any
// that a person wrote.
func tooDeep(script string) bool {
	open := 0
	for _, r := range script {
		switch r {
		case '(', '{', '[', '`':
			open++
		case ')', '}', ']':
			open = max(open-1, 0)
		}
		if open > deepestBrackets {
			return true
		}
	}
	return strings.Count(script, "if ")+strings.Count(script, "do ")+strings.Count(script, "!") > 2*deepestBrackets
}

// split reads what is no script of a shell that the parser knows: commands end at
// the usual marks, and quotes are dropped.
func split(script string, env *environment, depth int) []Command {
	var all []Command
	for part := range strings.FieldsFuncSeq(script, func(r rune) bool { return strings.ContainsRune(";&|\n", r) }) {
		words := strings.Fields(strings.NewReplacer(`"`, "", "'", "", "\\", " ").Replace(part))
		all = append(all, called(words, env, min(depth, 1))...)
	}
	return all
}

// called is the command that words run, without those that only run another, and
// with those in a script that it is given.
func called(words []string, env *environment, depth int) []Command {
	for len(words) > 0 {
		rest := behindWrapper(words)
		if rest == nil {
			break
		}
		words = rest
	}
	if len(words) == 0 || words[0] == "" {
		return nil
	}
	all := []Command{{Words: words, Env: env}}
	if depth > 0 && (isShell(path.Base(words[0])) || words[0] == "su") {
		for n, word := range words[:len(words)-1] {
			if strings.HasPrefix(word, "-") && !strings.HasPrefix(word, "--") && strings.HasSuffix(word, "c") {
				if path.Base(words[0]) == "bash" {
					env = env.with(bash, words[0])
				}
				return append(all, parsed(words[n+1], env, depth-1)...)
			}
		}
	}
	return all
}

// wrappers are programs that run another, with those of their options that take a
// value.
var wrappers = map[string][]string{
	"sudo": {"-u", "-g", "-E"}, "env": {"-u"}, "exec": nil, "command": nil, "time": nil, "nohup": nil, "nice": {"-n"}, "ionice": {"-c"},
	"xargs": {"-n", "-a", "-P", "-d", "-I"}, "eval": nil, "gosu": nil, "su-exec": nil, "timeout": nil, "retry": nil, "eatmydata": nil,
}

// behindWrapper is what a wrapper runs, nil when it is none.
func behindWrapper(words []string) []string {
	name := path.Base(words[0])
	valued, ok := wrappers[name]
	if !ok || len(words) < 2 {
		return nil
	}
	rest := words[1:]
	for len(rest) > 0 && (strings.HasPrefix(rest[0], "-") || name == "env" && strings.Contains(rest[0], "=")) {
		if slices.Contains(valued, rest[0]) && rest[0] != "-E" && len(rest) > 1 {
			rest = rest[1:]
		}
		rest = rest[1:]
	}
	if len(rest) > 0 && slices.Contains([]string{"gosu", "su-exec", "timeout"}, name) { // the user, the time
		rest = rest[1:]
	}
	return rest
}
