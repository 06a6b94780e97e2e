package report

import (
	"fmt"
	"strings"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/lint"
	"github.com/image-budget/image-budget/internal/scan"
)

// results are every kind of result, built in one place. Each has a golden file
// for each format, testdata/<name>.<format>.
var results = []struct {
	name   string
	result budget.Result
}{
	{"pass", run(0, image("support-agent", budget.Pass,
		size(402723682, 402723682), compressed(196205311, 196205311), layers(5, 5), pull(7.282, 7.301), start(0.621, 0.604)))},
	{"regression", run(1, image("support-agent", budget.Regression,
		broke(size(487295655, 402723682)), compressed(201205311, 196205311), broke(layers(5, 4)),
		broke(pull(9.551, 7.301)), start(0.621, 0.604)))},
	{"regression-by-a-hair", run(1, image("support-agent", budget.Regression,
		broke(size(483268419, 402723682)), layers(6, 5)))},
	{"over-max", run(1, image("support-agent", budget.OverMax,
		overMax(size(500000100, 480000000), 500e6), compressed(196205311, 196205311),
		overMax(layers(16, 15), 15), overMax(start(10.004, 9.9), 10)))},
	{"over-max-and-grown", run(1, image("support-agent", budget.OverMax,
		overMax(broke(size(2800000000, 450000000)), 500e6)))},
	{"identical", run(0, image("support-agent", budget.Pass,
		size(402723682, 402723682), identical(pull(7.282, 7.301)), identical(start(0.621, 0.604))))},
	{"side-by-side", run(1, explained(image("support-agent", budget.Regression,
		broke(size(487295655, 402723682)), identical(pull(7.282, 7.301)), beside(broke(start(0.863, 0.604)), 6, 1.31, 1.62))))},
	{"against", run(1, against(image("support-agent", budget.Regression,
		broke(size(487295655, 402723682)), beside(start(0.621, 0.604), 5, 0.95, 1.12))))},
	{"undecided-and-let-pass", run(0, warnedOf(image("support-agent", budget.Pass,
		size(402723682, 402723682), inconclusive(pull(8.9, 7.3))), "pull_time: undecided, which the budget lets pass: 30 pairs did not decide it"))},
	{"inconclusive", run(3, image("support-agent", budget.Inconclusive,
		size(402723682, 402723682), inconclusive(pull(8.9, 7.3)), start(0.621, 0.604)))},
	{"unmeasured", run(3, image("support-agent", budget.Unmeasured,
		size(402723682, 402723682), unmeasured("pull_time", zstdReason), unmeasured("cold_start", exitReason)))},
	{"unobtained", run(3, image("support-agent", budget.Unmeasured,
		unmeasured("size", deadEngine), unmeasured("layers", deadEngine), unmeasured("pull_time", deadEngine)))},
	{"new", run(3, image("support-agent", budget.New,
		fresh(size(402723682, 0)), fresh(compressed(196205311, 0)), fresh(layers(5, 0)), fresh(pull(7.282, 0)), fresh(start(0.621, 0))))},
	{"exception", run(0, accepted(image("support-agent", budget.Pass,
		except(size(560000000, 402723682)), layers(5, 5))))},
	{"measure", run(0, bare(image("python:3.12-slim", budget.New,
		fresh(size(402723682, 0)), fresh(layers(5, 0)), fresh(pull(7.282, 0)))))},
	{"mixed", run(1,
		image("hello", budget.Pass, size(5184213, 5184213), layers(4, 4), start(0.312, 0.305)),
		image("support-agent", budget.Regression, broke(size(487295655, 402723682)), layers(5, 5)),
		warned(image("ranker", budget.Unmeasured, size(812, 790), unmeasured("pull_time", zstdReason))),
		image("billing", budget.New, fresh(size(98113211, 0)), fresh(layers(9, 0))))},
	{"imports", run(0, image("support-agent", budget.Pass, beside(detailed(start(0.621, 0.604)), 5, 0.95, 1.12)),
		bare(image("python:3.12-slim", budget.New, fresh(layers(5, 0)), fresh(detailed(start(0.621, 0))))))},
	{"lint", run(0, foundIn(image("support-agent", budget.Pass,
		size(402723682, 402723682), layers(5, 5)), "", 1))},
	{"lint-counts", run(1, foundIn(image("support-agent", budget.Regression,
		broke(size(487295655, 402723682)), layers(5, 5)), budget.Regression, 9))},
	{"lint-alone", run(1, foundIn(image("support-agent", budget.Regression,
		size(402723682, 402723682), layers(5, 5)), budget.Regression, 2))},
	{"lint-unread", run(3, unlinted(image("support-agent", budget.Unmeasured, size(402723682, 402723682))))},
	{"hostile", run(1, hostileScan(hostile()))},
	{"not-in-the-baseline", run(3, image("support-agent", budget.Unmeasured,
		size(402723682, 402723682), uncompared(fresh(layers(5, 0)))))},
	{"scan", run(1,
		scanned(image("support-agent", budget.Pass, size(402723682, 402723682), layers(5, 5)), scanPassed()),
		scanned(image("ranker", budget.Regression, broke(size(487295655, 402723682)), layers(5, 5)), scanFailed()),
		scanned(image("billing", budget.Unmeasured, size(98113211, 98113211)), &budget.ScanResult{FailOn: scan.High, Verdict: budget.Unmeasured, Reason: noReport}),
		scanned(image("hello", budget.New, size(98113211, 98113211)), &budget.ScanResult{
			Tool: "grype", FailOn: scan.Critical, Verdict: budget.New, Reason: "no scan in the baseline yet: run image-budget record hello", Counts: scan.Counts{scan.Unknown: 2},
		}))},
	{"scan-alone", run(3, scanned(image("billing", budget.Unmeasured, size(98113211, 98113211)), &budget.ScanResult{FailOn: scan.High, Verdict: budget.Unmeasured, Reason: noReport}))},
	{"from-zero", run(1, image("empty", budget.Regression, broke(size(11, 0)), broke(layers(1, 0))))},
}

