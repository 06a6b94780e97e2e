package scan

import (
	"encoding/json"
	"fmt"
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
	Metadata      struct {
		ImageID     string
		RepoDigests []string
	}
	Results []struct {
		Target          string
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
	r := Report{Tool: "trivy", Version: from.Trivy.Version, Of: digests(append(from.Metadata.RepoDigests, from.Metadata.ImageID)...)}
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
