package budget

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/scan"
)

func found(id, pkg string, s scan.Severity) scan.Finding {
	return scan.Finding{ID: id, Package: pkg, Version: "1.0", Fixed: "1.1", Severity: s}
}

// scannedAs is measured with what Trivy found.
func scannedAs(all ...scan.Finding) Measurement {
	m := measured()
	m.Scan = NewScanned(scan.Report{Tool: "trivy", Version: "0.74.0", Findings: all}, m)
	return m
}

// withScan is a budget that gates layers and vulnerabilities.
func withScan(failOn scan.Severity, ignore ...Ignored) Budget {
	b := agent("layers")
	b.Scan = &Scan{Report: "trivy.json", FailOn: failOn, Ignore: ignore}
	return b
}

func ids(all []scan.Finding) string {
	var texts []string
	for _, f := range all {
		texts = append(texts, f.ID+" "+f.Package)
	}
	return strings.Join(texts, ", ")
}

func TestCompareScan(t *testing.T) {
	old := found("CVE-1", "openssl", scan.High)
	for _, c := range []struct {
		name      string
		base, now []scan.Finding
		failOn    scan.Severity
		ignore    []Ignored
		verdict   Verdict
		new_      string
		fixed     string
		causes    string
		warnings  string
	}{
		{name: "nothing at all", failOn: scan.High, verdict: Pass},
		{name: "what was there", base: []scan.Finding{old}, now: []scan.Finding{old}, failOn: scan.High, verdict: Pass},
		{name: "a new one", base: []scan.Finding{old}, now: []scan.Finding{old, found("CVE-2", "zlib", scan.High)}, failOn: scan.High, verdict: Regression,
			new_: "CVE-2 zlib", causes: "scan: new: CVE-2 (high) in zlib 1.0, fixed in 1.1"},
		{name: "a worse one", now: []scan.Finding{found("CVE-2", "zlib", scan.Critical)}, failOn: scan.High, verdict: Regression,
			new_: "CVE-2 zlib", causes: "scan: new: CVE-2 (critical) in zlib 1.0, fixed in 1.1"},
		{name: "a new one below the limit", now: []scan.Finding{found("CVE-2", "zlib", scan.Medium)}, failOn: scan.High, verdict: Pass, new_: "CVE-2 zlib"},
		{name: "the same below a lower limit", now: []scan.Finding{found("CVE-2", "zlib", scan.Medium)}, failOn: scan.Low, verdict: Regression,
			new_: "CVE-2 zlib", causes: "scan: new: CVE-2 (medium) in zlib 1.0, fixed in 1.1"},
		{name: "an unrated one", now: []scan.Finding{found("CVE-2", "zlib", scan.Unknown)}, failOn: scan.Negligible, verdict: Pass, new_: "CVE-2 zlib"},
		{name: "an unrated one where all count", now: []scan.Finding{found("CVE-2", "zlib", scan.Unknown)}, failOn: scan.Unknown, verdict: Regression,
			new_: "CVE-2 zlib", causes: "scan: new: CVE-2 (unknown) in zlib 1.0, fixed in 1.1"},
		{name: "a fixed one", base: []scan.Finding{old}, failOn: scan.High, verdict: Pass, fixed: "CVE-1 openssl"},
		{name: "the same one in another package", base: []scan.Finding{old}, now: []scan.Finding{old, found("CVE-1", "libssl3", scan.High)}, failOn: scan.High, verdict: Regression,
			new_: "CVE-1 libssl3", causes: "scan: new: CVE-1 (high) in libssl3 1.0, fixed in 1.1"},
		{name: "the same one in another version", base: []scan.Finding{old}, now: []scan.Finding{{ID: "CVE-1", Package: "openssl", Version: "2", Severity: scan.High}}, failOn: scan.High, verdict: Pass},
		{name: "one that is rated worse now", base: []scan.Finding{found("CVE-1", "openssl", scan.Medium)}, now: []scan.Finding{old}, failOn: scan.High, verdict: Regression,
			new_: "CVE-1 openssl", causes: "scan: new: CVE-1 (high) in openssl 1.0, fixed in 1.1"},
		{name: "one that was too bad already", base: []scan.Finding{old}, now: []scan.Finding{found("CVE-1", "openssl", scan.Critical)}, failOn: scan.High, verdict: Pass},
		{name: "one without a fix", now: []scan.Finding{{ID: "CVE-2", Package: "zlib", Severity: scan.High}}, failOn: scan.High, verdict: Regression,
			new_: "CVE-2 zlib", causes: "scan: new: CVE-2 (high) in zlib, no fix is known"},
		{name: "an ignored one", now: []scan.Finding{found("CVE-2", "zlib", scan.High)}, failOn: scan.High, verdict: Pass, new_: "CVE-2 zlib",
			ignore:   []Ignored{{ID: "CVE-2", Until: time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC), Reason: "not reached"}},
			warnings: "scan: CVE-2 in zlib is ignored until 2027-01-31: not reached"},
		{name: "another than the ignored one", now: []scan.Finding{found("CVE-2", "zlib", scan.High)}, failOn: scan.High, verdict: Regression, new_: "CVE-2 zlib",
			ignore: []Ignored{{ID: "CVE-3", Reason: "not reached"}}, causes: "scan: new: CVE-2 (high) in zlib 1.0, fixed in 1.1",
			warnings: "scan: CVE-3 is ignored, but nothing found is called that: take the entry out"},
		{name: "an ignored one in lower case", now: []scan.Finding{found("CVE-2", "zlib", scan.High)}, failOn: scan.High, verdict: Regression, new_: "CVE-2 zlib",
			ignore: []Ignored{{ID: "cve-2", Reason: "not reached"}}, causes: "scan: new: CVE-2 (high) in zlib 1.0, fixed in 1.1",
			warnings: "scan: cve-2 is ignored, but nothing found is called that: write CVE-2"},
		{name: "an ignored one that the baseline has", base: []scan.Finding{old}, now: []scan.Finding{old}, failOn: scan.High, verdict: Pass,
			ignore: []Ignored{{ID: "CVE-1", Reason: "not reached"}}},
		{name: "an ignored one that is mended", base: []scan.Finding{old}, failOn: scan.High, verdict: Pass, fixed: "CVE-1 openssl",
			ignore: []Ignored{{ID: "CVE-1", Reason: "not reached"}}, warnings: "scan: CVE-1 is ignored, but nothing found is called that: take the entry out"},
	} {
		t.Run(c.name, func(t *testing.T) {
			base, now := scannedAs(c.base...), scannedAs(c.now...)
			r := Compare(withScan(c.failOn, c.ignore...), &base, now)
			require.Equal(t, c.verdict, r.Scan.Verdict)
			require.Equal(t, c.verdict, r.Verdict, "the image's verdict is no better than its scan's")
			require.Equal(t, c.new_, ids(r.Scan.New))
			require.Equal(t, c.fixed, ids(r.Scan.Fixed))
			require.Equal(t, c.causes, strings.Join(r.Causes, "\n"))
			require.Equal(t, c.warnings, strings.Join(r.Warnings, "\n"))
			require.Equal(t, base.Scan.Counts, r.Scan.Baseline)
			require.Equal(t, now.Scan.Counts, r.Scan.Counts)
		})
	}
}

