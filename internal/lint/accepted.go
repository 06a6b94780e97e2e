package lint

import (
	"fmt"
	"strconv"
)

// quoted shows text from a file in a message.
func quoted(text string) string { return strconv.Quote(clipped(text, 60)) }

// BadIgnore finds comments that are to accept a finding and do not.
var BadIgnore = Rule{
	Name: "bad-ignore", Severity: Warning,
	Summary: "a comment that is to accept findings cannot be read",
	Why:     "it accepts nothing, and the next reader takes it for an exception with a reason",
	Fix:     "write # image-budget: ignore=RULE and why, above the instruction",
	Doc: `A finding that is right and still wanted is accepted by a comment above its
instruction: # image-budget: ignore=RULE reason. Several rules stand with commas and
no spaces between them. In a block of comments of its own at the head of the file,
with an empty line below, it counts for the whole file. The reason is needed: it is
what the report shows. A rule that does not exist, or a missing reason, accepts
nothing.`,
	Bad: `-- Dockerfile --
FROM scratch
COPY app /app
# image-budget: ignore=no-healthcheck
USER 10001
ENTRYPOINT ["/app"]
`,
	Good: `-- Dockerfile --
# image-budget: ignore=no-healthcheck the orchestrator probes it over HTTP
FROM debian:12-slim
COPY app /app
USER 10001
ENTRYPOINT ["/app"]
`,
	Check: func(s *Subject) (all []Finding) {
		for _, c := range s.comments {
			if c.problem != "" {
				all = append(all, Finding{Line: c.line, EndLine: c.line, Message: "this comment accepts nothing: " + c.problem})
			}
		}
		return all
	},
}

// UnusedIgnore finds comments that accept what is not found.
var UnusedIgnore = Rule{
	Name: "unused-ignore", Severity: Info,
	Summary: "a comment accepts findings of a rule that finds nothing there",
	Why:     "what it was written for is gone, and it will hide the next finding",
	Fix:     "take the comment out, or the rule out of its list",
	Doc: `A comment that accepts a rule's findings where the rule finds nothing is left
over from an earlier state of the file, or stands above the wrong instruction.`,
	Bad: `-- Dockerfile --
FROM scratch
# image-budget: ignore=apt-lists-kept they are needed later
COPY app /app
USER 10001
ENTRYPOINT ["/app"]
`,
	Good: `-- Dockerfile --
FROM scratch
COPY app /app
USER 10001
ENTRYPOINT ["/app"]
`,
}

// accepted parts what was found into what stands and what comments accept, and
// adds the comments that accept nothing.
func (s *Subject) accepted(all []Finding) Result {
	var result Result
	used := map[[2]int]bool{} // comment, rule of it
	for _, f := range all {
		at := -1
		for n, c := range s.comments {
			if !c.accepts(f) {
				continue
			}
			for m, name := range c.rules {
				if name == f.Rule {
					used[[2]int{n, m}] = true
				}
			}
			at = n
		}
		if at < 0 {
			result.Findings = append(result.Findings, f)
			continue
		}
		result.Suppressed = append(result.Suppressed, Suppressed{f, s.comments[at].reason})
	}
	for n, c := range s.comments {
		for m, name := range c.rules {
			if c.problem == "" && !used[[2]int{n, m}] {
				message := fmt.Sprintf("nothing is found here that ignore=%s accepts", name)
				result.Findings = append(result.Findings, UnusedIgnore.fill(s, Finding{Line: c.line, EndLine: c.line, Message: message}))
			}
		}
	}
	return result
}
