package ancestry

import (
	"testing"

	"github.com/opencontainers/go-digest"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image"
)

// Whatever a config, annotations and a Dockerfile say, no more layers are the
// base's than there are.
func FuzzOf(f *testing.F) {
	const history = `{"config":{"Labels":{"org.opencontainers.image.base.name":"alpine"}},"history":[{"created_by":"ADD a /"},{"created_by":"CMD [\"a\"]","empty_layer":true},{"created_by":"RUN /bin/sh -c a # buildkit"}]}`
	f.Add([]byte(history), []byte("ARG A=b\nFROM ${A:-alpine} AS x\nONBUILD USER 1\nFROM x\nRUN a\n"), "", digest.FromString("a").String(), 2)
	f.Add([]byte(`{"history":[null,{"created_by":"|1 A=b /bin/sh -c #(nop) "}]}`), []byte("FROM scratch\nRUN <<EOT\na\nEOT\n"), "x", "python:3", 1)
	f.Fuzz(func(t *testing.T, config, dockerfile []byte, target, said string, layers int) {
		img := &image.Image{Config: config, Layers: make([]image.Layer, max(0, min(layers, 100))), Annotations: Annotations(keys{baseName: said, baseDigest: said})}
		held := func(digest.Digest) []image.Layer { return make([]image.Layer, 3) }
		for _, build := range []*Build{nil, {Dockerfile: dockerfile, Target: target, Args: keys{"A": said}}} {
			base := Of(img, Evidence{Build: build, Held: held})
			require.GreaterOrEqual(t, base.Layers, 0)
			require.LessOrEqual(t, base.Layers, len(img.Layers))
			require.LessOrEqual(t, len(base.Name), maxName)
			require.Equal(t, base.By == "", base.Layers == 0 && base.Name == "")
		}
	})
}