// TestScanE1: what was not scanned, or cannot be compared, is never a pass.
func TestScanE1(t *testing.T) {
	clean, plain := scannedAs(), measured()
	unscanned := measured()
	unscanned.Scan = &Scanned{Reason: "the report is not there"}
	byGrype := scannedAs()
	byGrype.Scan.Tool = "grype"
	short := scannedAs()
	short.Scan.Listed = scan.Critical
	for _, c := range []struct {
		name    string
		base    *Measurement
		now     Measurement
		verdict Verdict
		reason  string
		status  int
	}{
		{"no report", &clean, unscanned, Unmeasured, "the report is not there", 3},
		{"nothing said of it", &clean, plain, Unmeasured, "nothing was scanned", 3},
		{"no report and no baseline", nil, unscanned, Unmeasured, "the report is not there", 3},
		{"no baseline", nil, clean, New, "no scan in the baseline yet: run image-budget record agent", 3},
		{"a baseline from before", &plain, clean, New, "no scan in the baseline yet: run image-budget record agent", 3},
		{"another tool", &byGrype, clean, Unmeasured, "the baseline was scanned with grype, this image with trivy, and each has its own names and ratings: run image-budget record agent", 3},
		{"a baseline that was cut short", &short, clean, Unmeasured, "the baseline has room to list only critical and worse, not all from high on: set fail_on: critical, or mend the worst and run image-budget record agent", 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Compare(withScan(scan.High), c.base, c.now)
			require.Equal(t, c.verdict, r.Scan.Verdict)
			require.Equal(t, c.reason, r.Scan.Reason)
			require.Equal(t, c.verdict, r.Verdict)
			require.Equal(t, c.status, Total([]ImageResult{r}, "x").ExitCode)
		})
	}
	require.Nil(t, Compare(agent("layers"), &clean, clean).Scan, "nobody asked")
}

// TestScanOfTheSameImage: a vulnerability that became known makes it a regression,
// and the reader is told that nothing was built worse.
func TestScanOfTheSameImage(t *testing.T) {
	base, now := scannedAs(), scannedAs(found("CVE-2", "zlib", scan.High))
	base.Scan.Of, now.Scan.Of = digestA, digestA
	r := Compare(withScan(scan.High), &base, now)
	require.Equal(t, Regression, r.Scan.Verdict)
	require.Contains(t, r.Causes[1], "the image holds what it held when the baseline was recorded")
	now.Scan.Of = digestB
	require.Len(t, Compare(withScan(scan.High), &base, now).Causes, 1)
}

