package scan

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
)

// Trivy is the JSON of trivy image --format json, of which a clean image's has
// no Results at all. The schema is pkg/types/report.go of Trivy.
var Trivy = Format{
	Name:  "Trivy's JSON",
	Is:    func(k keys) bool { return k.has("SchemaVersion", "ArtifactName") },
	Parse: parseTrivy,
}

type trivyReport struct {
	SchemaVersion int
	Trivy         struct{ Version string }
	ArtifactName  string
	ArtifactType  string
	Metadata      struct {
		OS          *struct{ Family, Name string }
		ImageID     string
		RepoDigests []string
		RepoTags    []string
	}
	Results []struct {
		Target, Class   string
		Vulnerabilities []struct {
			VulnerabilityID, PkgName, PkgPath, InstalledVersion, FixedVersion string
			Severity, Title, PrimaryURL                                       string
		}
	}
}

func parseTrivy(data []byte) (Report, error) {
	var from trivyReport
	if err := json.Unmarshal(data, &from); err != nil {
		return Report{}, err
	}
	if from.SchemaVersion != 2 {
		return Report{}, fmt.Errorf("it is of schema version %d, and 2 is known", from.SchemaVersion)
	}
	r := Report{
		Tool: "trivy", Version: from.Trivy.Version, Of: digests(append(from.Metadata.RepoDigests, from.Metadata.ImageID)...),
		Names: append(from.Metadata.RepoTags, from.ArtifactName), Subject: from.subject(), Lacks: from.lacks(),
	}
	for _, result := range from.Results {
		for _, v := range result.Vulnerabilities {
			severity, ok := SeverityNamed(v.Severity)
			if !ok && v.Severity != "" {
				return Report{}, fmt.Errorf("%.40s has the severity %.40q", v.VulnerabilityID, v.Severity)
			}
			f := Finding{
				ID: v.VulnerabilityID, Severity: severity, Package: v.PkgName, Version: v.InstalledVersion,
				Fixed: v.FixedVersion, Target: result.Target, Title: v.Title, URL: v.PrimaryURL,
			}
			if v.PkgPath != "" {
				f.Target = v.PkgPath
			}
			r.Findings = append(r.Findings, f)
		}
	}
	return r, nil
}

// trivySubjects are the ArtifactTypes of pkg/fanal/types/artifact.go of Trivy, in
// words. The one of images has none.
var trivySubjects = map[string]string{
	"container_image": "",
	"filesystem":      "a filesystem",
	"repository":      "a repository",
	"vm":              "a virtual machine",
	"cyclonedx":       "an SBOM",
	"spdx":            "an SBOM",
	"aws_account":     "an AWS account",
}

// subject is what the report is of, where it says that this is no image.
func (from trivyReport) subject() string {
	words, known := trivySubjects[from.ArtifactType]
	if !known && from.ArtifactType != "" {
		return fmt.Sprintf("what Trivy calls %.40q", from.ArtifactType)
	}
	return words
}

// osPackages is the class of the packages of an operating system.
const osPackages = "os-pkgs"

// lacks is what a report of an image with an operating system has from the
// vulnerability scanner even where nothing is wrong (pkg/scan/ospkg/scan.go of
// Trivy). Without it that was off, or does not know the system.
func (from trivyReport) lacks() string {
	os := from.Metadata.OS
	if os == nil || os.Family == "" || withoutPackages[os.Family] {
		return ""
	}
	for _, result := range from.Results {
		if result.Class == osPackages {
			return ""
		}
	}
	return fmt.Sprintf("packages of the operating system, which is %s", cmp.Or(oneLine(strings.TrimSpace(os.Family+" "+os.Name)), "not named"))
}

// withoutPackages are the families of which Trivy expects no such result.
var withoutPackages = map[string]bool{"none": true, "activestate": true}
