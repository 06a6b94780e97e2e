package cli

import (
	"encoding/json"
	"os"
	"strings"

	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/rogpeppe/go-internal/testscript"
)

// mkscan writes the report of a scan in the form of Trivy's JSON, of the image in
// an OCI layout: mkscan FILE LAYOUT ID=SEVERITY:PACKAGE:VERSION:FIXED...
// With - for LAYOUT it is of another image.
func mkscan(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: mkscan FILE LAYOUT ID=SEVERITY:PACKAGE:VERSION:FIXED...")
	}
	found := []map[string]string{}
	for _, arg := range args[2:] {
		id, what, _ := strings.Cut(arg, "=")
		parts := strings.SplitN(what+":::", ":", 4)
		found = append(found, map[string]string{
			"VulnerabilityID": id, "Severity": strings.ToUpper(parts[0]), "PkgName": parts[1], "InstalledVersion": parts[2], "FixedVersion": strings.TrimRight(parts[3], ":"),
		})
	}
	report := map[string]any{
		"SchemaVersion": 2, "Trivy": map[string]string{"Version": "0.74.0"}, "ArtifactName": args[1], "ArtifactType": "container_image",
		"Metadata": map[string]string{"ImageID": configOf(ts, args[1])},
	}
	if len(found) > 0 { // Trivy says nothing of a clean image
		report["Results"] = []any{map[string]any{"Target": "debian 12", "Class": "os-pkgs", "Vulnerabilities": found}}
	}
	text, err := json.Marshal(report)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), text, 0o644))
}

// configOf is the config digest of the image in a layout.
func configOf(ts *testscript.TestScript, dir string) string {
	if dir == "-" {
		return "sha256:" + strings.Repeat("0", 64)
	}
	index, err := layout.ImageIndexFromPath(ts.MkAbs(dir))
	ts.Check(err)
	manifest, err := index.IndexManifest()
	ts.Check(err)
	img, err := index.Image(manifest.Manifests[0].Digest)
	ts.Check(err)
	config, err := img.ConfigName()
	ts.Check(err)
	return config.String()
}
