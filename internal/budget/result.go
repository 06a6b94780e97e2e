package budget

import (
	"github.com/image-budget/image-budget/internal/growth"
	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/lint"
)

// Verdict is the judgement of a metric, an image or a run.
type Verdict string

// The verdicts.
const (
	Pass         Verdict = "pass"
	Regression   Verdict = "regression"
	OverMax      Verdict = "over_max"
	Inconclusive Verdict = "inconclusive"
	Unmeasured   Verdict = "unmeasured"
	New          Verdict = "new" // no baseline yet
)

// Compared says how a metric was held against its baseline.
type Compared string

// The ways of comparison. The empty one is a metric with nothing to compare with.
const (
	Exact      Compared = "exact"
	Recorded   Compared = "recorded"
	SideBySide Compared = "side-by-side"
	Identical  Compared = "identical"
)

// Result is the outcome of a run, and its JSON (version 1, see schema). Every
// report format is a function of it and of nothing else.
type Result struct {
	Version  int           `json:"version"`
	Tool     string        `json:"tool"`
	Verdict  Verdict       `json:"verdict"`
	ExitCode int           `json:"exit_code"`
	Images   []ImageResult `json:"images"`
}

// ImageResult is the outcome for one budget, or for one image without budget.
type ImageResult struct {
	Name         string   `json:"name"`
	Budget       string   `json:"budget"`   // path of the budget file
	Baseline     string   `json:"baseline"` // path of the baseline file; empty when there is none
	Reference    string   `json:"reference"`
	ConfigDigest string   `json:"config_digest"`
	Platform     string   `json:"platform"`
	Verdict      Verdict  `json:"verdict"`
	Metrics      []Row    `json:"metrics"`
	Causes       []string `json:"causes"`
	Warnings     []string `json:"warnings"`

	Lint        []lint.Finding `json:"lint,omitempty"`         // what the rules found in it and in its Dockerfile
	LintVerdict Verdict        `json:"lint_verdict,omitempty"` // what that does to the verdict; absent where it does nothing
	Scan        *ScanResult    `json:"scan,omitempty"`         // of vulnerabilities; absent where the budget does not ask for it

	Growth   *growth.Growth  `json:"growth"`   // since the baseline; null where that does not say what its image held, or the image was not had
	Contents *inventory.Part `json:"contents"` // the image, part by part; null where it was not had
}

// Row is the outcome for one metric. Values are in Unit: integers for exact
// metrics, seconds for timed ones. What was not measured is null and Reason
// says why.
type Row struct {
	Name      string              `json:"name"`
	Unit      string              `json:"unit"`
	Value     *float64            `json:"value"` // median for timed metrics
	Samples   []float64           `json:"samples"`
	Baseline  *float64            `json:"baseline"`
	Against   []float64           `json:"baseline_samples"` // what the samples were compared with: measured beside them, pair by pair, or recorded
	Change    *float64            `json:"change"`           // value/baseline - 1; null without a baseline or with baseline 0
	Tolerance float64             `json:"tolerance"`
	Max       *float64            `json:"max"`
	Interval  *[2]float64         `json:"interval"`
	Pairs     int                 `json:"pairs"`
	Phases    map[string]*float64 `json:"phases"`
	Compared  Compared            `json:"compared"`
	Verdict   Verdict             `json:"verdict"`
	Reason    string              `json:"reason"`           // why this verdict, or why there is no value
	Detail    string              `json:"detail,omitempty"` // where the time goes; with a metric that broke its limits that is a cause instead
	Line      int                 `json:"-"`                // of the metric in the budget file; 0 when it is not named there
}