const (
	zstdReason = "the engine (20.10.24 overlay2) cannot take layers compressed with zstd"
	deadEngine = "reaching the engine at unix:///var/run/docker.sock: connection refused"
	exception  = "grew by 39.1%, inside the 45% allowed by an exception until 2027-01-31: torch with CUDA until the split lands"
	exitReason = "the container exited with code 1 after 0.3s, before its first 2xx answer; its last log lines:\n" +
		"Traceback (most recent call last):\n  File \"/app/main.py\", line 3, in <module>\n    import torch\n" +
		"ModuleNotFoundError: No module named 'torch'"
)

func run(status int, images ...budget.ImageResult) budget.Result {
	return budget.Result{Version: 1, Tool: "0.1.0", Verdict: images[0].Verdict, ExitCode: status, Images: images}
}

func image(name string, v budget.Verdict, rows ...budget.Row) budget.ImageResult {
	return budget.ImageResult{
		Name: name, Budget: "budgets/" + name + ".yaml", Baseline: "budgets/" + name + ".baseline.yaml",
		Reference: name + ":ci", ConfigDigest: "sha256:" + strings.Repeat("4e", 32), Platform: "linux/amd64",
		Verdict: v, Metrics: rows, Causes: []string{}, Warnings: []string{},
	}
}

func row(name, unit string, now, base float64) budget.Row {
	r := budget.Row{Name: name, Unit: unit, Value: &now, Baseline: &base, Tolerance: 0.2, Compared: budget.Exact, Verdict: budget.Pass}
	if base != 0 {
		change := now/base - 1
		r.Change = &change
	}
	return r
}

func size(now, base float64) budget.Row       { return row("size", "bytes", now, base) }
func compressed(now, base float64) budget.Row { return row("compressed_size", "bytes", now, base) }
func layers(now, base float64) budget.Row     { return row("layers", "count", now, base) }

func timed(name string, now, base float64, phases map[string]*float64) budget.Row {
	r := row(name, "seconds", now, base)
	r.Compared, r.Phases = budget.Recorded, phases
	r.Samples = []float64{now * 1.05, now * 0.98, now, now * 0.97, now * 1.01}
	return r
}

func pull(now, base float64) budget.Row {
	download, extract := now*0.7, now*0.3
	return timed("pull_time", now, base, map[string]*float64{"extract": &extract, "download": &download})
}

func start(now, base float64) budget.Row {
	call, open, answer := now*0.5, now*0.3, now*0.2
	return timed("cold_start", now, base, map[string]*float64{"first answer": &answer, "start call": &call, "port open": &open})
}

func broke(r budget.Row) budget.Row {
	r.Verdict, r.Reason = budget.Regression, strings.TrimSpace("grew by more than the 20% allowed\n"+r.Reason)
	return r
}

func overMax(r budget.Row, limit float64) budget.Row {
	r.Max, r.Verdict, r.Reason = &limit, budget.OverMax, strings.TrimSpace("over max\n"+r.Reason)
	return r
}

// identical has no pairs: the ratio is 1 by construction.
func identical(r budget.Row) budget.Row {
	r.Samples, r.Compared, r.Change, r.Baseline = r.Samples[2:3], budget.Identical, new(float64), nil
	r.Reason = "4 of 5 layers are the baseline's, and what differs is under 1 % of the bytes"
	return r
}

