package ancestry

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image"
)

// madeBy is an image of that history, with a layer for each entry that made one.
func madeBy(t *testing.T, labels map[string]string, texts ...string) *image.Image {
	t.Helper()
	entries, layers := lines(texts...)
	config, err := json.Marshal(ocispec.Image{History: entries, Config: ocispec.ImageConfig{Labels: labels}})
	require.NoError(t, err)
	img := &image.Image{Config: config}
	for i := range layers {
		img.Layers = append(img.Layers, image.Layer{DiffID: digest.FromString(fmt.Sprint(i))})
	}
	return img
}

type keys = map[string]string

func TestOfWhatTheImageSays(t *testing.T) {
	base := digest.FromString("manifest of the base")
	held := func(layers int) func(digest.Digest) []image.Layer {
		return func(d digest.Digest) []image.Layer {
			if d != base {
				return nil
			}
			return madeBy(t, nil, strings.Repeat("RUN a\n", layers)).Layers
		}
	}
	other := func(digest.Digest) []image.Layer {
		return []image.Layer{{DiffID: digest.FromString("0")}, {DiffID: "sha256:other"}}
	}
	app := []string{alpine, "RUN /bin/sh -c a # buildkit", "COPY app / # buildkit"}
	label := "- LABEL " + baseName + "=alpine:3.21"
	both := keys{baseName: "alpine:3.21", baseDigest: base.String()}
	for _, c := range []struct {
		name                string
		labels, annotations keys
		history             []string
		held                func(digest.Digest) []image.Layer
		dockerfile          string
		want                image.Base
	}{
		{"a name", keys{baseName: "alpine:3.21"}, nil, app, nil, "", image.Base{Layers: 1, Name: "alpine:3.21", By: "labels"}},
		{"a base that is not at hand", both, nil, app, held(0), "", image.Base{Layers: 1, Name: "alpine:3.21", By: "labels"}},
		{"a base at hand", both, nil, app, held(2), "", image.Base{Layers: 2, Name: "alpine:3.21", By: "labels"}},
		{"a base at hand that is all of it", both, nil, app, held(3), "", image.Base{Layers: 3, Name: "alpine:3.21", By: "labels"}},
		{"a base at hand that has more", both, nil, app, held(4), "", image.Base{Layers: 1, Name: "alpine:3.21", By: "labels"}},
		{"a base at hand of which not all is there", both, nil, app, other, "", image.Base{Layers: 1, Name: "alpine:3.21", By: "labels"}},
		{"a digest alone", keys{baseDigest: base.String()}, nil, app, held(2), "", image.Base{Layers: 2, By: "labels"}},
		{"a digest alone of what is not at hand", keys{baseDigest: base.String()}, nil, app, nil, "", image.Base{Layers: 1, By: "history"}},
		{"annotations before labels", keys{baseName: "debian"}, both, app, nil, "", image.Base{Layers: 1, Name: "alpine:3.21", By: "annotations"}},
		{"a history that says nothing", nil, both, []string{distroless, "ko build x"}, nil, "", image.Base{Name: "alpine:3.21", By: "annotations"}},
		{"a label of its own", keys{baseName: "alpine:3.21"}, nil, append(app, label), nil, "", image.Base{Layers: 1, Name: "alpine:3.21", By: "labels"}},
		{"a label that the base hands down", keys{baseName: "debian"}, nil, append([]string{"ADD rootfs /", label, "- CMD [\"sh\"]"}, app[1:]...), nil, "", image.Base{Layers: 1, By: "history"}},
		{"labels against a Dockerfile", keys{baseName: "alpine:3.21"}, nil, append(app, label), nil,
			"FROM alpine\nRUN a\nCOPY app /\nLABEL \"" + baseName + "\"=alpine:3.21\n", image.Base{Layers: 1, Name: "alpine:3.21", By: "labels"}},
		{"a label that the base hands down, by the Dockerfile", keys{baseName: "debian"}, nil, app, nil,
			"FROM acme/base\nRUN a\nCOPY app /\n", image.Base{Layers: 1, Name: "acme/base", By: "Dockerfile"}},
		{"no references", keys{baseName: "\x1b[31m", baseDigest: "sha256:0"}, keys{baseName: "a b", baseDigest: "x"}, app, held(2), "", image.Base{Layers: 1, By: "history"}},
		{"a name without an end", keys{baseName: strings.Repeat("a", 1<<20)}, nil, app, nil, "", image.Base{Layers: 1, By: "history"}},
	} {
		img := madeBy(t, c.labels, c.history...)
		img.Annotations = Annotations(c.annotations)
		e := Evidence{Held: c.held}
		if c.dockerfile != "" {
			e.Build = &Build{Dockerfile: []byte(c.dockerfile)}
		}
		require.Equal(t, c.want, Of(img, e), c.name)
	}
}

func TestAnnotations(t *testing.T) {
	require.Nil(t, Annotations(nil))
	require.Nil(t, Annotations(keys{"other": "x", baseName: strings.Repeat("a", 1<<20)}))
	require.Equal(t, keys{baseName: "a", baseDigest: "b"}, Annotations(keys{"other": "x", baseName: "a", baseDigest: "b"}))
}

func TestOfAConfigThatIsNone(t *testing.T) {
	for _, config := range []string{"", "{", "[]", `{"history":[null]}`, `{"history":null,"config":null}`, `{"history":[{"created_by":"CMD"}]}`} {
		require.Equal(t, image.Base{}, Of(&image.Image{Config: []byte(config), Layers: []image.Layer{{}}}, Evidence{}), config)
	}
}
