package lint

import (
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/shell"
)

// environment is the variables that an instruction sees: ENV and ARG before it.
// It grows by links, for nearly every instruction has one of its own. nil is the
// empty one.
type environment struct {
	before     *environment
	key, value string
	arg        bool // of ARG: not in the stages that are FROM this one
	unset      bool // declared, but without a value
	stage      bool // no variable: a stage begins here
}

func (e *environment) with(key, value string) *environment {
	return &environment{before: e, key: key, value: value}
}

// find is the last declaration of a variable that is seen here, nil for none.
func (e *environment) find(key string) *environment {
	ended := false // the stage that e is of begins above
	for ; e != nil; e = e.before {
		switch {
		case e.stage:
			ended = true
		case e.key == key && !(e.arg && ended):
			return e
		}
	}
	return nil
}

// Get is the value of a variable. It is shell.EnvGetter's.
func (e *environment) Get(key string) (string, bool) {
	at := e.find(key)
	if at == nil {
		return "", false
	}
	return at.value, !at.unset
}

// Keys are the names of the variables.
func (e *environment) Keys() []string {
	var keys []string
	for ; e != nil; e = e.before {
		if !e.stage {
			keys = append(keys, e.key)
		}
	}
	return keys
}

// on reports whether a variable is set to what switches something on.
func (e *environment) on(key string) bool {
	value, ok := e.Get(key)
	switch strings.ToLower(value) {
	case "", "0", "false", "no", "off":
		return false
	}
	return ok
}

// inherited is what a stage sees first that is FROM the one that ends with e.
func (e *environment) inherited() *environment { return &environment{before: e, stage: true} }

// fromENV reports whether a variable comes from ENV, which ARG does not change.
func (e *environment) fromENV(key string) bool {
	at := e.find(key)
	return at != nil && !at.arg
}

// expand puts values into a word of an instruction. known is false where one of
// them is not known here: the word is then as it was written.
func (e *environment) expand(lex *shell.Lex, word string) (text string, known bool) {
	return expanded(lex, word, e)
}

func expanded(lex *shell.Lex, word string, env shell.EnvGetter) (text string, known bool) {
	if !strings.ContainsAny(word, "$\\'\"`") {
		return word, true
	}
	result, err := lex.ProcessWordWithMatches(word, env)
	if err != nil {
		return word, false
	}
	if len(result.Unmatched) > 0 && !strings.Contains(word, ":-") {
		return word, false
	}
	return result.Result, true
}

// declared sees a variable that has no value as empty, as a build does.
type declared struct{ *environment }

func (e declared) Get(key string) (string, bool) {
	at := e.find(key)
	if at == nil {
		return "", false
	}
	return at.value, true
}
