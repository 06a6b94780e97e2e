// Package lint holds a Dockerfile, its .dockerignore and the config of an image
// against the rules of small and safe images. Its rules are values in lists; what
// they find is data. It knows nothing of budgets, engines and report formats.
package lint

// Severity says how much a finding weighs.
type Severity string

// The severities, the lightest first.
const (
	Info    Severity = "info"    // a matter of taste or of a few kilobytes
	Warning Severity = "warning" // costs bytes, time or trust
	Error   Severity = "error"   // a secret that leaks, or what will not work
)

// Severities is every severity, the lightest first.
var Severities = []Severity{Info, Warning, Error}

// Finding is one place that breaks a rule.
type Finding struct {
	Rule     string   `json:"rule"`
	Severity Severity `json:"severity"`
	File     string   `json:"file"`     // as it was asked for; empty for a finding of an image
	Line     int      `json:"line"`     // the first, from 1; 0 for the whole file or an image
	EndLine  int      `json:"end_line"` // the last
	Image    string   `json:"image"`    // the reference, for a finding of an image
	Message  string   `json:"message"`  // what was found, in one sentence
	Why      string   `json:"why"`      // what it costs
	Fix      string   `json:"fix"`      // what to write instead
	URL      string   `json:"url"`      // of the rule's documentation, where it has one
}

// Suppressed is a finding that a comment in the file accepts.
type Suppressed struct {
	Finding
	Reason string `json:"reason"`
}

// Result is what a run of the rules found, in the order of files and lines.
type Result struct {
	Findings   []Finding    `json:"findings"`
	Suppressed []Suppressed `json:"suppressed"`
}
