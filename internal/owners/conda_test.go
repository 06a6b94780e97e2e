package owners

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestConda(t *testing.T) {
	const site = "opt/conda/lib/python3.12/site-packages/"
	o := image{
		"opt/conda/conda-meta/numpy-1.26.4-py312.json": `{"build": "py312", "name": "numpy", "version": "1.26.4", "files": [
			"lib/python3.12/site-packages/numpy/__init__.py",
			"lib/python3.12/site-packages/numpy-1.26.4.dist-info/METADATA", "../../etc/x", "../../../etc/passwd"]}`,
		"opt/conda/conda-meta/broken.json":       `{"name": "x", "files": {`,
		site + "numpy-1.26.4.dist-info/METADATA": "Name: numpy\nVersion: 1.26.4\n",
		site + "httpx-0.27.0.dist-info/RECORD":   "httpx/__init__.py,,\n",
	}.read()
	require.Equal(t, []string{"conda:numpy 1.26.4", "python:httpx 0.27.0"}, keys(o))
	requireOwners(t, o, map[string]string{
		site + "numpy/__init__.py":                     "conda:numpy",
		site + "numpy/core/more.py":                    "conda:numpy*",
		site + "httpx/__init__.py":                     "python:httpx",
		"opt/conda/conda-meta/numpy-1.26.4-py312.json": "conda:numpy",
		"etc/x":      "conda:numpy",
		"etc/passwd": "",
	})
	require.Len(t, o.Problems(), 2)
}
