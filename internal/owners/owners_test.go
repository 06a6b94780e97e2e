package owners

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestKept(t *testing.T) {
	const site = "usr/local/lib/python3.12/site-packages/"
	for path, want := range map[string]bool{
		site + "torch-2.5.1.dist-info/RECORD":            true,
		site + "torch-2.5.1.dist-info/METADATA":          true,
		site + "torch-2.5.1.dist-info/top_level.txt":     true,
		site + "torch-2.5.1.dist-info/direct_url.json":   true,
		site + "torch-2.5.1.dist-info/LICENSE":           false,
		site + "torch-2.5.1.dist-info/licenses/RECORD":   false,
		site + "torch/RECORD":                            false,
		site + "six.egg-info":                            true,
		site + "six.egg-info/PKG-INFO":                   true,
		site + "six.egg-info/installed-files.txt":        true,
		site + "six.egg-info/SOURCES.txt":                false,
		"var/lib/dpkg/status":                            true,
		"var/lib/dpkg/status-old":                        false,
		"var/lib/dpkg/diversions":                        true,
		"var/lib/dpkg/info/libc6:amd64.list":             true,
		"var/lib/dpkg/info/libc6:amd64.md5sums":          true,
		"var/lib/dpkg/info/libc6:amd64.postinst":         false,
		"var/lib/dpkg/status.d/base-files":               true,
		"srv/var/lib/dpkg/status":                        false,
		"lib/apk/db/installed":                           true,
		"usr/lib/apk/db/installed":                       true,
		"lib/apk/db/scripts.tar":                         false,
		"opt/conda/conda-meta/numpy-1.26.4-py312_0.json": true,
		"opt/conda/conda-meta/history":                   false,
		"app/node_modules/react/package.json":            true,
		"app/node_modules/@babel/core/package.json":      true,
		"node_modules/react/package.json":                true,
		"app/node_modules/react/cjs/package.json":        false,
		"app/node_modules/@babel/package.json":           false,
		"app/node_modules/package.json":                  false,
		"app/node_modules/.cache/package.json":           false,
		"app/package.json":                               false,
		"package.json":                                   false,
		"":                                               false,
	} {
		require.Equal(t, want, Kept(path), path)
	}
}

func TestKinds(t *testing.T) {
	seen := map[string]bool{}
	for _, kind := range Kinds {
		require.NotEmpty(t, kind.Name)
		require.NotEmpty(t, kind.Help)
		require.False(t, seen[kind.Name])
		seen[kind.Name] = true
	}
}

func TestAnImageWithoutPackages(t *testing.T) {
	o := Read(nil, nil)
	require.Empty(t, o.Packages())
	require.Empty(t, o.Problems())
	requireOwners(t, o, map[string]string{"": "", "bin/busybox": ""})
}

// TestOneFileOfSeveralManagers: what brought the metadata of a package owns it.
func TestOneFileOfSeveralManagers(t *testing.T) {
	o := image{
		"var/lib/dpkg/status":                    stanza("nodejs", "18.19.0") + stanza("python3-attr", "22.2.0"),
		"var/lib/dpkg/info/nodejs.list":          "/usr/bin/node\n/usr/lib/node_modules/npm/package.json\n/usr/lib/node_modules/npm/bin/npm-cli.js\n",
		"usr/lib/node_modules/npm/package.json":  `{"name": "npm", "version": "10.2.3"}`,
		"usr/lib/node_modules/pnpm/package.json": `{"name": "pnpm", "version": "9.0.0"}`,

		"var/lib/dpkg/info/python3-attr.list": "/usr/lib/python3/dist-packages/attr/__init__.py\n" +
			"/usr/lib/python3/dist-packages/attrs-22.2.0.dist-info/METADATA\n",
		"usr/lib/python3/dist-packages/attrs-22.2.0.dist-info/METADATA":      "Name: attrs\nVersion: 22.2.0\n",
		"usr/lib/python3/dist-packages/attrs-22.2.0.dist-info/top_level.txt": "attr\nattrs\n",
		"usr/lib/python3/dist-packages/lab-1.dist-info/RECORD": "attr/__init__.py,,\n" +
			"lab/node_modules/react/package.json,,\nlab/node_modules/react/index.js,,\nlab-1.dist-info/RECORD,,\n",
		"usr/lib/python3/dist-packages/lab/node_modules/react/package.json": `{"name": "react"}`,
	}.read()
	require.Equal(t, []string{"deb:nodejs 18.19.0", "deb:python3-attr 22.2.0", "python:lab 1", "npm:pnpm 9.0.0"}, keys(o))
	requireOwners(t, o, map[string]string{
		"usr/lib/node_modules/npm/bin/npm-cli.js":                                      "deb:nodejs",
		"usr/lib/node_modules/npm/added/later.js":                                      "deb:nodejs*",
		"usr/lib/node_modules/pnpm/bin/pnpm.cjs":                                       "npm:pnpm*",
		"usr/lib/python3/dist-packages/attr/__init__.py":                               "deb:python3-attr",
		"usr/lib/python3/dist-packages/attr/__pycache__/__init__.cpython-311.pyc":      "deb:python3-attr*",
		"usr/lib/python3/dist-packages/lab/node_modules/react/index.js":                "python:lab",
		"usr/lib/python3/dist-packages/lab/node_modules/react/node_modules/x/index.js": "python:lab*",
	})
	require.Empty(t, o.Problems())
}
