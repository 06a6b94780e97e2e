package source

import (
	"strings"
	"testing"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image"
)

func TestInstruction(t *testing.T) {
	cases := map[string]string{
		"":                                       "",
		"/bin/sh -c #(nop) COPY file:1 in /app ": "COPY file:1 in /app",
		"/bin/sh -c #(nop)  CMD [\"python3\"]":   "CMD [\"python3\"]",
		"/bin/sh -c apt-get update \t && rm -r x":                        "RUN apt-get update && rm -r x",
		"RUN /bin/sh -c uv sync # buildkit":                              "RUN uv sync",
		"RUN |2 TOKEN=a secret PY=3 /bin/sh -c pip install x # buildkit": "RUN pip install x",
		"|1 TOKEN=secret /bin/sh -c make":                                "RUN make",
		"COPY . /app # buildkit":                                         "COPY . /app",
		"RUN python -m x # buildkit":                                     "RUN python -m x",
		"# debian.sh --arch 'amd64' out/ 'bookworm'":                     "# debian.sh --arch 'amd64' out/ 'bookworm'",
		"RUN " + strings.Repeat("é", 300):                                "RUN " + strings.Repeat("é", 195) + "…",
	}
	for recorded, want := range cases {
		require.Equal(t, want, instruction(recorded))
	}
}

func TestAttribute(t *testing.T) {
	layers := make([]image.Layer, 2)
	attribute(layers, []ocispec.History{{CreatedBy: "ENV A=b", EmptyLayer: true}, {CreatedBy: "COPY a /"}, {CreatedBy: "COPY b /"}})
	require.Equal(t, "COPY a /", layers[0].Instruction)
	require.Equal(t, "COPY b /", layers[1].Instruction)

	layers = make([]image.Layer, 2)
	attribute(layers, []ocispec.History{{CreatedBy: "COPY a /"}})
	require.Empty(t, layers[0].Instruction, "it cannot be said which layer that is")
}
