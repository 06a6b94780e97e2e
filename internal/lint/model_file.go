package lint

import (
	"path"
	"slices"
	"strings"
)

// modelEndings are those of files with the weights of models.
var modelEndings = []string{
	".pt", ".pth", ".safetensors", ".onnx", ".gguf", ".ggml", ".ckpt", ".h5", ".hdf5", ".keras", ".tflite", ".pdparams", ".caffemodel",
	".mlmodel", ".llamafile", ".engine", ".nemo",
}

// sharedEndings are those of files that may be small and of another kind: their
// size decides, from ten megabytes on.
var sharedEndings = []string{".bin", ".pkl", ".pickle", ".joblib", ".npz", ".npy", ".pb", ".params", ".model"}

const largeFile = 10 << 20

// isModel reports whether a file of the context holds a model.
func (e Entry) isModel() bool {
	if e.Dir {
		return false
	}
	ending := strings.ToLower(path.Ext(e.Path))
	return slices.Contains(modelEndings, ending) || slices.Contains(sharedEndings, ending) && e.Bytes >= largeFile
}

// isModelName reports whether a path or an address of which only the name is known
// is that of a model.
func isModelName(name string) bool {
	name, _, _ = strings.Cut(strings.ToLower(name), "?")
	base := path.Base(name)
	if slices.Contains(modelEndings, path.Ext(base)) {
		return true
	}
	return slices.Contains(sharedEndings, path.Ext(base)) && (strings.Contains(base, "model") || strings.Contains(base, "weights"))
}

// isModelFolder reports whether a folder is called like one of models.
func isModelFolder(name string) bool {
	return slices.Contains([]string{"models", "model", "weights", "checkpoints", "huggingface", "hf_cache", "hf-cache"}, strings.ToLower(path.Base(name)))
}
