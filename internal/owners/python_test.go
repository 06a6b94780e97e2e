package owners

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const sitePackages = "usr/local/lib/python3.12/site-packages/"

const torchRecord = `../../../bin/torchrun,sha256:bq5Kr4WJfBpC3TEbzYQbiWMgY6cxzJtCtdRGKoBa9Tc,220
functorch/__init__.py,sha256=l6kSgNUjCRdxdSz1tXYjAbUhBCHNOyw4cdGWVuKSkBg,1037
functorch/__pycache__/__init__.cpython-312.pyc,,
torch-2.5.1.dist-info/INSTALLER,sha256=zuuue4knoyJ-UwPPXg8fezS7VCrXJQrAP7zeNuwvFQg,4
torch-2.5.1.dist-info/METADATA,sha256=GQQ3mCpCwWeQvpVBX0vuyGWXrOYCxwQEFp7hOxBVbBM,28002
torch-2.5.1.dist-info/RECORD,,
torch/_C.cpython-312-x86_64-linux-gnu.so,sha256=pQz9d1OZpDVLuO7jbaXpkGe8l3oI1q0yDvJ9G1Xo7aE,37529
torch/lib/libtorch_cpu.so,sha256=0cHb1Bl9Y3R8oK1bX0jM9g7wUuRk5mB0bV2oD5cR1hE,436204145
torch/lib/libtorch_cuda.so,sha256=3YTVH3BlMCS9BqqN1kTz3vn4zR3mCF6rCrBbgwJhCqU,930311657
"torch/include/a ""quoted"", name.h",sha256=abc,12
torch/nn/modules/conv.py,sha256=YL0wDsBQFv0CjmnBSHtTVZ5pzbHVaKVDaPCvZ1bHb8Q,76152
`

// pythonImage is as python:3.12-slim after pip install torch numpy.
var pythonImage = image{
	sitePackages + "torch-2.5.1.dist-info/RECORD":   torchRecord,
	sitePackages + "torch-2.5.1.dist-info/METADATA": "Metadata-Version: 2.1\nName: torch\nVersion: 2.5.1\nSummary: Tensors\n\nName: not-this\n",
	sitePackages + "nvidia_cublas_cu12-12.4.5.8.dist-info/RECORD": "nvidia/__init__.py,sha256=47DEQpj8HBSa,0\r\n" +
		"nvidia/cublas/__init__.py,sha256=47DEQpj8HBSa,0\r\nnvidia/cublas/lib/libcublas.so.12,sha256=uVFbl,109604768\r\n" +
		"nvidia_cublas_cu12-12.4.5.8.dist-info/RECORD,,\r\n",
	sitePackages + "nvidia_cublas_cu12-12.4.5.8.dist-info/METADATA": "Metadata-Version: 2.1\r\nName: nvidia-cublas-cu12\r\nVersion: 12.4.5.8\r\n\r\n",
	sitePackages + "nvidia_cudnn_cu12-9.1.0.70.dist-info/RECORD": "nvidia/__init__.py,,0\nnvidia/cudnn/lib/libcudnn.so.9,,\n" +
		"nvidia_cudnn_cu12-9.1.0.70.dist-info/RECORD,,\n",
	sitePackages + "numpy-1.26.4.dist-info/RECORD": "../../../bin/f2py,sha256=x,238\nnumpy-1.26.4.dist-info/RECORD,,\n" +
		"numpy.libs/libopenblas64_p-r0-0cf96a72.3.23.dev.so,sha256=BzP,35123345\nnumpy/__init__.py,sha256=X,17149\n" +
		"numpy/core/_multiarray_umath.cpython-312-x86_64-linux-gnu.so,sha256=3,7450425\n",
	sitePackages + "numpy-1.26.4.dist-info/METADATA": "Name: numpy\nVersion: 1.26.4\n",
	sitePackages + "six-1.16.0.dist-info/RECORD":     "__pycache__/six.cpython-312.pyc,,\nsix.py,sha256=T,34549\nsix-1.16.0.dist-info/RECORD,,\n",
	sitePackages + "six-1.16.0.dist-info/METADATA":   "Name: six\nVersion: 1.16.0\n",
}

