package lint

import (
	"regexp"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// longestWord is how long a word may grow by the variables in it.
const longestWord = 16 << 10

// fields are the words of a command with variables put in. What stands without
// quotes is split at spaces, as a shell does.
func fields(words []*syntax.Word, env *environment) []string {
	var all []string
	for _, word := range words {
		text, quoted := literal(word.Parts, env)
		if !quoted && isBash(env) {
			text = alternatives(text)
		}
		if quoted || !strings.ContainsAny(text, " \t\n") {
			all = append(all, text)
			continue
		}
		all = append(all, strings.Fields(text)...)
	}
	return all
}

// bash is the variable that bash sets, and no other shell.
const bash = "BASH"

func isBash(env *environment) bool {
	_, ok := env.Get(bash)
	return ok
}

var braces = regexp.MustCompile(`^([^\s{}]*)\{([^\s{}]*,[^\s{}]*)\}([^\s{}]*)$`)

// alternatives puts a word with {a,b} as the words that bash makes of it. With more
// than one pair of braces it is as it was.
func alternatives(text string) string {
	match := braces.FindStringSubmatch(text)
	if match == nil || len(text) > 1000 {
		return text
	}
	var all []string
	for _, part := range strings.Split(match[2], ",") {
		all = append(all, match[1]+part+match[3])
	}
	return strings.Join(all, " ")
}

// assigned is an environment after assignments.
func assigned(env *environment, assigns []*syntax.Assign) *environment {
	for _, a := range assigns {
		if a.Name == nil || a.Value == nil {
			continue
		}
		value, _ := literal(a.Value.Parts, env)
		env = env.with(a.Name.Value, value)
	}
	return env
}

// literal is the text of a word, and whether any of it is in quotes.
func literal(parts []syntax.WordPart, env *environment) (text string, quoted bool) {
	var of strings.Builder
	for _, part := range parts {
		if of.Len() > longestWord {
			break
		}
		switch part := part.(type) {
		case *syntax.Lit:
			of.WriteString(unescaped(part.Value))
		case *syntax.SglQuoted:
			of.WriteString(part.Value)
			quoted = true
		case *syntax.DblQuoted:
			inner, _ := literal(part.Parts, env)
			of.WriteString(inner)
			quoted = quoted || !isArguments(part)
		case *syntax.ParamExp:
			of.WriteString(parameter(part, env))
		default: // what only a run would tell
			of.WriteString("$(...)")
			quoted = true
		}
	}
	return of.String(), quoted
}

// isArguments reports whether it is "$@", which is as many words as there are.
func isArguments(of *syntax.DblQuoted) bool {
	if len(of.Parts) != 1 {
		return false
	}
	only, ok := of.Parts[0].(*syntax.ParamExp)
	return ok && only.Param != nil && only.Param.Value == "@"
}

// parameter is the value of a variable, and $NAME where there is none or where
// more than the value is asked for.
func parameter(of *syntax.ParamExp, env *environment) string {
	if of.Param == nil {
		return "$"
	}
	value, ok := env.Get(of.Param.Value)
	if !ok || of.Length || of.Repl != nil || of.Slice != nil || of.Exp != nil {
		return "$" + of.Param.Value
	}
	return value[:min(len(value), longestWord)]
}

// unescaped drops the backslashes of a word outside quotes, and the line breaks
// behind them.
func unescaped(text string) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	var of strings.Builder
	for n := 0; n < len(text); n++ {
		if text[n] == '\\' && n+1 < len(text) {
			n++
			if text[n] == '\n' {
				continue
			}
		}
		of.WriteByte(text[n])
	}
	return of.String()
}
