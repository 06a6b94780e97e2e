// Package doctor says whether this machine can measure, one finding a check,
// each with its fix. It changes nothing, runs no container, and must not know
// budgets, trials or reports.
package doctor

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"unicode"

	"github.com/image-budget/image-budget/internal/engine"
)

// Checks is every check, in the order in which they are shown.
var Checks = []Check{
	engineAnswers,
	engineIsLocal,
	buildKit,
	storage,
	zstdLayers,
	runtimeVersions,
	engineWarnings,
	cacheWritable,
	diskSpace,
	processors,
	memory,
	limits,
	load,
	git,
}

// Check looks at one property of the machine.
type Check struct {
	Name string
	Run  func(context.Context, Machine) Finding // a zero Finding where there is nothing to look at
}

// Finding is what a check found.
type Finding struct {
	Check string // its name
	Level Level
	Text  string // what is so
	Fix   string // what to do about it; empty where Level is OK
}

// Level says what a finding means for measuring here.
type Level string

// The levels.
const (
	OK   Level = "ok"
	Warn Level = "warn" // something cannot be measured, or not as well
	Fail Level = "fail" // nothing, or nothing that counts, can be measured
)

// Machine is what is examined.
type Machine struct {
	Engine   func(context.Context) (engine.Engine, error) // called once
	CacheDir string                                       // need not exist yet

	about    *engine.About // nil where no engine answers
	aboutErr error         // why
	root     fs.FS         // of the machine: proc and sys in it
	cpus     int
}

// Examine runs every check. It never fails: what cannot be found out is itself
// a finding.
func Examine(ctx context.Context, m Machine) []Finding {
	m.about, m.aboutErr = ask(ctx, m.Engine)
	if m.root == nil {
		m.root = os.DirFS("/")
	}
	if m.cpus == 0 {
		m.cpus = runtime.NumCPU()
	}
	var findings []Finding
	for _, check := range Checks {
		f := check.Run(ctx, m)
		if f.Level == "" {
			continue
		}
		f.Check = check.Name
		findings = append(findings, f)
	}
	return findings
}

// ask lets the engine describe itself.
func ask(ctx context.Context, open func(context.Context) (engine.Engine, error)) (*engine.About, error) {
	e, err := open(ctx)
	if err != nil {
		return nil, err
	}
	about, err := e.About(ctx)
	if closing := e.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return nil, err
	}
	return &about, nil
}

// Failed reports whether a finding means that this machine cannot measure.
func Failed(findings []Finding) bool { return count(findings, Fail) > 0 }

func count(findings []Finding, level Level) int {
	n := 0
	for _, f := range findings {
		if f.Level == level {
			n++
		}
	}
	return n
}

var colors = map[Level]string{OK: "32", Warn: "1;33", Fail: "1;31"}

// Write shows the findings, a line each and the fix under it, and what they
// come to. Color is for a terminal only.
func Write(w io.Writer, findings []Finding, color bool) error {
	var b strings.Builder
	width := 0
	for _, f := range findings {
		width = max(width, len(f.Check))
	}
	for _, f := range findings {
		level := fmt.Sprintf("%-4s", f.Level)
		if color {
			level = "\x1b[" + colors[f.Level] + "m" + level + "\x1b[0m"
		}
		fmt.Fprintf(&b, "%s  %-*s  %s\n", level, width, f.Check, oneLine(f.Text))
		if f.Fix != "" {
			fmt.Fprintf(&b, "%*s  fix: %s\n", width+6, "", oneLine(f.Fix))
		}
	}
	switch failed, warned := count(findings, Fail), count(findings, Warn); {
	case failed > 0:
		fmt.Fprintf(&b, "\nThis machine cannot measure: %d failed, %d to mind.\n", failed, warned)
	case warned > 0:
		fmt.Fprintf(&b, "\nThis machine can measure; %d to mind.\n", warned)
	default:
		b.WriteString("\nThis machine can measure.\n")
	}
	text := b.String()
	n, err := io.WriteString(w, text)
	if err == nil && n < len(text) {
		err = io.ErrShortWrite
	}
	if err != nil {
		return fmt.Errorf("writing the findings: %w", err)
	}
	return nil
}

// oneLine makes what an engine said safe to print: on one line, without
// control characters, and no command to a CI runner. No line begins with it.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '\ufffd'
		}
		return r
	}, strings.ReplaceAll(strings.TrimSpace(s), "\n", "; "))
	return strings.ReplaceAll(s, "##", `#\x23`)
}