func TestPython(t *testing.T) {
	o := pythonImage.read()
	require.Equal(t, []string{
		"python:numpy 1.26.4", "python:nvidia-cublas-cu12 12.4.5.8", "python:nvidia-cudnn-cu12 9.1.0.70", "python:six 1.16.0", "python:torch 2.5.1",
	}, keys(o))
	var bundles []string
	for _, p := range o.Packages() {
		require.False(t, p.Editable || p.Vendored)
		bundles = append(bundles, p.Bundle)
	}
	require.Equal(t, []string{
		"", "CUDA: cuBLAS, linear algebra", "CUDA: cuDNN, neural networks", "", "CUDA: PyTorch with kernels for NVIDIA's GPUs",
	}, bundles)
	require.Equal(t, sitePackages+"torch-2.5.1.dist-info/RECORD", o.Packages()[4].Source)
	requireOwners(t, o, map[string]string{
		"usr/local/bin/torchrun":                          "python:torch",
		sitePackages + "torch/lib/libtorch_cuda.so":       "python:torch",
		sitePackages + `torch/include/a "quoted", name.h`: "python:torch",
		sitePackages + "torch-2.5.1.dist-info/METADATA":   "python:torch",

		// in no list
		sitePackages + "torch-2.5.1.dist-info/REQUESTED":                   "python:torch*",
		sitePackages + "torch/nn/modules/__pycache__/conv.cpython-312.pyc": "python:torch*",
		sitePackages + "torch/nn/modules/deep/er/added.txt":                "python:torch*",
		sitePackages + "torch/nn/modules/conv.pyc":                         "python:torch*",
		sitePackages + "functorch/added.txt":                               "python:torch*",
		sitePackages + "nvidia/cublas/lib/added":                           "python:nvidia-cublas-cu12*",
		sitePackages + "nvidia/cudnn/include/cudnn.h":                      "python:nvidia-cudnn-cu12*",
		sitePackages + "nvidia/added":                                      "", // of two
		sitePackages + "numpy.libs/libgfortran.so":                         "python:numpy*",
		sitePackages + "__pycache__/six.cpython-312.opt-1.pyc":             "python:six*",
		sitePackages + "__pycache__/other.cpython-312.pyc":                 "",
		sitePackages + "other.py":                                          "",
		sitePackages + "tensorflow/__init__.py":                            "",
		"usr/local/bin/python3.12":                                         "",
		"usr/local/lib/python3.12/os.py":                                   "",
	})
	require.Empty(t, o.Problems())
}

func TestPythonWithoutRecord(t *testing.T) {
	const site = "opt/venv/lib/python3.12/site-packages/"
	o := image{
		site + "PyYAML-6.0.1.dist-info/METADATA":            "Name: PyYAML\nVersion: 6.0.1\n",
		site + "PyYAML-6.0.1.dist-info/top_level.txt":       "_yaml\nyaml\n",
		site + "scikit_learn-1.4.0.dist-info/METADATA":      "Name: scikit-learn\nVersion: 1.4.0\n",
		site + "scikit_learn-1.4.0.dist-info/top_level.txt": "sklearn\n",
		site + "Zope.Event-5.0.dist-info/METADATA":          "Name: Zope.Event\nVersion: 5.0\n",
		site + "rich-13.dist-info/RECORD":                   "rich-13.dist-info/RECORD,,\n../../../bin/rich,,\n",
		site + "foo_bar-1.dist-info/top_level.txt":          "../../../etc\n\n __pycache__ \n",
	}.read()
	require.Equal(t, []string{"python:pyyaml 6.0.1", "python:zope-event 5.0", "python:foo-bar 1", "python:rich 13", "python:scikit-learn 1.4.0"}, keys(o))
	require.Equal(t, site+"PyYAML-6.0.1.dist-info/METADATA", o.Packages()[0].Source)
	require.Equal(t, site+"foo_bar-1.dist-info", o.Packages()[2].Source)
	requireOwners(t, o, map[string]string{
		site + "yaml/__init__.py":                           "python:pyyaml*",
		site + "yaml/_yaml.cpython-312-x86_64-linux-gnu.so": "python:pyyaml*",
		site + "_yaml.cpython-312-x86_64-linux-gnu.so":      "python:pyyaml*",
		site + "sklearn/svm/_libsvm.so":                     "python:scikit-learn*",
		site + "scikit_learn.libs/libgomp.so":               "python:scikit-learn*",
		site + "zope/event/__init__.py":                     "python:zope-event*",
		site + "rich/text.py":                               "python:rich*",
		site + "yamllint/__init__.py":                       "",
		"etc/passwd":                                        "",
		"opt/venv/etc/x":                                    "",
	})
	require.Empty(t, o.Problems())
}