func beside(r budget.Row, pairs int, lo, hi float64) budget.Row {
	r.Compared, r.Pairs, r.Interval = budget.SideBySide, pairs, &[2]float64{lo, hi}
	r.Reason = strings.TrimSpace(r.Reason + "\nbeside the baseline image, from the local cache")
	return r
}

// detailed was started once more under Python's import timer.
func detailed(r budget.Row) budget.Row {
	r.Detail = "imports took 0.412 s: pandas 0.187 s (0.270 s with what it imports), numpy 0.083 s, fastapi 0.041 s; of one start under Python's import timer, which slows it"
	return r
}

// explained has causes and a wait.
func explained(img budget.ImageResult) budget.ImageResult {
	img.Causes = []string{
		"cold_start: first answer +0.241 s, start call +0.018 s, port open +0.000 s",
		"size: +84.6 MB since it was recorded: +60.2 MB inherited (commit 3f2c1a2b9d4e has it too, with nothing of this change), +24.4 MB of this change",
	}
	img.Warnings = []string{"the trials waited 34.2s for those of another gate on this machine"}
	return img
}

func against(img budget.ImageResult) budget.ImageResult {
	img.Baseline = "git:main"
	return img
}

func warnedOf(img budget.ImageResult, warning string) budget.ImageResult {
	img.Warnings = []string{warning}
	return img
}

func inconclusive(r budget.Row) budget.Row {
	lo, hi := 0.96, 1.49
	r.Interval, r.Pairs, r.Compared, r.Verdict = &[2]float64{lo, hi}, 30, budget.SideBySide, budget.Inconclusive
	r.Reason = "30 pairs did not decide it: the ratio is 1.219 (0.960 to 1.490); on a machine this noisy about 84 would, and 30 are the most that are taken\nbeside the image of commit 3f2c1a2b9d4e, built again"
	return r
}

func fresh(r budget.Row) budget.Row {
	r.Baseline, r.Change, r.Compared, r.Verdict = nil, nil, "", budget.New
	r.Reason = "no baseline yet"
	return r
}

func unmeasured(name, why string) budget.Row {
	return budget.Row{Name: name, Unit: "seconds", Tolerance: 0.2, Verdict: budget.Unmeasured, Reason: why}
}

func uncompared(r budget.Row) budget.Row {
	r.Verdict, r.Reason = budget.Unmeasured, "not in the baseline: run image-budget record --only layers support-agent"
	return r
}

func except(r budget.Row) budget.Row {
	r.Tolerance = 0.45
	r.Reason = exception
	return r
}

func accepted(img budget.ImageResult) budget.ImageResult {
	img.Causes = []string{"layer 3 (RUN uv sync) grew by 151 MB"}
	img.Warnings = []string{"size: " + exception}
	return img
}

func bare(img budget.ImageResult) budget.ImageResult {
	img.Budget, img.Baseline = "", ""
	for i := range img.Metrics {
		img.Metrics[i].Tolerance = 0
	}
	return img
}

func warned(img budget.ImageResult) budget.ImageResult {
	img.Warnings = []string{
		"the baseline was recorded with engine 29.0.1 overlayfs, this is 20.10.24 overlay2",
		"times are compared with recorded samples, since the baseline image cannot be had: the local cache does not hold it; the baseline has no reference; commit 3f2c1a2b9d4e is not in this shallow clone; to have it: fetch more history: fetch-depth: 0 with actions/checkout",
	}
	return img
}

const noReport = `there is no scan report "/repo/out/trivy.json"` + "\nhint: scan the image before the check, such as trivy image --format json --output FILE IMAGE; a scan that fails must end the job"

func scanned(img budget.ImageResult, s *budget.ScanResult) budget.ImageResult {
	img.Scan = s
	for _, f := range s.Failing() {
		img.Causes = append(img.Causes, "scan: new: "+budget.Told(f))
	}
	return img
}

func scanPassed() *budget.ScanResult {
	return &budget.ScanResult{
		Tool: "trivy", Version: "0.74.0", FailOn: scan.High, Verdict: budget.Pass,
		Counts: scan.Counts{scan.High: 1, scan.Medium: 14, scan.Low: 60}, Baseline: scan.Counts{scan.High: 2, scan.Medium: 13, scan.Low: 60},
		New:   []scan.Finding{{ID: "CVE-2026-1111", Severity: scan.Medium, Package: "zlib1g", Version: "1:1.2.13", Fixed: "1:1.2.13-1"}},
		Fixed: []scan.Finding{{ID: "CVE-2023-0464", Severity: scan.High, Package: "openssl"}},
	}
}

