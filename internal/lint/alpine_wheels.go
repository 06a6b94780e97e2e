package lint

import (
	"fmt"
	"slices"
	"strings"
)

// AlpineWheels finds scientific Python packages that are installed on Alpine.
var AlpineWheels = Rule{
	Name: "alpine-wheels", Severity: Warning,
	Summary: "scientific Python packages are installed on Alpine",
	Why:     "Alpine's musl takes no manylinux wheel: what has no musllinux wheel is compiled for an hour or does not install, and the image ends larger than on slim",
	Fix:     "build on python:3.12-slim, or another image with glibc",
	Doc: `The packages come from the RUN and from files of requirements and pyproject.toml of
the context, as far as the RUN installs those. Some of them have musllinux wheels by
now (numpy, pandas), others have none (torch, tensorflow, onnxruntime); with all of
them one comes into the place where a release lacks one. Packages of Alpine itself
(apk add py3-numpy) are not meant.`,
	Bad: `-- Dockerfile --
FROM python:3.12-alpine AS build
COPY requirements.txt .
RUN --mount=type=cache,target=/root/.cache/pip pip install --prefix=/install -r requirements.txt

FROM python:3.12-alpine
COPY --from=build /install /usr/local
USER 10001
HEALTHCHECK CMD ["python", "-m", "app.healthy"]
CMD ["python", "-m", "app"]
-- requirements.txt --
torch==2.4.1
`,
	Good: `-- Dockerfile --
FROM python:3.12-slim AS build
COPY requirements.txt .
RUN --mount=type=cache,target=/root/.cache/pip pip install --prefix=/install -r requirements.txt

FROM python:3.12-slim
COPY --from=build /install /usr/local
USER 10001
HEALTHCHECK CMD ["python", "-m", "app.healthy"]
CMD ["python", "-m", "app"]
-- requirements.txt --
torch==2.4.1
`,
	Check: func(s *Subject) (all []Finding) {
		for _, step := range s.BuiltSteps() {
			if root := step.Stage.Root(); !root.Known || !isAlpine(root.Base) {
				continue
			}
			var names []string
			for _, of := range step.installs() {
				for _, r := range s.requirementsOf(step, of) {
					if isHeavy(r.Name) {
						names = append(names, named(r))
					}
				}
			}
			if len(names) > 0 {
				slices.Sort(names)
				all = append(all, step.finding(fmt.Sprintf("on %s these are installed: %s", quoted(step.Stage.Root().Base), list(slices.Compact(names)))))
			}
		}
		return all
	},
}

// named is a requirement in a message.
func named(r Requirement) string {
	if r.File == "" {
		return r.Name
	}
	return r.Name + " (" + r.File + ")"
}

func isAlpine(base string) bool {
	name := parseReference(base)
	return name.ok && (name.last() == "alpine" || strings.Contains(name.tag, "alpine"))
}

// heavy are Python packages with much compiled code. Those that end in a dash are
// the beginnings of names.
var heavy = []string{
	"torch", "torchvision", "torchaudio", "tensorflow", "tensorflow-", "keras", "jax", "jaxlib", "onnxruntime", "onnxruntime-", "transformers",
	"sentence-transformers", "diffusers", "vllm", "bitsandbytes", "xformers", "flash-attn", "deepspeed", "triton", "accelerate", "peft",
	"numpy", "scipy", "pandas", "scikit-learn", "scikit-image", "matplotlib", "pyarrow", "polars", "numba", "llvmlite", "xgboost", "lightgbm",
	"catboost", "opencv-python", "opencv-", "faiss-cpu", "faiss-gpu", "spacy", "gensim", "nvidia-", "cupy", "cupy-", "paddlepaddle", "mxnet",
	"llama-cpp-python", "ctranslate2", "faster-whisper", "h5py", "statsmodels", "shap", "unstructured", "langchain-huggingface", "mlflow",
}

func isHeavy(name string) bool {
	for _, of := range heavy {
		if name == of || strings.HasSuffix(of, "-") && strings.HasPrefix(name, of) {
			return true
		}
	}
	return false
}