func TestTwoPlacesOfOneDistribution(t *testing.T) {
	one := image{
		"usr/lib/python3/dist-packages/idna-3.3.dist-info/RECORD":     "idna/core.py,,\n",
		"venv/lib/python3.12/site-packages/idna-3.7.dist-info/RECORD": "idna/core.py,,\n/etc/idna.conf,,\n",
		"idna-1.dist-info/RECORD":                                     "idna/core.py,,\n../idna.py,,\n", // in the root
	}.read()
	require.Equal(t, []string{"python:idna 1", "python:idna 3.3", "python:idna 3.7"}, keys(one))
	for path, want := range map[string]int{
		"idna/core.py": 0, "idna/more.py": 0, "usr/lib/python3/dist-packages/idna/core.py": 1,
		"venv/lib/python3.12/site-packages/idna/core.py": 2, "etc/idna.conf": 2,
	} {
		index, ok := one.Of(path)
		require.True(t, ok, path)
		require.Equal(t, want, index, path)
	}
	require.Equal(t, []Problem{{"idna-1.dist-info/RECORD", "it names a path above the root"}}, one.Problems())
}

func TestVendored(t *testing.T) {
	const vendor = sitePackages + "setuptools/_vendor/"
	o := image{
		sitePackages + "setuptools-75.1.0.dist-info/RECORD": "setuptools/__init__.py,,\nsetuptools/_vendor/packaging/tags.py,,\n" +
			"setuptools/_vendor/packaging-24.1.dist-info/METADATA,,\nsetuptools/thirdparty/psutil-6.dist-info/METADATA,,\n",
		vendor + "packaging-24.1.dist-info/METADATA":                       "Name: packaging\nVersion: 24.1\n",
		vendor + "packaging-24.1.dist-info/RECORD":                         "packaging/tags.py,,\npackaging/only_here.py,,\n",
		vendor + "tomli-2.0.1.dist-info/METADATA":                          "Name: tomli\nVersion: 2.0.1\n",
		sitePackages + "setuptools/thirdparty/psutil-6.dist-info/METADATA": "Name: psutil\nVersion: 6\n",
	}.read()
	require.Equal(t, []string{"python:setuptools 75.1.0", "python:packaging 24.1", "python:tomli 2.0.1", "python:psutil 6"}, keys(o))
	for i, p := range o.Packages() {
		require.Equal(t, i > 0, p.Vendored, p.Name)
	}
	requireOwners(t, o, map[string]string{
		vendor + "packaging/tags.py":              "python:setuptools",
		vendor + "packaging/only_here.py":         "python:packaging",
		vendor + "packaging/added.py":             "python:setuptools*",
		vendor + "tomli/__init__.py":              "python:setuptools*",
		vendor + "packaging-24.1.dist-info/WHEEL": "python:setuptools*",
	})
}

func TestEditable(t *testing.T) {
	o := image{
		sitePackages + "agent-0.1.dist-info/direct_url.json": `{"dir_info": {"editable": true}, "url": "file:///app"}`,
		sitePackages + "agent-0.1.dist-info/METADATA":        "Name: agent\nVersion: 0.1\n",
		sitePackages + "agent-0.1.dist-info/RECORD":          "__editable__.agent-0.1.pth,,\nagent-0.1.dist-info/RECORD,,\n",
		sitePackages + "tool-2.dist-info/direct_url.json":    `{"vcs_info": {"vcs": "git"}, "url": "https://example.com/tool.git"}`,
		sitePackages + "tool-2.dist-info/METADATA":           "Name: tool\nVersion: 2\n",
		"app/src/agent.egg-info/PKG-INFO":                    "Name: agent\nVersion: 0.1\n",
		"app/src/agent.egg-info/top_level.txt":               "agent\n",
		sitePackages + "bad-1.dist-info/direct_url.json":     `{"dir_info": `,
		"usr/lib/python2.7/wsgiref.egg-info":                 "Name: wsgiref\nVersion: 0.1.2\n",
	}.read()
	require.Equal(t, []string{"python:agent 0.1", "python:wsgiref 0.1.2", "python:agent 0.1", "python:bad 1", "python:tool 2"}, keys(o))
	for _, p := range o.Packages() {
		require.Equal(t, p.Name == "agent", p.Editable, p.Source)
	}
	requireOwners(t, o, map[string]string{
		sitePackages + "__editable__.agent-0.1.pth": "python:agent",
		sitePackages + "agent/__init__.py":          "",
		sitePackages + "tool/__init__.py":           "python:tool*",
		"app/src/agent/__init__.py":                 "",
		"app/src/agent.egg-info/SOURCES.txt":        "python:agent*",
	})
	require.Equal(t, []Problem{{sitePackages + "bad-1.dist-info/direct_url.json", "parsing it: unexpected end of JSON input"}}, o.Problems())
}

