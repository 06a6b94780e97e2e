package scan

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSubject: a report says what it is of, or does not.
func TestSubject(t *testing.T) {
	trivy := `{"SchemaVersion":2,"ArtifactName":"x","ArtifactType":%q}`
	grype := `{"matches":[],"source":{"type":%q,"target":{}},"descriptor":{"name":"grype"}}`
	sarif := `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"Trivy"}},"results":[],"properties":{"imageName":%q}}]}`
	for _, c := range []struct{ form, of, subject string }{
		{trivy, "container_image", ""},
		{trivy, "", ""},
		{trivy, "filesystem", "a filesystem"},
		{trivy, "repository", "a repository"},
		{trivy, "vm", "a virtual machine"},
		{trivy, "cyclonedx", "an SBOM"},
		{trivy, "moon", `what Trivy calls "moon"`},
		{grype, "image", ""},
		{grype, "unknown", ""},
		{grype, "directory", "a folder"},
		{grype, "file", "a file"},
		{grype, "moon", `what Grype calls "moon"`},
		{sarif, "app:1", ""},
		{sarif, "", "something that it does not name, as Trivy's SARIF of an image does"},
	} {
		r, err := Parse([]byte(fmt.Sprintf(c.form, c.of)))
		require.NoError(t, err, c.of)
		require.Equal(t, c.subject, r.Subject, c.of)
	}
}

// TestLacks: without a result for the packages of its system the vulnerability
// scanner has not looked at an image that has one.
func TestLacks(t *testing.T) {
	const of = `{"SchemaVersion":2,"ArtifactName":"x","ArtifactType":"container_image","Metadata":{"OS":%s},"Results":%s}`
	const debian = `{"Family":"debian","Name":"12.8"}`
	for _, c := range []struct{ name, os, results, lacks string }{
		{"a clean one", debian, `[{"Target":"x (debian 12.8)","Class":"os-pkgs","Type":"debian"}]`, ""},
		{"secrets alone", debian, `[{"Target":"/app/.env","Class":"secret"}]`, "packages of the operating system, which is debian 12.8"},
		{"libraries alone", debian, `[{"Target":"Python","Class":"lang-pkgs"}]`, "packages of the operating system, which is debian 12.8"},
		{"no results", debian, `[]`, "packages of the operating system, which is debian 12.8"},
		{"null results", debian, `null`, "packages of the operating system, which is debian 12.8"},
		{"no system", `null`, `[]`, ""},
		{"a system of no family", `{"Family":"none","Name":""}`, `[]`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := Parse([]byte(fmt.Sprintf(of, c.os, c.results)))
			require.NoError(t, err)
			require.Equal(t, c.lacks, r.Lacks)
		})
	}
}

func TestMayBeOf(t *testing.T) {
	for _, c := range []struct {
		report, ours []string
		may          bool
	}{
		{[]string{"nginx:latest"}, []string{"app"}, false},
		{[]string{"nginx:latest"}, []string{"app", "ghcr.io/acme/nginx:main"}, true},
		{[]string{"ghcr.io/acme/agent:1"}, []string{"agent:dev"}, true},
		{[]string{"localhost:5000/agent"}, []string{"registry.acme.com/team/agent@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}, true},
		{[]string{"agent-dev"}, []string{"agent"}, false},
		{[]string{"out/app.tar"}, []string{"agent"}, true},
		{[]string{"./layout", "nginx"}, []string{"agent"}, true},
		{[]string{"oci-dir:layout"}, []string{"agent"}, true},
		{[]string{"docker:agent:1"}, []string{"agent"}, true},
		{[]string{"docker:nginx"}, []string{"agent"}, false},
		{[]string{"registry:2"}, []string{"registry:3"}, true},
		{nil, []string{"agent"}, true},
		{[]string{""}, []string{"agent"}, true},
		{[]string{"nginx"}, []string{"The Agent"}, true},
		{[]string{"nginx"}, nil, true},
	} {
		require.Equal(t, c.may, Report{Names: c.report}.MayBeOf(c.ours...), "%q, %q", c.report, c.ours)
	}
}