func TestScanTellsSoMany(t *testing.T) {
	var all []scan.Finding
	for i := range 13 {
		all = append(all, found(fmt.Sprintf("CVE-2026-%04d", i), "linux", scan.High))
	}
	base := scannedAs()
	r := Compare(withScan(scan.High), &base, scannedAs(all...))
	require.Len(t, r.Causes, 11)
	require.Equal(t, "scan: 3 more new ones, all in the JSON report", r.Causes[10])
	require.Len(t, r.Scan.New, 13)
}

const scanLines = `scan:
  tool: trivy
  version: "0.74.0"
  counts:
    critical: 1
    high: 3
    low: 1
  findings:
    critical:
      "openssl": [CVE-2026-0002]
    high:
      "@babel/core: x": [GHSA-cfh5-3ghh-wfjx]
      "openssl": [CVE-2026-0001, CVE-2026-0003]
    low:
      "zlib": [CVE-2026-0004]
`

// TestScanInTheBaseline writes a line for each package, and reads it back.
func TestScanInTheBaseline(t *testing.T) {
	m := scannedAs(
		found("CVE-2026-0003", "openssl", scan.High), found("CVE-2026-0004", "zlib", scan.Low), found("CVE-2026-0002", "openssl", scan.Critical),
		found("CVE-2026-0001", "openssl", scan.High), found("CVE-2026-0001", "openssl", scan.Low), found("GHSA-cfh5-3ghh-wfjx", "@babel/core: x", scan.High),
	)
	m.Scan.Findings[4].Version = "2.0"
	m.Scan.Counts = scan.Count(m.Scan.Findings)
	data, err := encodeBaseline(m)
	require.NoError(t, err)
	require.Contains(t, string(data), "\n"+scanLines+"contents:\n")
	require.NoError(t, readsBack("x.baseline.yaml", data))
	back, err := decodeBaseline("x.baseline.yaml", data)
	require.NoError(t, err)
	require.Equal(t, m.Scan.Counts, back.Scan.Counts)
	require.Equal(t, "CVE-2026-0002 openssl, GHSA-cfh5-3ghh-wfjx @babel/core: x, CVE-2026-0001 openssl, CVE-2026-0003 openssl, CVE-2026-0004 zlib", ids(back.Scan.Findings))
	r := Compare(withScan(scan.Unknown), back, m)
	require.Equal(t, Pass, r.Scan.Verdict)
	require.Empty(t, r.Scan.New)

	clean, err := encodeBaseline(scannedAs())
	require.NoError(t, err)
	require.Contains(t, string(clean), "scan:\n  tool: trivy\n  version: \"0.74.0\"\ncontents:\n")
	require.NoError(t, readsBack("x.baseline.yaml", clean))
}

// TestScanOfThousands: a baseline stays within what is read again, has room for two
// thousand that can be gated, and says from where on it lists them.
func TestScanOfThousands(t *testing.T) {
	severities := []scan.Severity{scan.Low, scan.Medium, scan.High, scan.Critical}
	thousands := func(n int) Measurement {
		var all []scan.Finding
		for i := range n {
			all = append(all, found(fmt.Sprintf("CVE-2026-%05d", i), fmt.Sprintf("package-%d", i%300), severities[i%4]))
		}
		return scannedAs(all...)
	}
	for n, listed := range map[int]scan.Severity{500: scan.Unknown, 2000: scan.Unknown, 4000: scan.Medium, 6000: scan.High, 12000: scan.Critical} {
		m := thousands(n)
		data, err := encodeBaseline(m)
		require.NoError(t, err)
		require.LessOrEqual(t, len(data), sizeCap)
		require.NoError(t, readsBack("x.baseline.yaml", data), n)
		back, err := decodeBaseline("x.baseline.yaml", data)
		require.NoError(t, err)
		require.Equal(t, m.Scan.Counts, back.Scan.Counts)
		require.Equal(t, listed.String(), back.Scan.Listed.String(), n)
		failOn := max(listed, scan.Low)
		require.Equal(t, Pass, Compare(withScan(failOn), back, m).Scan.Verdict, n)
		more := thousands(n + 4)
		require.Len(t, Compare(withScan(failOn), back, more).Scan.Failing(), int(scan.Critical-failOn)+1, n)
	}
}

