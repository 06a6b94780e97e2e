package waste

import "strings"

// Models are weights and data sets, mostly by how their names end. An ending that
// is used for other things too counts from a size that those do not have: .pth is
// also a list of folders in site-packages, .pt also a template, .csv also a
// handful of lines.
var Models = &Category{
	Name:     "models",
	Title:    "model weights and data sets",
	Why:      "Weights change at other times than code and are bigger by far, so that every pull brings them again with every new release; a service that has to answer with no network and no volume needs them in the image.",
	Fix:      "Fetch them at start into a volume, or mount them; if they have to be in the image, copy them in an instruction of their own before the code, so that they are pulled once.",
	Optional: true,
	matches: func(s *subject) bool {
		return modelFolders.hold(s.Path) || isHub(s.Path) || isSpacy(s) || isWeights(s)
	},
}

var modelFolders = below(`.cache/huggingface .cache/torch .cache/clip .cache/whisper .cache/sentence_transformers .cache/gpt4all .cache/suno
	.cache/chroma/onnx_models nltk_data scikit_learn_data .keras/models .keras/datasets .ollama/models .EasyOCR .paddleocr .paddlex
	.insightface .u2net .deepface gensim-data tensorflow_datasets`)

// isHub knows a folder of huggingface_hub's cache, wherever HF_HOME points. Its
// blobs have digests for names.
func isHub(path string) bool {
	for _, kind := range []string{"models--", "datasets--"} {
		i := strings.Index(path, kind)
		if i == 0 || i > 0 && path[i-1] == '/' {
			return strings.IndexByte(path[i:], '/') >= 0
		}
	}
	return false
}

var spacySizes = named("*-sm *-md *-lg *-trf")

// isSpacy knows spaCy's models, which are Python distributions such as
// en-core-web-sm.
func isSpacy(s *subject) bool {
	name := s.owner.name
	return s.owner.kind == python && len(name) > 2 && strings.Count(name, "-") == 3 && spacySizes.have(name) &&
		(strings.HasPrefix(name[2:], "-core-") || strings.HasPrefix(name[2:], "-dep-") || strings.HasPrefix(name[2:], "-ent-"))
}

const (
	some = 64 << 10  // bytes that no list, template or test of a format has
	many = 5_000_000 // bytes from which a table is a data set
)

// weights are the sizes in bytes from which a file with that ending counts.
var weights = map[string]int64{
	".safetensors": 0, ".gguf": 0, ".ggml": 0, ".onnx": 0, ".tflite": 0, ".ckpt": 0, ".pt2": 0, ".pdparams": 0, ".pdiparams": 0,
	".caffemodel": 0, ".mlmodel": 0, ".onnx_data": 0, ".llamafile": 0, ".nemo": 0,
	".pt": some, ".pth": some, ".h5": some, ".hdf5": some, ".keras": some, ".msgpack": many, ".pb": 1 << 20, ".engine": 1 << 20, ".trt": 1 << 20,
	".parquet": some, ".arrow": some, ".feather": some, ".orc": some, ".avro": some, ".tfrecord": some, ".tfrecords": some,
	".npy": many, ".npz": many, ".pkl": many, ".pickle": many, ".joblib": many, ".faiss": many, ".mdb": many,
	".csv": many, ".tsv": many, ".jsonl": many, ".ndjson": many,
}

var packed = named(".gz .zst .bz2 .xz")

// isWeights looks under a compression too. What .bin holds, only its name says.
func isWeights(s *subject) bool {
	name, ext := strings.ToLower(s.base), s.ext
	if packed.have(ext) {
		name = strings.TrimSuffix(name, ext)
		ext = name[max(strings.LastIndexByte(name, '.'), 0):]
	}
	if ext == ".bin" {
		return s.Size >= 1<<20 && (strings.Contains(name, "model") || strings.HasPrefix(name, "ggml"))
	}
	least, ok := weights[ext]
	return ok && s.Size >= least || strings.HasPrefix(name, "variables.data-0") && in("variables", s.Path)
}
