package scan

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Grype is the JSON of grype -o json. The schema is grype/presenter/models of
// Grype.
var Grype = Format{
	Name:  "Grype's JSON",
	Is:    func(k keys) bool { return k.has("matches", "descriptor") },
	Parse: parseGrype,
}

type grypeReport struct {
	Matches []struct {
		Vulnerability struct {
			ID, DataSource, Severity, Description string
			Fix                                   struct{ Versions []string }
		}
		Artifact struct {
			Name, Version string
			Locations     []struct{ Path string }
		}
	}
	Source struct {
		Type   string
		Target json.RawMessage // an object of an image, a text of a folder
	}
	Descriptor struct{ Name, Version string }
}

func parseGrype(data []byte) (Report, error) {
	var from grypeReport
	if err := json.Unmarshal(data, &from); err != nil {
		return Report{}, err
	}
	r := Report{Tool: "grype", Version: from.Descriptor.Version, Subject: from.subject()}
	if from.Source.Type == "image" {
		var image struct {
			UserInput, ImageID, ManifestDigest string
			RepoDigests, Tags                  []string
		}
		if err := json.Unmarshal(from.Source.Target, &image); err != nil {
			return Report{}, fmt.Errorf("source.target: %w", err)
		}
		r.Of = digests(append(image.RepoDigests, image.ImageID, image.ManifestDigest)...)
		r.Names = append(image.Tags, image.UserInput)
	}
	for _, m := range from.Matches {
		severity, ok := SeverityNamed(m.Vulnerability.Severity)
		if !ok && m.Vulnerability.Severity != "" {
			return Report{}, fmt.Errorf("%.40s has the severity %.40q", m.Vulnerability.ID, m.Vulnerability.Severity)
		}
		f := Finding{
			ID: m.Vulnerability.ID, Severity: severity, Package: m.Artifact.Name, Version: m.Artifact.Version,
			Fixed: strings.Join(m.Vulnerability.Fix.Versions, ", "), Title: m.Vulnerability.Description, URL: m.Vulnerability.DataSource,
		}
		if len(m.Artifact.Locations) > 0 {
			f.Target = m.Artifact.Locations[0].Path
		}
		r.Findings = append(r.Findings, f)
	}
	return r, nil
}

// grypeSubjects are the source types of grype/presenter/models/source.go of Grype,
// in words. The one of images has none, nor has that of an SBOM that does not say.
var grypeSubjects = map[string]string{
	"image":     "",
	"unknown":   "",
	"":          "",
	"directory": "a folder",
	"file":      "a file",
}

// subject is what the report is of, where it says that this is no image.
func (from grypeReport) subject() string {
	if words, known := grypeSubjects[from.Source.Type]; known {
		return words
	}
	return fmt.Sprintf("what Grype calls %.40q", from.Source.Type)
}
