package lint

import (
	"fmt"
	"slices"
	"strings"
)

// ModelBakedIn finds models that are in the image.
var ModelBakedIn = Rule{
	Name: "model-baked-in", Severity: Warning,
	Summary: "a model is part of the image",
	Why:     "gigabytes are pushed, pulled and unpacked with each release, although the model changes rarely and could be shared",
	Fix:     "load the model from a volume or an object store when the service starts; if it must be inside, copy it in an early layer of its own (COPY --link)",
	Doc: `Looked at are the stages that the image consists of: COPY and ADD of files and folders
with models in them (.safetensors, .onnx, .gguf, .pt and others; .bin and .pkl from
ten megabytes on), downloads by curl, wget, git and the tools of Hugging Face, Ollama and
spaCy, and Python that loads a model in a RUN (from_pretrained, snapshot_download).
What is downloaded into a cache mount is not in the image.`,
	Bad: `-- Dockerfile --
FROM python:3.12-slim
COPY app /app
ADD https://models.example.com/intent/model.onnx /app/model.onnx
USER 10001
HEALTHCHECK CMD ["python", "/app/healthy.py"]
CMD ["python", "/app/main.py"]
`,
	Good: `-- Dockerfile --
FROM python:3.12-slim
COPY app /app
ENV MODEL=/models/model.onnx
VOLUME /models
USER 10001
HEALTHCHECK CMD ["python", "/app/healthy.py"]
CMD ["python", "/app/main.py"]
`,
	Check: func(s *Subject) (all []Finding) {
		for _, step := range s.RuntimeSteps() {
			if models := s.modelsCopied(step.Copy); len(models) > 0 {
				all = append(all, step.finding("it puts models into the image: "+list(models)))
			}
			if model := modelLoaded(step); model != "" {
				all = append(all, step.finding("it downloads a model into the image: "+model))
			}
		}
		return all
	},
}

// modelsCopied are the models that a COPY or ADD takes: those in the context, and
// what is called like one elsewhere.
func (s *Subject) modelsCopied(c *Copy) []string {
	if c == nil {
		return nil
	}
	var all []string
	for _, source := range c.Sources {
		name := inFolder(source)
		remote := strings.Contains(source, "://") || c.From != ""
		switch {
		case remote && (isModelName(source) || strings.Contains(source, "huggingface.co/") || c.From != "" && isModelFolder(source)):
			all = append(all, clipped(withoutLogin(source), 100))
		case remote || s.Folder != nil && !s.Folder.Has(name) && !isModelName(name):
		case s.Folder != nil && s.Folder.Has(dotted(name)) && s.Folder.IsDir(name):
			all = append(all, s.modelsUnder(name)...)
		case isModelName(name) || s.Folder == nil && isModelFolder(name):
			all = append(all, clipped(source, 100))
		case s.Folder != nil && slices.ContainsFunc(s.Folder.Entries(), func(e Entry) bool { return e.Path == name && e.isModel() }):
			all = append(all, clipped(source, 100))
		}
	}
	return all
}

// modelsUnder are the models in a folder of the context that .dockerignore does
// not leave out.
func (s *Subject) modelsUnder(dir string) []string {
	var all []string
	for _, entry := range s.Folder.Entries() {
		if _, in := under("/"+entry.Path, "/"+dir); in && entry.isModel() && !s.Folder.Ignored(entry.Path) {
			all = append(all, fmt.Sprintf("%s (%s)", entry.Path, size(entry.Bytes)))
		}
	}
	return all
}

// loaders are what Python calls to fetch a model.
var loaders = []string{"from_pretrained(", "snapshot_download(", "hf_hub_download(", "SentenceTransformer(", "WhisperModel(", "torch.hub.load(", "load_model("}

// modelLoaded is what a RUN downloads a model with, empty for nothing.
func modelLoaded(step *Step) string {
	if step.Cached("cache", "huggingface", "models") {
		return ""
	}
	for _, c := range step.Commands {
		name, rest := c.tool()
		text := strings.Join(rest, " ")
		switch name {
		case "curl", "wget", "aria2c", "git", "axel":
			for _, word := range rest {
				if strings.Contains(word, "://") && (isModelName(word) || strings.Contains(word, "huggingface.co/")) {
					return name + " " + clipped(withoutLogin(word), 100)
				}
			}
			if name == "git" && strings.HasPrefix(text, "lfs pull") {
				return "git lfs pull"
			}
		case "huggingface-cli", "hf":
			if slices.Contains(rest, "download") {
				return name + " download"
			}
		case "ollama":
			if slices.Contains(rest, "pull") {
				return "ollama pull"
			}
		case "spacy":
			if slices.Contains(rest, "download") {
				return "spacy download"
			}
		}
		for _, loader := range loaders {
			if pythonName.MatchString(name) && strings.Contains(text, loader) {
				return strings.TrimSuffix(loader, "(") + " in Python"
			}
		}
	}
	return ""
}

// withoutLogin is an address without user, password and query.
func withoutLogin(address string) string {
	address, _, _ = strings.Cut(address, "?")
	scheme, rest, ok := strings.Cut(address, "://")
	if !ok {
		return address
	}
	host, path, _ := strings.Cut(rest, "/")
	if at := strings.LastIndexByte(host, '@'); at >= 0 {
		host = host[at+1:]
	}
	return scheme + "://" + host + "/" + path
}

// size is bytes for a person.
func size(bytes int64) string {
	switch {
	case bytes >= 1e9:
		return fmt.Sprintf("%.1f GB", float64(bytes)/1e9)
	case bytes >= 1e6:
		return fmt.Sprintf("%.0f MB", float64(bytes)/1e6)
	case bytes >= 1e3:
		return fmt.Sprintf("%.0f kB", float64(bytes)/1e3)
	}
	return fmt.Sprintf("%d bytes", bytes)
}
