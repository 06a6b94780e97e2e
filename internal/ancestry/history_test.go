package ancestry

import (
	"strings"
	"testing"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"github.com/stretchr/testify/require"
)

// lines are a history, an entry a line; those that made no layer begin with a
// dash.
func lines(texts ...string) (entries []ocispec.History, layers int) {
	for _, line := range strings.Split(strings.Join(texts, "\n"), "\n") {
		if line = strings.TrimLeft(line, "\t"); line == "" {
			continue
		}
		text, empty := strings.CutPrefix(line, "- ")
		if !empty {
			layers++
		}
		entries = append(entries, ocispec.History{CreatedBy: text, EmptyLayer: empty})
	}
	return entries, layers
}

// What images on a registry have recorded, as their builders spell it.
const (
	// python:3.12-slim, by BuildKit on Debian's rootfs: four layers.
	pythonSlim = `
		# debian.sh --arch 'amd64' out/ 'bookworm' '@1733097600'
		- ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
		- ENV LANG=C.UTF-8
		RUN /bin/sh -c set -eux; apt-get update; apt-get install -y --no-install-recommends ca-certificates netbase tzdata ; rm -rf /var/lib/apt/lists/* # buildkit
		- ENV GPG_KEY=7169605F62C751356D054A26A821E680E5FA6305
		- ENV PYTHON_VERSION=3.12.8
		RUN /bin/sh -c set -eux; savedAptMark="$(apt-mark showmanual)"; make -j "$nproc" ; python3 --version # buildkit
		RUN /bin/sh -c set -eux; for src in idle3 pip3 pydoc3 python3 python3-config; do ln -svT "$src" "/usr/local/bin/$dst"; done # buildkit
		- CMD ["python3"]
	`
	// The same image as the classic builder made it, on Debian's of that time.
	pythonClassic = `
		/bin/sh -c #(nop) ADD file:3af3091e7d2bb40bc1e6550eb5ea290badc6bbf3339105626f245a963cc11450 in / 
		- /bin/sh -c #(nop)  CMD ["bash"]
		- /bin/sh -c #(nop)  ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin
		/bin/sh -c set -eux; apt-get update; apt-get install -y --no-install-recommends ca-certificates netbase tzdata ; rm -rf /var/lib/apt/lists/*
		/bin/sh -c set -eux; savedAptMark="$(apt-mark showmanual)"; make ; python3 --version
		- /bin/sh -c #(nop)  CMD ["python3"]
	`
	alpine = `
		ADD alpine-minirootfs-3.21.0-x86_64.tar.gz / # buildkit
		- CMD ["/bin/sh"]
	`
	debian     = "# debian.sh --arch 'amd64' out/ 'bookworm' '@1733097600'"
	distroless = "bazel build @bookworm//base-files/amd64:data_statusd\nbazel build @bookworm//netbase/amd64:data_statusd\nbazel build //common:cacerts_debian12_amd64"
)

func TestBaseEnd(t *testing.T) {
	for _, c := range []struct {
		name    string
		history []string
		layers  int // of the base
	}{
		{"on python, by BuildKit", []string{pythonSlim, "WORKDIR /app", "COPY . . # buildkit", "- CMD [\"app\"]"}, 4},
		{"on python, by the classic builder", []string{pythonClassic, "- /bin/sh -c #(nop) WORKDIR /app", "/bin/sh -c #(nop) COPY dir:0a in /app ", "/bin/sh -c make", "- /bin/sh -c #(nop)  ENTRYPOINT [\"app\"]", "- /bin/sh -c #(nop)  CMD [\"-v\"]"}, 3},
		{"on python, by BuildKit with nothing to run", []string{pythonClassic, "COPY app /app # buildkit", "- USER 1000"}, 3},
		{"on alpine, by Buildah", []string{alpine, "- /bin/sh -c #(nop) ENV A=b", "/bin/sh -c #(nop) COPY file:0a in /app ", "- /bin/sh -c #(nop) CMD /app"}, 1},
		{"an entrypoint and a command before", []string{"ADD rootfs.tar / # buildkit", "- ENTRYPOINT [\"tini\"]", "- CMD [\"sh\"]", "- EXPOSE 80", "COPY a / # buildkit"}, 1},
		{"python itself, on an old debian", []string{pythonClassic}, 1},
		{"python itself, on debian", []string{pythonSlim}, 1},
		{"alpine itself", []string{alpine}, 0},
		{"debian itself", []string{debian}, 0},
		{"on debian, which says of no command", []string{debian, "RUN /bin/sh -c apt-get update # buildkit", "- CMD [\"bash\"]"}, 1},
		{"on distroless", []string{distroless, "COPY /app /app # buildkit", "- ENTRYPOINT [\"/app\"]"}, 3},
		{"ko on apko", []string{"apko", "ko build ko://example.com/app", "ko build ko://example.com/app"}, 0},
		{"from scratch with its command first", []string{"- CMD [\"/app\"]", "COPY app / # buildkit"}, 0},
		{"nothing", nil, 0},
	} {
		entries, layers := lines(c.history...)
		past := recorded(entries, layers)
		require.Equal(t, c.layers, past.layers(past.baseEnd()), c.name)
	}
}

// Where the base has no history, BuildKit puts entries for its layers behind those
// of the instructions: which is whose is not said then.
func TestOrdered(t *testing.T) {
	own := ocispec.History{CreatedBy: "COPY one /own # buildkit", Comment: "buildkit.dockerfile.v0"}
	empty := ocispec.History{CreatedBy: "CMD [\"x\"]", Comment: "buildkit.dockerfile.v0", EmptyLayer: true}
	lacking := ocispec.History{Comment: added}
	require.True(t, Ordered([]ocispec.History{own, empty}))
	require.True(t, Ordered(nil))
	require.True(t, Ordered([]ocispec.History{lacking, lacking}))
	require.True(t, Ordered([]ocispec.History{lacking, own}))
	require.True(t, Ordered([]ocispec.History{empty, lacking}), "the instructions made no layer")
	require.False(t, Ordered([]ocispec.History{own, empty, lacking}))
	require.Empty(t, recorded([]ocispec.History{own, lacking}, 2))
}

// A history that does not fit the layers says nothing of any.
func TestRecordedThatDoesNotFit(t *testing.T) {
	entries, layers := lines(pythonSlim, "COPY . . # buildkit")
	require.NotEmpty(t, recorded(entries, layers))
	require.Empty(t, recorded(entries, layers+1))
	require.Empty(t, recorded(entries, layers-1))
	require.Empty(t, recorded(nil, 3))
}

func TestInstruction(t *testing.T) {
	for recorded, want := range map[string]string{
		"":                                      "",
		"COPY . . # buildkit":                   "COPY",
		"RUN |1 A=b /bin/sh -c make # buildkit": "RUN",
		"RUN echo '#(nop) CMD' # buildkit":      "RUN",
		"/bin/sh -c #(nop)  CMD [\"bash\"]":     "CMD",
		"/bin/bash -o pipefail -c #(nop) COPY file:1 in /app ": "COPY",
		"/bin/sh -c #(nop) something":                          "",
		"/bin/bash -o pipefail -c make CMD":                    "RUN",
		"|1 A=b /bin/sh -c make":                               "RUN",
		"\t WORKDIR\t/app":                                     "WORKDIR",
		"CMDS":                                                 "",
		"apko":                                                 "",
		"bazel build -c opt //:app":                            "",
		"# debian.sh --arch 'amd64' out/ 'bookworm'":           "",
		"#(nop) ":                                              "",
	} {
		require.Equal(t, want, instruction(recorded), recorded)
	}
}
