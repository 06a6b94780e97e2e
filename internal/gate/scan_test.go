package gate

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/opencontainers/go-digest"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/scan"
)

// lookingTrivy keeps the layout that it was given, and finds nothing.
const lookingTrivy = `#!/bin/sh
cp -R image "$KEPT"
printf '{"SchemaVersion": 2, "ArtifactName": "image", "Metadata": {"ImageID": "%s"}}' "$IMAGE" > report.json
`

// TestScanOfAnEngine: what an engine hands out unpacked is an OCI layout for the
// scanner, with the config that it had, and nothing of it is left.
func TestScanOfAnEngine(t *testing.T) {
	progress := &bytes.Buffer{}
	m, _, b := at(t, Options{Progress: progress}, 1000, 2000)
	b.Scan = &budget.Scan{Run: "trivy", FailOn: scan.High}
	bin, kept := t.TempDir(), filepath.Join(t.TempDir(), "kept")
	require.NoError(t, os.WriteFile(filepath.Join(bin, "trivy"), []byte(lookingTrivy), 0o755))
	config, err := app(t, 1000, 2000).ConfigName()
	require.NoError(t, err)
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	t.Setenv("KEPT", kept)
	t.Setenv("IMAGE", config.String())

	result, err := Record(t.Context(), b, What{}, m)
	require.NoError(t, err)
	require.Equal(t, budget.Pass, result.Scan.Verdict, result.Scan.Reason)
	require.Contains(t, progress.String(), "app: scanning with trivy\n")
	require.Empty(t, m.Left())
	index, err := layout.ImageIndexFromPath(kept)
	require.NoError(t, err)
	manifest, err := index.IndexManifest()
	require.NoError(t, err)
	img, err := index.Image(manifest.Manifests[0].Digest)
	require.NoError(t, err)
	got, err := img.ConfigName()
	require.NoError(t, err)
	require.Equal(t, config, got)
	layers, err := img.Layers()
	require.NoError(t, err)
	require.Len(t, layers, 2)
	for i, layer := range layers {
		diffID, err := layer.DiffID()
		require.NoError(t, err)
		spec, err := img.ConfigFile()
		require.NoError(t, err)
		require.Equal(t, spec.RootFS.DiffIDs[i], diffID)
	}

	t.Setenv("IMAGE", "sha256:"+config.Hex[32:]+config.Hex[:32])
	result, err = Check(t.Context(), b, How{}, m)
	require.NoError(t, err)
	require.Equal(t, budget.Unmeasured, result.Verdict)
	require.Contains(t, result.Scan.Reason, "is of another image")
}

// TestUsable: a report counts where it is of this image, or can be.
func TestUsable(t *testing.T) {
	const config, manifest, other = "sha256:01", "sha256:02", "sha256:03"
	img := &image.Image{ConfigDigest: config, ManifestDigest: manifest, Reference: "ghcr.io/acme/agent@" + digest.FromString("x").String()}
	b := budget.Budget{Image: "support-agent", Scan: &budget.Scan{Report: "trivy.json"}}
	b.Source.Build = &budget.Build{Tag: "agent-ci:dev"}
	of := func(digests ...digest.Digest) scan.Report { return scan.Report{Of: digests} }
	for _, c := range []struct {
		name    string
		report  scan.Report
		problem string
	}{
		{"its config", of(config), ""},
		{"its manifest, after another's", of(other, manifest), ""},
		{"another", of(other), "is of another image"},
		{"nothing said", scan.Report{}, ""},
		{"the name in reports", scan.Report{Names: []string{"support-agent:1"}}, ""},
		{"the tag of the build", scan.Report{Names: []string{"agent-ci"}}, ""},
		{"the reference that it was had by", scan.Report{Names: []string{"mirror.acme.com/agent:2"}}, ""},
		{"an archive", scan.Report{Names: []string{"out/image.tar"}}, ""},
		{"another name", scan.Report{Names: []string{"nginx:latest"}}, "it names nginx:latest, and this one's name is support-agent"},
		{"another name and its digest", scan.Report{Names: []string{"nginx:latest"}, Of: []digest.Digest{config}}, ""},
		{"a filesystem", scan.Report{Subject: "a filesystem"}, "the report is of a filesystem, not of an image"},
		{"an SBOM", scan.Report{Subject: "an SBOM"}, "the report is of an SBOM, not of an image"},
		{"an SBOM of it", scan.Report{Subject: "an SBOM", Of: []digest.Digest{config}}, ""},
		{"an SBOM of another", scan.Report{Subject: "an SBOM", Of: []digest.Digest{other}}, "the report is of an SBOM, not of an image"},
		{"no packages", scan.Report{Of: []digest.Digest{config}, Lacks: "packages of the operating system, which is debian 12"}, "was the vulnerability scanner on?"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := usable(b, c.report, img)
			if c.problem == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.problem)
			require.Contains(t, budget.Reason(err), "\nhint: ")
			var user interface{ UserFault() }
			require.False(t, errors.As(err, &user), "it is unmeasured, not a faulty file")
		})
	}
}

// TestScanFaultBesides: a faulty report keeps the scan from being judged, and nothing
// else. The fault comes with the result.
func TestScanFaultBesides(t *testing.T) {
	m, _, b := at(t, Options{}, 1000, 2000)
	b.Metrics = []budget.Gate{{Metric: "size", Tolerance: b.Tolerance}, {Metric: "layers", Tolerance: b.Tolerance}}
	b.Scan = &budget.Scan{Report: filepath.Join(t.TempDir(), "trivy.json"), FailOn: scan.High}
	require.NoError(t, os.WriteFile(b.Scan.Report, []byte("FATAL"), 0o644))
	var user interface{ UserFault() }
	result, err := Record(t.Context(), b, What{}, m)
	require.ErrorAs(t, err, &user)
	require.Equal(t, budget.Unmeasured, result.Scan.Verdict)
	require.NoFileExists(t, budget.BaselinePath(b.Path))

	unscanned := b
	unscanned.Scan = nil
	_, err = Record(t.Context(), unscanned, What{}, m)
	require.NoError(t, err)
	result, err = Check(t.Context(), b, How{}, m)
	require.ErrorAs(t, err, &user)
	require.Equal(t, map[string]budget.Verdict{"size": budget.Pass, "layers": budget.Pass}, verdicts(result))
	require.Equal(t, budget.Unmeasured, result.Scan.Verdict)
	require.Equal(t, budget.Unmeasured, result.Verdict)
	require.Contains(t, result.Scan.Reason, "it is not JSON, or cut short")
	require.Contains(t, result.Scan.Reason, "\nhint: ")
}