func TestEggInfo(t *testing.T) {
	o := image{
		sitePackages + "Flask_Old-1.0.2-py3.6.egg-info/PKG-INFO":            "Name: Flask-Old\nVersion: 1.0.2\n",
		sitePackages + "Flask_Old-1.0.2-py3.6.egg-info/installed-files.txt": "../flask/__init__.py\r\n../../../../bin/flask\r\nPKG-INFO\r\n\r\n",
		sitePackages + "legacy-0.3-py2.7.egg-info":                          "Metadata-Version: 1.0\nName: Legacy\nVersion: 0.3\n",
		sitePackages + "gevent-1.4-py3.6.egg-info/PKG-INFO":                 "",
		sitePackages + "gevent-1.4-py3.6.egg-info/top_level.txt":            "gevent",
	}.read()
	require.Equal(t, []string{"python:flask-old 1.0.2", "python:gevent 1.4", "python:legacy 0.3"}, keys(o))
	require.Equal(t, sitePackages+"legacy-0.3-py2.7.egg-info", o.Packages()[2].Source)
	requireOwners(t, o, map[string]string{
		sitePackages + "flask/__init__.py":                           "python:flask-old",
		sitePackages + "flask/app.py":                                "python:flask-old*",
		"usr/local/bin/flask":                                        "python:flask-old",
		sitePackages + "Flask_Old-1.0.2-py3.6.egg-info/PKG-INFO":     "python:flask-old",
		sitePackages + "Flask_Old-1.0.2-py3.6.egg-info/requires.txt": "python:flask-old*",
		sitePackages + "gevent/_greenlet.so":                         "python:gevent*",
		sitePackages + "legacy.py":                                   "python:legacy*",
		sitePackages + "legacy-0.3-py2.7.egg-info":                   "python:legacy*",
	})
	require.Equal(t, []Problem{{sitePackages + "gevent-1.4-py3.6.egg-info/PKG-INFO", "it is empty"}}, o.Problems())
}

func TestDamagedPython(t *testing.T) {
	o := image{
		sitePackages + "a-1.dist-info/METADATA": "Name: ../../a\n",
		sitePackages + "a-1.dist-info/RECORD": "\"unclosed,sha256=x,1\na/ok.py,,\n,,\n\xff\xfe.py,,\na/\x00.py,,\n" +
			"../../../../../../etc/passwd,,\na\"b.py,x,y\n",
		sitePackages + ".dist-info/METADATA":   "",
		sitePackages + "\n.dist-info/METADATA": "Summary: no name\n",
	}.read()
	require.Equal(t, []string{"python:a 1"}, keys(o))
	requireOwners(t, o, map[string]string{
		sitePackages + "a/ok.py": "python:a", sitePackages + "\xff\xfe.py": "python:a", sitePackages + `a"b.py`: "python:a", "etc/passwd": "",
	})
	require.Len(t, o.Problems(), 7)
}

func TestCompiledFrom(t *testing.T) {
	for file, want := range map[string]string{
		"a/__pycache__/b.cpython-312.pyc":       "a/b.py",
		"a/__pycache__/b.cpython-312.opt-2.pyc": "a/b.py",
		"__pycache__/b.cpython-312.pyc":         "b.py",
		"a/b.pyc":                               "a/b.py",
		"a/b.py":                                "",
		"a/__pycache__/b.txt":                   "",
	} {
		source, ok := compiledFrom(file)
		require.Equal(t, want, source, file)
		require.Equal(t, want != "", ok, file)
	}
}

func TestBundle(t *testing.T) {
	for _, c := range []struct{ kind, name, want string }{
		{"python", "nvidia-cublas-cu12", "CUDA: cuBLAS, linear algebra"},
		{"python", "nvidia-cusparselt-cu12", "CUDA: cuSPARSELt, sparse matrices"},
		{"python", "nvidia-new-cu14", "CUDA: a library for NVIDIA's GPUs"},
		{"python", "triton", "CUDA: Triton, compiling GPU kernels"},
		{"python", "pytorch-triton-rocm", "ROCm: Triton, compiling GPU kernels"},
		{"python", "tritonclient", ""},
		{"python", "torchvision", ""},
		{"deb", "libcudnn9-cuda-12", "CUDA: cuDNN, neural networks"},
		{"deb", "cuda-nvcc-12-4", "CUDA: part of the toolkit"},
		{"deb", "rocm-libs", "ROCm: part of the toolkit"},
		{"deb", "libc6", ""},
		{"npm", "cuda-", ""},
	} {
		require.Equal(t, c.want, bundle(Package{Kind: c.kind, Name: c.name}), c.name)
	}
	for version, want := range map[string]string{
		"2.5.1+cu124": "CUDA: PyTorch with kernels for NVIDIA's GPUs", "2.5.1+rocm6.2": "ROCm: PyTorch with kernels for AMD's GPUs",
		"2.5.1+cpu": "PyTorch for CPUs", "2.5.1": "",
	} {
		require.Equal(t, want, pytorch(version, func(string) bool { return false }), version)
	}
}
