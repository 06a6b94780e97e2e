package lint

import (
	"regexp"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// comment is a line that accepts findings: # image-budget: ignore=RULE reason.
type comment struct {
	line    int
	rules   []string
	reason  string
	problem string // why it accepts nothing; empty when it does

	first, last int // lines whose findings it accepts
	whole       bool
}

// ours are the comments that are for this program.
var ours = regexp.MustCompile(`^\s*#\s*image-budget:\s*(.*?)\s*$`)

// nearlyOurs are those that were meant to be.
var nearlyOurs = regexp.MustCompile(`(?i)^\s*#\s*image-budget\s*:?\s*ignore\b`)

// commentsOf reads the comments of a file. One above an instruction, or in the
// block of comments above it, is for that; in a block of its own before the first
// instruction it is for the whole file.
func commentsOf(lines []string, file *parser.Node) []comment {
	var all []comment
	inside := make([]bool, len(lines)+2)   // an instruction, by line
	document := make([]bool, len(lines)+2) // a here-document, which is text
	below := make([]*parser.Node, len(lines)+2)
	for _, node := range file.Children {
		for n := node.StartLine; n <= node.EndLine && n < len(inside); n++ {
			inside[n] = true
		}
		end := node.EndLine
		for _, of := range node.Heredocs { // at the end, each with a line that closes it
			for range strings.Count(of.Content, "\n") + 1 {
				if end > node.StartLine && end < len(document) {
					document[end] = true
				}
				end--
			}
		}
		below[node.StartLine] = node
	}
	started := false
	for n := 1; n <= len(lines); n++ {
		started = started || inside[n]
		match := ours.FindStringSubmatch(lines[n-1])
		switch {
		case document[n]:
			continue
		case match == nil && nearlyOurs.MatchString(lines[n-1]):
			all = append(all, comment{line: n, problem: "it does not begin with # image-budget: as it stands here"})
			continue
		case match == nil:
			continue
		case inside[n]:
			all = append(all, comment{line: n, problem: "it stands within an instruction and not above it"})
			continue
		}
		c := readComment(match[1])
		c.line = n
		end := n // of the block
		for end < len(lines) && !inside[end+1] && isComment(lines[end]) {
			end++
		}
		switch node := below[end+1]; {
		case node != nil:
			c.first, c.last = node.StartLine, node.EndLine
		case !started && end < len(lines):
			c.whole = true
		case c.problem == "":
			c.problem = "it stands above no instruction"
		}
		all = append(all, c)
	}
	return all
}

func isComment(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), "#") }

// readComment reads what follows image-budget: in a comment.
func readComment(text string) comment {
	directive, reason, _ := strings.Cut(text, " ")
	names, ok := strings.CutPrefix(directive, "ignore=")
	if !ok {
		return comment{problem: "it does not begin with ignore="}
	}
	c := comment{rules: strings.Split(names, ","), reason: strings.TrimSpace(reason)}
	for _, name := range c.rules {
		switch ok, near := known(name); {
		case ok:
		case name == "":
			c.problem = "the name of a rule is missing"
		case near != "":
			c.problem = "there is no rule " + quoted(name) + "; did you mean " + near + "?"
		default:
			c.problem = "there is no rule " + quoted(name)
		}
	}
	if c.problem == "" && c.reason == "" {
		c.problem = "it gives no reason"
	}
	return c
}

// accepts reports whether the comment accepts a finding.
func (c comment) accepts(f Finding) bool {
	if c.problem != "" || !c.whole && (f.Line < c.first || f.Line > c.last) {
		return false
	}
	for _, name := range c.rules {
		if name == f.Rule {
			return true
		}
	}
	return false
}
