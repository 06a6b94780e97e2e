package ancestry

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image"
)

var arm = image.Platform{OS: "linux", Architecture: "arm64", Variant: "v8"}

func TestOfADockerfile(t *testing.T) {
	const onPython = `- ENV A=b
		- LABEL x=y
		- ARG VERSION=1
		WORKDIR /app
		COPY --chown=1000 . . # buildkit
		RUN |1 VERSION=1 /bin/sh -c make # buildkit
		COPY <<EOT /etc/motd # buildkit
		- USER 1000
		- EXPOSE [8080/tcp]
		- VOLUME [/data]
		- STOPSIGNAL SIGQUIT
		- SHELL [/bin/bash -c]
		- HEALTHCHECK {[NONE] 0s 0s 0s 0s 0}
		- ENTRYPOINT ["app"]
		- CMD ["-v"]`
	for _, c := range []struct {
		name       string
		dockerfile string
		target     string
		args       map[string]string
		history    []string
		want       image.Base
	}{
		{
			name: "every instruction",
			dockerfile: "FROM python:3.12-slim\nENV A=b\nLABEL x=y\nARG VERSION=1\nWORKDIR /app\nCOPY --chown=1000 . .\nRUN <<EOT\nmake\nmake install\nEOT\n" +
				"COPY <<EOT /etc/motd\nRUN hello\nEOT\nONBUILD RUN later\nUSER 1000\nEXPOSE 8080\nVOLUME /data\nSTOPSIGNAL SIGQUIT\nSHELL [\"/bin/bash\",\"-c\"]\nHEALTHCHECK NONE\nENTRYPOINT [\"app\"]\nCMD [\"-v\"]\n",
			history: []string{pythonSlim, onPython},
			want:    image.Base{Layers: 4, Name: "python:3.12-slim", By: "Dockerfile"},
		},
		{
			name:       "as the classic builder records it",
			dockerfile: "FROM python:3.12\nARG A\nSHELL [\"/bin/bash\", \"-c\"]\nRUN make\nONBUILD RUN x\nADD a /\nCMD app\n",
			history:    []string{pythonClassic, "- /bin/sh -c #(nop)  ARG A", "- /bin/bash -c #(nop)  SHELL [/bin/bash -c]", "|1 A=b /bin/bash -c make", "- /bin/bash -c #(nop)  ONBUILD RUN x", "/bin/bash -c #(nop) ADD file:0a in / ", "- /bin/bash -c #(nop)  CMD [\"/bin/bash\" \"-c\" \"app\"]"},
			want:       image.Base{Layers: 3, Name: "python:3.12", By: "Dockerfile"},
		},
		{
			name:       "a command of its own amid, which would mislead",
			dockerfile: "FROM debian:12\nCOPY a /\nCMD [\"/a\"]\nCOPY b /\n",
			history:    []string{debian, "COPY a / # buildkit", "- CMD [\"/a\"]", "COPY b / # buildkit"},
			want:       image.Base{Layers: 1, Name: "debian:12", By: "Dockerfile"},
		},
		{
			name:       "nothing but a base",
			dockerfile: "FROM python:3.12-slim",
			history:    []string{pythonSlim},
			want:       image.Base{Layers: 4, Name: "python:3.12-slim", By: "Dockerfile"},
		},
		{
			name:       "the last stage, on another",
			dockerfile: "FROM golang:1.25 AS build\nRUN make\nFROM alpine:3.21 AS Runtime\nRUN apk add tini\nFROM runtime\nCOPY --from=build /app /app\nCMD [\"/app\"]\n",
			history:    []string{alpine, "RUN /bin/sh -c apk add tini # buildkit", "COPY /app /app # buildkit", "- CMD [\"/app\"]"},
			want:       image.Base{Layers: 1, Name: "alpine:3.21", By: "Dockerfile"},
		},
		{
			name:       "a target, and what ONBUILD says in the stage before",
			dockerfile: "FROM alpine AS base\nONBUILD COPY . .\nONBUILD USER 1\nFROM base AS Test\nRUN test\nFROM base\nCOPY x /\n",
			target:     "test",
			history:    []string{alpine, "COPY . . # buildkit", "- USER 1", "RUN /bin/sh -c test # buildkit"},
			want:       image.Base{Layers: 1, Name: "alpine", By: "Dockerfile"},
		},
		{
			name:       "a stage named as the image that it is from",
			dockerfile: "FROM alpine AS alpine\nRUN a\n",
			history:    []string{alpine, "RUN /bin/sh -c a # buildkit"},
			want:       image.Base{Layers: 1, Name: "alpine", By: "Dockerfile"},
		},
		{
			name:       "from scratch",
			dockerfile: "FROM scratch\nCOPY rootfs /\nCMD [\"/a\"]\nCOPY app /\n",
			history:    []string{"COPY rootfs / # buildkit", "- CMD [\"/a\"]", "COPY app / # buildkit"},
			want:       image.Base{Name: "scratch", By: "Dockerfile"},
		},
		{
			name:       "build arguments, with an escape of another kind",
			dockerfile: "# escape=`\nARG REGISTRY\nARG VERSION=3\nARG TAG=${VERSION}.21\nFROM --platform=$BUILDPLATFORM ${REGISTRY}${OS:-alpine}:${TAG}-$TARGETARCH\nRUN a `\n  b\n",
			args:       map[string]string{"REGISTRY": "ghcr.io/acme/", "VERSION": "4", "OS": "not declared before FROM"},
			history:    []string{alpine, "RUN /bin/sh -c a b # buildkit"},
			want:       image.Base{Layers: 1, Name: "ghcr.io/acme/alpine:4.21-arm64", By: "Dockerfile"},
		},
		{
			name:       "a stage by the platform it is for",
			dockerfile: "FROM alpine AS base-arm64\nRUN a\nFROM debian AS base-amd64\nRUN b\nFROM base-$TARGETARCH\nRUN c\n",
			history:    []string{alpine, "RUN /bin/sh -c a # buildkit", "RUN /bin/sh -c c # buildkit"},
			want:       image.Base{Layers: 1, Name: "alpine", By: "Dockerfile"},
		},
		{
			name:       "a stage by the platform it was built on, which nobody has said",
			dockerfile: "ARG STAGE=base-$BUILDARCH\nFROM alpine AS base-arm64\nRUN a\nFROM $STAGE\nRUN c\n",
			history:    []string{alpine, "RUN /bin/sh -c a # buildkit", "RUN /bin/sh -c c # buildkit"},
			want:       image.Base{Layers: 1, By: "history"},
		},
		{
			name:       "a Dockerfile that has changed since keeps the name",
			dockerfile: "FROM python:3.12-slim\nRUN make\nRUN test\n",
			history:    []string{pythonClassic, "COPY . . # buildkit", "RUN /bin/sh -c make # buildkit"},
			want:       image.Base{Layers: 3, Name: "python:3.12-slim", By: "Dockerfile"},
		},
		{
			name:       "more instructions than the history has",
			dockerfile: "FROM alpine\nRUN a\nRUN a\nRUN a\n",
			history:    []string{"RUN /bin/sh -c a # buildkit"},
			want:       image.Base{Name: "alpine", By: "Dockerfile"},
		},
		{
			name:       "no stage of the target's name",
			dockerfile: "FROM alpine\nRUN a\n",
			target:     "x",
			history:    []string{alpine, "RUN /bin/sh -c a # buildkit"},
			want:       image.Base{Layers: 1, By: "history"},
		},
		{
			name:       "no Dockerfile of BuildKit's",
			dockerfile: "apiVersion: v1\n",
			history:    []string{alpine, "RUN /bin/sh -c a # buildkit"},
			want:       image.Base{Layers: 1, By: "history"},
		},
		{
			name:       "arguments that double each other",
			dockerfile: "ARG A=aaaaaaaa\n" + strings.Repeat("ARG A=$A$A\n", 60) + "FROM alpine:$A\nRUN a\n",
			history:    []string{alpine, "RUN /bin/sh -c a # buildkit"},
			want:       image.Base{Layers: 1, By: "history"},
		},
		{name: "empty", history: []string{alpine}, want: image.Base{}},
	} {
		img := madeBy(t, nil, c.history...)
		img.Platform = arm
		build := &Build{Dockerfile: []byte(c.dockerfile), Target: c.target, Args: c.args}
		require.Equal(t, c.want, Of(img, Evidence{Build: build}), c.name)
	}
}

// A history that does not fit the layers leaves the name.
func TestOfADockerfileWithoutAHistory(t *testing.T) {
	img := madeBy(t, nil, alpine, "RUN /bin/sh -c a # buildkit")
	img.Layers = append(img.Layers, image.Layer{})
	build := &Build{Dockerfile: []byte("FROM alpine\nRUN a\n")}
	require.Equal(t, image.Base{Name: "alpine", By: "Dockerfile"}, Of(img, Evidence{Build: build}))
	require.Equal(t, image.Base{}, Of(img, Evidence{}))
}
