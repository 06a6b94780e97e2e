package scan

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/opencontainers/go-digest"
	"github.com/stretchr/testify/require"
)

// TestRead reads what each scanner wrote.
func TestRead(t *testing.T) {
	const alpine = "sha256:055936d3920576da37aa9bc460d70c5f212028bda1c08c0879aedf03d7a66ea1"
	for _, c := range []struct {
		file, tool, version string
		of                  string // one of the digests it names
		counts              string
		first               Finding // less Title
	}{
		{"trivy.json", "trivy", "dev", alpine, "2 critical", Finding{
			ID: "CVE-2019-14697", Severity: Critical, Package: "musl", Version: "1.1.20-r4", Fixed: "1.1.20-r5",
			Target: "testdata/fixtures/images/alpine-39.tar.gz (alpine 3.9.4)", URL: "https://avd.aquasec.com/nvd/cve-2019-14697",
		}},
		{"trivy-debian.json", "trivy", "dev", "", "1 critical, 1 low", Finding{
			ID: "CVE-2019-18224", Severity: Critical, Package: "libidn2-0", Version: "2.0.5-1", Fixed: "2.0.5-1+deb10u1",
			Target: "testdata/fixtures/images/debian-buster.tar.gz (debian 10.1)", URL: "https://avd.aquasec.com/nvd/cve-2019-18224",
		}},
		{"trivy-clean.json", "trivy", "dev", alpine, "nothing", Finding{}},
		{"trivy.sarif", "trivy", "dev", "sha256:961769676411f082461f9ef46626dd7a2d1e2b2a38e6a44364bcbecf51e66dd4", "", Finding{
			ID: "CVE-2019-1549", Severity: Medium, Package: "libcrypto1.1", Version: "1.1.1c-r0", Fixed: "1.1.1d-r0",
			Target: "testdata/fixtures/images/alpine-310.tar.gz", URL: "https://avd.aquasec.com/nvd/cve-2019-1549",
		}},
		{"grype.json", "grype", "[not provided]", "sha256:ca738abb87a8d58f112d3400ebb079b61ceae7dc290beb34bda735be4b1941d5", "1 critical, 1 low", Finding{
			ID: "CVE-1999-0002", Severity: Critical, Package: "package-2", Version: "2.2.2", Target: "/foo/bar/somefile-2.txt",
		}},
		{"grype.sarif", "grype", "0.0.0-dev", "", "1 critical, 1 low", Finding{
			ID: "CVE-1999-0002", Severity: Critical, Package: "package-2", Version: "2.0.1", Target: "image/pkg-2", URL: "https://github.com/anchore/grype",
		}},
		{"scout.sarif", "scout", "0.24.1", "", "1 low", Finding{
			ID: "GMS-2022-9109", Severity: Low, Package: "com.thoughtworks.xstream:xstream", Version: "1.4.5", URL: "https://scout.docker.com/v/GMS-2022-9109",
		}},
		{"scout-results.sarif", "scout", "1.20.4", "", "1 high", Finding{
			ID: "CVE-2020-8908", Severity: High, Package: "com.google.guava:guava", Version: "29.0-jre", Fixed: "32.0.0-android",
			Target: "/opt/lib/guava-31.0-jre.jar", URL: "https://scout.docker.com/v/CVE-2020-8908",
		}},
	} {
		t.Run(c.file, func(t *testing.T) {
			r, err := Read(filepath.Join("testdata", c.file))
			require.NoError(t, err)
			require.Equal(t, c.tool, r.Tool)
			require.Equal(t, c.version, r.Version)
			if c.counts != "" {
				require.Equal(t, c.counts, Count(r.Findings).String())
			}
			if c.of != "" {
				same, known := r.IsOf(digest.Digest(c.of), "sha256:other")
				require.True(t, same && known, r.Of)
			}
			same, _ := r.IsOf(digest.FromString("another"))
			require.False(t, same)
			if c.first.ID == "" {
				require.Empty(t, r.Findings)
				return
			}
			first := r.Findings[0]
			first.Title = ""
			require.Equal(t, c.first, first)
		})
	}
}