func TestScanInTheBaselineRejected(t *testing.T) {
	data, err := encodeBaseline(measured())
	require.NoError(t, err)
	file := strings.Replace(string(data), "contents:\n", scanLines+"contents:\n", 1)
	_, err = decodeBaseline("x.baseline.yaml", []byte(file))
	require.NoError(t, err)
	for _, c := range []struct{ name, old, new, problem string }{
		{"no tool", "  tool: trivy\n  version", "  version", "scan.tool is missing"},
		{"unknown key", "  tool: trivy\n", "  tool: trivy\n  scanner: x\n", `no key "scanner" in scan`},
		{"unknown severity", "    critical: 1\n", "    severe: 1\n", `no key "severe" in scan.counts`},
		{"a count by hand", "    high: 3\n", "    high: 4\n", "scan.counts.high says 4 findings, and lists 3"},
		{"a finding by hand", "[CVE-2026-0001, CVE-2026-0003]", "[CVE-2026-0001, CVE-2026-0003, CVE-2026-9]", "says 3 findings, and lists 4"},
		{"no count", "    low: 1\n", "", "scan.findings.low says 0 findings, and lists 1"},
		{"no list", "    low:\n      \"zlib\": [CVE-2026-0004]\n", "", "scan.counts.low says 1 findings, and lists 0"},
		{"more than it says that it lists", "  findings:\n", "  listed: high\n  findings:\n", "lists what is less than high"},
		{"no identifier", "[CVE-2026-0002]", `["*"]`, "is not the identifier of a vulnerability"},
		{"a negative count", "critical: 1", "critical: -1", "scan.counts.critical is -1"},
		{"text for a list", "[CVE-2026-0002]", "CVE-2026-0002", "is not a list"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Contains(t, file, c.old)
			_, err := decodeBaseline("x.baseline.yaml", []byte(strings.Replace(file, c.old, c.new, 1)))
			var fault *FileError
			require.ErrorAs(t, err, &fault)
			require.Contains(t, fault.Problem, c.problem)
		})
	}
}

// TestAmendKeepsTheScan (E14).
func TestAmendKeepsTheScan(t *testing.T) {
	data, err := encodeBaseline(scannedAs(found("CVE-2026-0001", "openssl", scan.High)))
	require.NoError(t, err)
	now := scannedAs(found("CVE-2026-0009", "zlib", scan.High))
	now.Metrics["layers"] = number(6)
	amended, err := amend("x.baseline.yaml", data, now, []string{"layers"})
	require.NoError(t, err)
	require.Equal(t, strings.Replace(string(data), "layers: 5\n", "layers: 6\n", 1), string(amended))
}

// TestScanOfLongNames: whatever a package is called, a baseline has it.
func TestScanOfLongNames(t *testing.T) {
	for _, name := range []string{strings.Repeat("x", 200), strings.Repeat("邪", 66), "<<", "a: b # c", `"quoted" \`, "- x", "null", "1.0"} {
		m := scannedAs(found("CVE-1", name, scan.High))
		data, err := encodeBaseline(m)
		require.NoError(t, err)
		require.NoError(t, readsBack("x.baseline.yaml", data), name)
		back, err := decodeBaseline("x.baseline.yaml", data)
		require.NoError(t, err)
		require.Equal(t, name, back.Scan.Findings[0].Package)
	}
}

func TestScanResultJSON(t *testing.T) {
	base := scannedAs(found("CVE-1", "openssl", scan.Low))
	total := Total([]ImageResult{Compare(withScan(scan.High), &base, scannedAs(found("CVE-2", "zlib", scan.High)))}, "0.1.0")
	data, err := json.MarshalIndent(total, "", "  ")
	require.NoError(t, err)
	for _, want := range []string{`"fail_on": "high"`, `"baseline_counts": {`, `"low": 1`, `"ignored": []`, `"fixed": "1.1"`, `"exit_code": 1`} {
		require.Contains(t, string(data), want)
	}
	read, err := ReadResult(bytes.NewReader(data))
	require.NoError(t, err)
	require.Equal(t, total.Images[0].Scan.New, read.Images[0].Scan.New)
	for _, edit := range [][3]string{
		{`"verdict": "regression",\n        "reason"`, `"verdict": "green",\n        "reason"`, "there is no verdict"},
		{"\"counts\": {\n          \"high\": 1\n        }", `"counts": null`, "it has no counts and is not unmeasured"},
		{`"severity": "high"`, `"severity": "severe"`, "there is no severity"},
	} {
		old, new := strings.ReplaceAll(edit[0], `\n`, "\n"), strings.ReplaceAll(edit[1], `\n`, "\n")
		require.Contains(t, string(data), old)
		_, err := ReadResult(strings.NewReader(strings.Replace(string(data), old, new, 1)))
		require.ErrorContains(t, err, edit[2])
	}
	plain, err := json.Marshal(ImageResult{})
	require.NoError(t, err)
	require.NotContains(t, string(plain), `"scan"`)
}
