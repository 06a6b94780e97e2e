package lint

import (
	"fmt"
	"slices"
)

// RequirementsInOneFile finds large AI packages that are installed with the
// ordinary ones.
var RequirementsInOneFile = Rule{
	Name: "requirements-in-one-file", Severity: Warning,
	Summary: "AI packages and ordinary ones are installed in one RUN",
	Why:     "a new version of a web framework makes a new layer with torch in it: gigabytes to install, push and pull",
	Fix:     "split the requirements (base.txt, ai.txt) and install each in a RUN of its own, what changes least first",
	Doc: `Looked at are the files of requirements of the context, and pyproject.toml where pip
installs the project. They are found when one RUN installs large AI packages together
with ordinary ones. A file whose name says that it is the AI part (ai, ml, model, gpu,
torch) is the split that is meant. With a lock file (uv sync, poetry install) the
layer changes with the lock alone and a cache mount holds the wheels; that is left
alone.`,
	Bad: `-- Dockerfile --
FROM python:3.12-slim AS build
COPY requirements.txt .
RUN --mount=type=cache,target=/root/.cache/pip pip install --prefix=/install -r requirements.txt

FROM python:3.12-slim
COPY --from=build /install /usr/local
USER 10001
HEALTHCHECK CMD ["python", "-m", "app.healthy"]
CMD ["python", "-m", "app"]
-- requirements.txt --
fastapi==0.115.0
uvicorn==0.30.6
torch==2.4.1
transformers==4.44.2
`,
	Good: `-- Dockerfile --
FROM python:3.12-slim AS build
COPY requirements/ai.txt requirements/
RUN --mount=type=cache,target=/root/.cache/pip pip install --prefix=/install -r requirements/ai.txt
COPY requirements/base.txt requirements/
RUN --mount=type=cache,target=/root/.cache/pip pip install --prefix=/install -r requirements/base.txt

FROM python:3.12-slim
COPY --from=build /install /usr/local
USER 10001
HEALTHCHECK CMD ["python", "-m", "app.healthy"]
CMD ["python", "-m", "app"]
-- requirements/ai.txt --
torch==2.4.1
transformers==4.44.2
-- requirements/base.txt --
fastapi==0.115.0
uvicorn==0.30.6
`,
	Check: func(s *Subject) (all []Finding) {
		for _, step := range s.BuiltSteps() {
			var large, small, files []string
			for _, of := range step.installs() {
				if of.Tool != "pip" && !(of.Tool == "uv" && !slices.Contains(of.Paths, ".")) {
					continue
				}
				for _, r := range s.requirementsOf(step, of) {
					switch {
					case r.File == "":
						continue
					case isHeavy(r.Name):
						large = append(large, r.Name)
					case !isCompanion(r.Name) && !isSplit(r.File):
						small = append(small, r.Name)
					}
					files = append(files, r.File)
				}
			}
			if len(large) > 0 && len(small) > 0 {
				for _, names := range []*[]string{&large, &small, &files} { // one file may include another
					slices.Sort(*names)
					*names = slices.Compact(*names)
				}
				all = append(all, step.finding(fmt.Sprintf("%s in one RUN with %s, from %s", list(large), list(small), list(files))))
			}
		}
		return all
	},
}

// companions are packages that come with AI packages.
var companions = []string{
	"tqdm", "tokenizers", "safetensors", "huggingface-hub", "hf-transfer", "sentencepiece", "joblib", "protobuf", "einops", "datasets", "evaluate",
	"filelock", "fsspec", "sympy", "networkx", "threadpoolctl", "tiktoken", "ml-dtypes", "optimum", "timm", "pillow", "regex",
}

func isCompanion(name string) bool { return slices.Contains(companions, name) }

// isSplit reports whether a file's name says that it holds the AI packages.
func isSplit(file string) bool {
	return slices.ContainsFunc(fileTokens(file), func(token string) bool {
		return slices.Contains([]string{"ai", "ml", "model", "models", "gpu", "cpu", "torch", "cuda", "inference", "heavy", "dl"}, token)
	})
}
