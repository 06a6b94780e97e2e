package lint

import (
	"fmt"
	"regexp"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
)

// Bounds of a Dockerfile that is looked at. A person's file stays far below them;
// one that was written to keep a machine busy does not.
const (
	mostStages       = 200 // BuildKit takes cubic time over stages in a row
	mostInstructions = 4000
	mostCommands     = 2000 // of one RUN
	longestValue     = 256 << 10
	mostComparisons  = 5_000_000 // of sources with patterns of .dockerignore
)

// bounded holds a Dockerfile against the bounds before any variable is put in:
// each of a few lines may double the value of the one before.
func (s *Subject) bounded(stages []instructions.Stage, args []instructions.ArgCommand) error {
	b := bounds{length: map[string]int{}}
	for key, value := range s.Args {
		b.length[key] = len(value)
	}
	for _, arg := range args {
		b.declare(arg)
	}
	for _, stage := range stages {
		b.instructions++
		b.grow("", stage.BaseName)
		for _, command := range stage.Commands {
			b.instructions++
			b.command(command)
		}
	}
	patterns := 0
	if s.Folder != nil {
		patterns = len(s.Folder.Patterns)
	}
	problem := ""
	switch {
	case len(stages) > mostStages:
		problem = fmt.Sprintf("has more than %d stages", mostStages)
	case b.instructions > mostInstructions:
		problem = fmt.Sprintf("has more than %d instructions", mostInstructions)
	case b.longest > longestValue:
		problem = fmt.Sprintf("has a variable that may grow to more than %d KiB", longestValue>>10)
	case patterns*b.sources > mostComparisons:
		problem = "copies too many files for the patterns of its .dockerignore"
	}
	if problem != "" {
		return &DockerfileError{Path: s.Dockerfile, Problem: problem, Accepted: "split the file, or move what it does into scripts"}
	}
	return nil
}

// bounds counts. The lengths are upper bounds: nothing is put in.
type bounds struct {
	length                         map[string]int
	longest, instructions, sources int
}

func (b *bounds) command(command instructions.Command) {
	switch c := command.(type) {
	case *instructions.ArgCommand:
		b.declare(*c)
	case *instructions.EnvCommand:
		for _, pair := range c.Env {
			b.grow(pair.Key, pair.Value)
		}
	case *instructions.CopyCommand:
		b.sources += len(c.SourcePaths)
	case *instructions.AddCommand:
		b.sources += len(c.SourcePaths)
	}
	if _, ok := command.(*instructions.RunCommand); !ok { // whose text is a shell's
		b.grow("", fmt.Sprint(command))
	}
}

func (b *bounds) declare(arg instructions.ArgCommand) {
	for _, a := range arg.Args {
		if a.Value != nil {
			b.grow(a.Key, *a.Value)
		}
	}
}

var variable = regexp.MustCompile(`\$\{?([A-Za-z_]\w*)`)

// grow says how long the text is at most once variables are in it, and so how
// long key becomes.
func (b *bounds) grow(key, text string) {
	total := len(text)
	for _, match := range variable.FindAllStringSubmatch(text, -1) {
		total += b.length[match[1]]
		if total > longestValue {
			break
		}
	}
	if replaced.MatchString(text) { // ${a//b/c} may put c in for every letter of a
		total *= total
	}
	b.longest = max(b.longest, total)
	if key != "" {
		b.length[key] = max(b.length[key], total)
	}
}

// replaced is a variable of which a part is replaced.
var replaced = regexp.MustCompile(`\$\{\w+/`)