// TestFixes: where several versions have it, all are told.
func TestFixes(t *testing.T) {
	r, err := Read("testdata/grype.json")
	require.NoError(t, err)
	require.Equal(t, "1.2.1, 2.1.3, 3.4.0", r.Findings[1].Fixed)
}

// TestEachOnce: the same package in two places, and at two versions.
func TestEachOnce(t *testing.T) {
	v := func(id, pkg, version, severity string) string {
		return `{"VulnerabilityID":"` + id + `","PkgName":"` + pkg + `","InstalledVersion":"` + version + `","Severity":"` + severity + `"}`
	}
	r, err := Parse([]byte(`{"SchemaVersion":2,"ArtifactName":"x","Results":[
		{"Vulnerabilities":[` + v("CVE-1", "a", "1", "LOW") + `,` + v("CVE-1", "b", "1", "") + `]},
		{"Vulnerabilities":[` + v("CVE-1", "a", "1", "HIGH") + `,` + v("CVE-1", "a", "2", "LOW") + `]}]}`))
	require.NoError(t, err)
	require.Len(t, r.Findings, 3)
	require.Equal(t, "1 high, 1 unknown", Count(r.Findings).String())
	_, known := r.IsOf(digest.FromString("x"))
	require.False(t, known)
}

// TestParseRefuses what is not wholly understood: it is never an image without
// findings.
func TestParseRefuses(t *testing.T) {
	whole, err := os.ReadFile("testdata/trivy.json")
	require.NoError(t, err)
	sarif := func(run string) string { return `{"version":"2.1.0","runs":[` + run + `]}` }
	for _, c := range []struct{ name, data, problem string }{
		{"nothing", "", "it is empty"},
		{"blanks", " \n", "it is empty"},
		{"no JSON", "2026-11-26 FATAL image scan error", "not JSON"},
		{"cut short", string(whole[:len(whole)/2]), "cut short"},
		{"two values", "{}{}", "not JSON"},
		{"a list, as an old Trivy writes", `[{"Target": "app"}]`, "it is a JSON array, and a report is an object"},
		{"a text", `"trivy"`, "it is a JSON string"},
		{"results twice", `{"SchemaVersion":2,"ArtifactName":"x","Results":[{"Vulnerabilities":[{"VulnerabilityID":"CVE-1","PkgName":"a"}]}],"Results":[]}`, `the key "Results" twice`},
		{"results twice, in two cases", `{"SchemaVersion":2,"ArtifactName":"x","Results":[],"results":[]}`, `the key "results" twice`},
		{"vulnerabilities twice", `{"SchemaVersion":2,"ArtifactName":"x","Results":[{},{"Vulnerabilities":[{"VulnerabilityID":"CVE-1","PkgName":"a"}],"Vulnerabilities":[]}]}`, `the key "Vulnerabilities" twice`},
		{"an object of nothing", "{}", "no known format"},
		{"SPDX", `{"spdxVersion":"SPDX-2.3","packages":[]}`, "no known format"},
		{"a Trivy of another schema", `{"SchemaVersion":3,"ArtifactName":"x"}`, "schema version 3"},
		{"a Trivy of unknown severity", `{"SchemaVersion":2,"ArtifactName":"x","Results":[{"Vulnerabilities":[{"VulnerabilityID":"CVE-1","PkgName":"a","Severity":"BAD"}]}]}`, `severity "BAD"`},
		{"a finding without package", `{"SchemaVersion":2,"ArtifactName":"x","Results":[{"Vulnerabilities":[{"VulnerabilityID":"CVE-1","Severity":"LOW"}]}]}`, "CVE-1 names no package"},
		{"a finding without identifier", `{"SchemaVersion":2,"ArtifactName":"x","Results":[{"Vulnerabilities":[{"PkgName":"a"}]}]}`, `finding 1 has the identifier ""`},
		{"results of another kind", `{"SchemaVersion":2,"ArtifactName":"x","Results":{}}`, "not as Trivy's JSON should be"},
		{"Grype's matches are null", `{"matches":null,"descriptor":{}}`, "no known format"},
		{"SARIF without runs", `{"version":"2.1.0","runs":[]}`, "0 runs"},
		{"SARIF 2.0", `{"version":"2.0.0","runs":[{}]}`, `version "2.0.0"`},
		{"SARIF of a linter", sarif(`{"tool":{"driver":{"name":"hadolint"}},"results":[]}`), `by "hadolint"`},
		{"SARIF without results", sarif(`{"tool":{"driver":{"name":"Trivy"}}}`), "the scan did not run"},
		{"a result without rule", sarif(`{"tool":{"driver":{"name":"Trivy"}},"results":[{"ruleId":"CVE-1"}]}`), `the rule "CVE-1"`},
		{"a result without package", sarif(`{"tool":{"driver":{"name":"Trivy","rules":[{"id":"CVE-1"}]}},"results":[{"ruleId":"CVE-1"}]}`), "CVE-1 names no package"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse([]byte(c.data))
			var fault *FileError
			require.ErrorAs(t, err, &fault)
			require.Contains(t, err.Error(), c.problem)
			require.NotEmpty(t, fault.Hint())
		})
	}
}

