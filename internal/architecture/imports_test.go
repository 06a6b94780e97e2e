// Package architecture holds the rules that no single package can hold: which
// package may import which.
package architecture

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/go/packages"
)

const module = "github.com/image-budget/image-budget/"

// allowed lists, for every package, the packages of ours that it may import.
// The order is the way of the data: nothing imports what stands below it.
var allowed = []struct {
	pkg  string
	from []string
}{
	{"budgets", nil},
	{"internal/stats", nil},
	{"internal/image", nil},
	{"internal/ancestry", []string{"internal/image"}},
	{"internal/session", nil},
	{"internal/git", nil},
	{"internal/contents", nil},
	{"internal/owners", nil},
	{"internal/waste", nil},
	{"internal/secrets", nil},
	{"internal/importtime", nil},
	{"internal/lint", []string{"internal/image", "internal/secrets"}},
	{"internal/process", nil},
	{"internal/scan", []string{"internal/process"}},
	{"internal/inventory", []string{"internal/image", "internal/contents", "internal/owners", "internal/waste", "internal/secrets"}},
	{"internal/metric", []string{"internal/image", "internal/inventory"}},
	{"internal/engine", []string{"internal/image"}},
	{"internal/store", []string{"internal/image"}},
	{"internal/layer", []string{"internal/image", "internal/contents", "internal/owners", "internal/secrets", "internal/store"}},
	{"internal/growth", []string{"internal/contents", "internal/inventory"}},
	{"internal/budget", []string{"internal/scan", "internal/stats", "internal/image", "internal/lint", "internal/waste", "internal/inventory", "internal/growth", "internal/metric"}},
	{"internal/causes", []string{"internal/inventory", "internal/growth", "internal/metric", "internal/budget"}},
	{"internal/source", []string{"internal/process", "internal/secrets", "internal/image", "internal/ancestry", "internal/store", "internal/layer", "internal/session", "internal/engine", "internal/budget"}},
	{"internal/baseline", []string{"internal/git", "internal/engine", "internal/image", "internal/budget", "internal/source"}},
	{"internal/trial", []string{"internal/importtime", "internal/image", "internal/layer", "internal/session", "internal/engine", "internal/metric", "internal/budget"}},
	{"internal/starter", []string{"internal/budget"}},
	{"internal/doctor", []string{"internal/engine"}},
	{"internal/report", []string{"internal/scan", "internal/stats", "internal/secrets", "internal/lint", "internal/inventory", "internal/growth", "internal/metric", "internal/budget"}},
	{"internal/gate", []string{"internal/scan", "internal/stats", "internal/secrets", "internal/lint", "internal/importtime", "internal/layer", "internal/inventory", "internal/growth", "internal/causes", "internal/baseline", "internal/image", "internal/metric", "internal/budget", "internal/session", "internal/store", "internal/engine", "internal/source", "internal/trial"}},
	{"internal/cli", []string{"budgets", "internal/image", "internal/lint", "internal/metric", "internal/budget", "internal/inventory", "internal/gate", "internal/report", "internal/doctor", "internal/starter"}},
	{"cmd/image-budget", []string{"internal/cli"}},
}

// soleImporters are dependencies with successors: one package each knows them.
var soleImporters = map[string]string{
	"github.com/docker/docker": "internal/engine",
	"gopkg.in/yaml.v3":         "internal/budget",
}

func TestImports(t *testing.T) {
	loaded, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedImports, Dir: "../.."}, "./...")
	require.NoError(t, err)
	require.Greater(t, len(loaded), 10)
	for _, pkg := range loaded {
		name := strings.TrimPrefix(pkg.PkgPath, module)
		if strings.HasSuffix(name, "test") { // enginetest, imagetest: for tests alone
			continue
		}
		for path := range pkg.Imports {
			if own, ok := strings.CutPrefix(path, module); ok {
				require.Truef(t, may(name, own), "%s imports %s: say so in the list here, or turn the dependency round", name, own)
			}
			for dependency, owner := range soleImporters {
				if path == dependency || strings.HasPrefix(path, dependency+"/") {
					require.Equalf(t, owner, name, "%s imports %s", name, path)
				}
			}
		}
	}
}

func may(importer, imported string) bool {
	for _, rule := range allowed {
		if rule.pkg == importer {
			return slices.Contains(rule.from, imported)
		}
	}
	return false
}

// TestImportsPointOneWay checks the list itself: a package imports only what
// stands above it.
func TestImportsPointOneWay(t *testing.T) {
	var above []string
	for _, rule := range allowed {
		for _, from := range rule.from {
			require.Containsf(t, above, from, "%s may import %s", rule.pkg, from)
		}
		above = append(above, rule.pkg)
	}
}
