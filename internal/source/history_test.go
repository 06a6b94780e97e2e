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
		require.Equal(t, want, instruction(recorded, nil))
	}
}

// Build arguments may be secrets: nothing of them is kept, also where it cannot
// be told where they end.
func TestInstructionHidesBuildArguments(t *testing.T) {
	bash := []string{"/bin/bash", "-o", "pipefail", "-c"}
	cases := []struct {
		recorded, want string
		shell          []string
	}{
		{"RUN |1 TOKEN=hunter2 /bin/bash -o pipefail -c make # buildkit", "RUN make", bash},
		{"RUN /bin/bash -o pipefail -c make # buildkit", "RUN make", bash},
		{"|1 TOKEN=hunter2 /bin/bash -o pipefail -c make", "RUN make", bash},
		{"RUN |1 TOKEN=hunter2 /bin/sh -c make # buildkit", "RUN make", bash}, // of the base image
		{"RUN |1 TOKEN=hunter2 /bin/bash -o pipefail -c make # buildkit", "RUN " + hidden, nil},
		{"RUN |1 TOKEN=hunter2 /app/tool --fast # buildkit", "RUN " + hidden, bash},
		{"RUN |2 FLAGS=-O2 -g TOKEN=hunter2 x /bin/sh -c make", "RUN make", nil},
		{"RUN |1 TOKEN=x /bin/sh -c hunter2 /bin/sh -c make # buildkit", "RUN " + hidden, nil},
		{"RUN |1 TOKEN=hunter2", "RUN " + hidden, nil},
	}
	for _, c := range cases {
		got := instruction(c.recorded, c.shell)
		require.Equal(t, c.want, got, c.recorded)
		require.NotContains(t, got, "hunter2")
	}
}

// The shell is what Docker keeps in the config beside OCI's keys.
func TestAttributeKnowsTheShell(t *testing.T) {
	const text = `{"os":"linux","architecture":"amd64","config":{"Shell":["/bin/bash","-c"]},"rootfs":{"type":"layers","diff_ids":["sha256:a"]},` +
		`"history":[{"created_by":"RUN |1 TOKEN=hunter2 /bin/bash -c make # buildkit"}]}`
	c, err := parseConfig([]byte(text))
	require.NoError(t, err)
	img, err := c.image([]image.Layer{{DiffID: "sha256:a"}})
	require.NoError(t, err)
	require.Equal(t, "RUN make", img.Layers[0].Instruction)
}

func TestAttribute(t *testing.T) {
	layers := make([]image.Layer, 2)
	attribute(layers, []ocispec.History{{CreatedBy: "ENV A=b", EmptyLayer: true}, {CreatedBy: "COPY a /"}, {CreatedBy: "COPY b /"}}, nil, nil)
	require.Equal(t, "COPY a /", layers[0].Instruction)
	require.Equal(t, "COPY b /", layers[1].Instruction)

	layers = make([]image.Layer, 2)
	attribute(layers, []ocispec.History{{CreatedBy: "COPY a /"}}, nil, nil)
	require.Empty(t, layers[0].Instruction, "it cannot be said which layer that is")
}

// TestAttributeHidesSecrets: an instruction ends up in reports and baselines.
func TestAttributeHidesSecrets(t *testing.T) {
	const value = "q7Zr2kTnWx81bLmD"
	layers := make([]image.Layer, 3)
	attribute(layers, []ocispec.History{
		{CreatedBy: "RUN /bin/sh -c PIP_TOKEN=" + value + " pip install app # buildkit"},
		{CreatedBy: "RUN /bin/sh -c curl https://me:" + value + "@example.org/x # buildkit"},
		{CreatedBy: "RUN /bin/sh -c echo " + value + " > /x # buildkit"},
	}, nil, []string{"DB_PASSWORD=" + value})
	require.Equal(t, "RUN PIP_TOKEN=*** pip install app", layers[0].Instruction)
	for _, l := range layers {
		require.NotContains(t, l.Instruction, value)
		require.Contains(t, l.Instruction, "***")
	}
}