// TestOtherResults: Trivy's secrets and misconfigurations are no vulnerabilities.
func TestOtherResults(t *testing.T) {
	r, err := Parse([]byte(`{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"Trivy","rules":[{"id":"aws-key","properties":{"tags":["secret","CRITICAL"]}}]}},"results":[{"ruleId":"aws-key","ruleIndex":0}]}]}`))
	require.NoError(t, err)
	require.Empty(t, r.Findings)
}

func TestReadRefuses(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	require.NoError(t, os.Symlink("/etc/passwd", at("link")))
	require.NoError(t, syscall.Mkfifo(at("fifo"), 0o600))
	require.NoError(t, os.WriteFile(at("huge"), nil, 0o600))
	require.NoError(t, os.Truncate(at("huge"), sizeCap+1))
	for _, c := range []struct{ name, problem string }{
		{"link", "symbolic link"}, {"fifo", "not a regular file"}, {"huge", "larger than 64 MiB"}, {".", "not a regular file"},
	} {
		_, err := Read(at(c.name))
		var fault *FileError
		require.ErrorAs(t, err, &fault, c.name)
		require.Contains(t, err.Error(), c.problem)
		require.Contains(t, err.Error(), at(c.name))
	}
	_, err := Read(at("missing"))
	var missing *MissingError
	require.ErrorAs(t, err, &missing)
	var user interface{ UserFault() }
	require.False(t, errors.As(err, &user), "a scan that did not run is unmeasured, not a faulty file")
}

func TestSeverities(t *testing.T) {
	require.Len(t, Severities, len(severityNames))
	for i, s := range Severities {
		require.Equal(t, int(Critical)-i, int(s))
		text, err := s.MarshalText()
		require.NoError(t, err)
		var back Severity
		require.NoError(t, back.UnmarshalText([]byte(strings.ToUpper(string(text)))))
		require.Equal(t, s, back)
	}
	for score, want := range map[float64]Severity{0: Unknown, 0.1: Low, 3.9: Low, 4: Medium, 6.9: Medium, 7: High, 8.9: High, 9: Critical, 10: Critical} {
		require.Equal(t, want, ofScore(score), score)
	}
}

func TestPackageOf(t *testing.T) {
	for purl, want := range map[string][2]string{
		"pkg:deb/debian/tar@1.35%2Bdfsg-3.1?os_distro=trixie&os_name=debian": {"tar", "1.35+dfsg-3.1"},
		"pkg:npm/%40babel/core@7.0.0":                                        {"@babel/core", "7.0.0"},
		"pkg:golang/golang.org/x/crypto@0.51":                                {"golang.org/x/crypto", "0.51"},
		"pkg:golang/stdlib@1.27.1":                                           {"stdlib", "1.27.1"},
		"pkg:pypi/redis":                                                     {"redis", ""},
		"nothing":                                                            {"nothing", ""},
	} {
		name, version := packageOf(purl)
		require.Equal(t, want, [2]string{name, version}, purl)
	}
}

// FuzzParse: whatever it is, it is a report of whole findings or an error.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"trivy.json", "trivy.sarif", "grype.json", "grype.sarif", "scout-results.sarif"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		require.NoError(f, err)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Parse(data)
		if err != nil {
			return
		}
		for _, finding := range r.Findings {
			require.True(t, IsIdentifier(finding.ID))
			require.NotEmpty(t, finding.Package)
		}
	})
}