func scanFailed() *budget.ScanResult {
	s := &budget.ScanResult{
		Tool: "trivy", Version: "0.74.0", FailOn: scan.High, Verdict: budget.Regression, Reason: "2 new at high or above",
		Counts: scan.Counts{scan.Critical: 1, scan.High: 2}, Baseline: scan.Counts{}, Ignored: []string{"CVE-2026-4444"},
		New: []scan.Finding{
			{ID: "CVE-2026-2222", Severity: scan.Critical, Package: "openssl", Version: "3.0.11-1", Fixed: "3.0.15-1", Target: "debian 12", Title: "openssl: a short title", URL: "https://example.org/CVE-2026-2222"},
			{ID: "CVE-2026-3333", Severity: scan.High, Package: "libexpat1", Version: "2.5.0-1"},
			{ID: "CVE-2026-4444", Severity: scan.High, Package: "perl-base", Version: "5.36.0-7"},
		},
	}
	for i := range 7 {
		s.Fixed = append(s.Fixed, scan.Finding{ID: fmt.Sprintf("CVE-2025-%04d", i), Severity: scan.Low, Package: "linux-libc-dev"})
	}
	return s
}

// hostile is an image whose every text wants to be more than a text.
func hostile() budget.ImageResult {
	r := broke(size(487295655, 402723682))
	r.Name, r.Unit = "si|ze` | **x**", "| @team"
	u := unmeasured("cold_start", strings.Join([]string{
		"the app said: ::error::inline is no command",
		"::error::forged", "\u00a0\u2028::add-mask::x", "a\r::stop-commands::x", "##[add-mask]y ###[group]",
		"\x1b]0;title\a\x1b[2J\b\x7f \u009b31m", "\u202egpj.exe\u2066", "bad \xff\xfe utf-8",
		"```", "</details><img src=x onerror=y> ![i](http://evil.example/i.png) @team #1 <!-- image-budget -->", "| a | b |", "|---|---|",
		strings.Repeat("long ", 3400)}, "\n"))
	p := pull(7.3, 7.3)
	p.Phases = map[string]*float64{"`|@team\n::error::phase": p.Value}
	p.Detail = "imports took 1 s: `os`\n::error::x ##[error]y \x1b[31m\u202e<!-- image-budget -->"
	img := image("`<b>evil</b>` | @team ![x](http://evil.example)\n::error::name", budget.Regression, r, u, p)
	img.Reference = "-o/etc/passwd;$(id)`id`"
	img.Warnings = []string{"::warning::from a label <!-- image-budget -->", "##[error]" + strings.Repeat("`", 7)}
	img.Causes = []string{"COPY \x1b[31mred /app\t::x"}
	return img
}

// foundIn is an image in which lint finds a few things, one of them that often.
func foundIn(img budget.ImageResult, verdict budget.Verdict, often int) budget.ImageResult {
	img.Lint = []lint.Finding{{Rule: "image-no-origin", Severity: lint.Info, Image: img.Name, Message: "the config has no label org.opencontainers.image.source", Fix: "label it"}}
	for n := range often {
		img.Lint = append(img.Lint, aptLists("services/agent/Dockerfile", 12+n, 12+n))
	}
	img.Lint = append(img.Lint, imageSecret(img.Name))
	if img.LintVerdict = verdict; verdict != "" {
		img.Causes = append(img.Causes, "lint: apt-lists-kept at services/agent/Dockerfile:12: apt's lists stay in the layer of this RUN")
	}
	return img
}

// unlinted is an image whose Dockerfile could not be read, and whose budget has it
// count.
func unlinted(img budget.ImageResult) budget.ImageResult {
	img.LintVerdict = budget.Unmeasured
	img.Warnings = append(img.Warnings, `lint: parsing Dockerfile "Dockerfile": line 3: unknown instruction: FORM`)
	return img
}

// hostileScan is a scan whose every text is from outside.
func hostileScan(img budget.ImageResult) budget.ImageResult {
	evil := "`<b>evil</b>` | @team ![x](http://evil.example)\n::error::pkg \x1b[31m\u202e##[error]"
	img.Scan = &budget.ScanResult{
		Tool: evil, Version: evil, FailOn: scan.High, Verdict: budget.Regression, Reason: evil, Counts: scan.Counts{scan.High: 2}, Ignored: []string{evil},
		New:   []scan.Finding{{ID: evil, Severity: scan.High, Package: evil}, {ID: "CVE-1", Severity: scan.High, Package: evil, Version: evil, Fixed: evil, Title: evil, URL: evil, Target: evil}},
		Fixed: []scan.Finding{{ID: evil, Package: evil}},
	}
	return img
}
