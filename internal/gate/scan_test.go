package gate

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
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
