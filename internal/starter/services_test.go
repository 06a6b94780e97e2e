package starter

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
)

// TestReferenceServices: budgets of the reference services load as they are written.
func TestReferenceServices(t *testing.T) {
	for service, want := range map[string]map[string]Health{
		"agent-naive": {
			"agent-naive":        {Path: "/health", By: "app/main.py:16"},
			"agent-naive-debian": {Path: "/health", By: "app/main.py:16"},
		},
		"agent-layered": {
			"agent-layered":        {Path: "/health", Scheme: "http", By: "HEALTHCHECK"},
			"agent-layered-debian": {Path: "/health", Scheme: "http", By: "HEALTHCHECK"},
			"agent-layered-pip":    {Path: "/health", Scheme: "http", By: "HEALTHCHECK"},
		},
	} {
		t.Run(service, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), service)
			require.NoError(t, os.CopyFS(folder, os.DirFS(filepath.Join("../../testdata/services", service))))
			r := open(t, folder, "budgets")
			p, err := r.Find()
			require.NoError(t, err)
			require.Empty(t, p.Notes)
			for _, img := range p.Images {
				require.Equal(t, want[img.Name], img.Health, img.Name)
				require.Equal(t, "FastAPI", img.Framework)
				require.Equal(t, ".", img.Context)
			}
			require.Len(t, p.Images, len(want))
			written(t, r)
			budgets, err := budget.Find(filepath.Join(folder, "budgets"), nil)
			require.NoError(t, err)
			require.Len(t, budgets, len(want))
			for _, b := range budgets {
				require.Equal(t, 8000, b.Health.Port)
				require.Equal(t, "/health", b.Health.Path)
				require.Equal(t, budget.BridgeNetwork, b.Source.Build.Network)
			}
		})
	}
}
