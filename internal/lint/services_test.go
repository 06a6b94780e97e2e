package lint

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const serviceFiles = `-- app/__init__.py --
-- app/main.py --
-- requirements.txt --
fastapi==0.115.0
uvicorn==0.30.6
pandas==2.2.2
torch==2.4.1
-- requirements-dev.txt --
pytest==8.3.2
jupyterlab==4.2.5
-- requirements/base.txt --
fastapi==0.115.0
uvicorn==0.30.6
-- requirements/ai.txt --
torch==2.4.1
transformers==4.44.2
-- tests/test_main.py --
-- notebooks/explore.ipynb --
-- data/tickets.csv --
-- models/intent.onnx --
weights
-- pyproject.toml --
[project]
name = "agent"
version = "1.0.0"
dependencies = ["fastapi", "uvicorn", "torch", "transformers"]
[dependency-groups]
dev = ["pytest", "mypy"]
-- uv.lock --
-- .venv/pyvenv.cfg --
`

const filtered = `-- .dockerignore --
.git
.env
**/.venv
tests
notebooks
data
models
**/__pycache__
`

// How an AI service grows to gigabytes: every rule that applies finds something.
const naive = `-- Dockerfile --
FROM python:3.12
ARG HUB_TOKEN
RUN apt-get update && apt-get install -y build-essential git curl vim
WORKDIR /app
COPY . .
RUN pip install -r requirements.txt -r requirements-dev.txt
EXPOSE 8000
CMD python -m app.main
` + serviceFiles

const layeredUV = `-- Dockerfile --
# syntax=docker/dockerfile:1
FROM python:3.12-slim AS build
COPY --from=ghcr.io/astral-sh/uv:0.8.15 /uv /usr/local/bin/uv
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN --mount=type=cache,target=/root/.cache/uv \
    uv sync --frozen --no-dev --no-install-project
COPY app ./app
RUN --mount=type=cache,target=/root/.cache/uv \
    uv sync --frozen --no-dev

FROM python:3.12-slim
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH
COPY --from=build /app/.venv /app/.venv
COPY app ./app
USER 10001
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health')"]
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]
` + serviceFiles + filtered

const layeredPip = `-- Dockerfile --
FROM python:3.12-slim AS build
COPY requirements/ai.txt requirements/
RUN --mount=type=cache,target=/root/.cache/pip pip install --prefix=/install -r requirements/ai.txt
COPY requirements/base.txt requirements/
RUN --mount=type=cache,target=/root/.cache/pip pip install --prefix=/install -r requirements/base.txt

FROM python:3.12-slim
WORKDIR /app
COPY --from=build /install /usr/local
COPY app ./app
USER 10001
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health')"]
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]
` + serviceFiles + filtered

// What the reference services do not have: bases of other kinds.
func TestNaiveServices(t *testing.T) {
	found := rulesOf(lint(t, naive).Findings)
	require.Contains(t, found, "full-image")
	require.NotContains(t, found, "floating-tag")
	require.Contains(t, rulesOf(lint(t, strings.Replace(naive, "python:3.12", "python:latest", 1)).Findings), "floating-tag")
	require.Contains(t, rulesOf(lint(t, strings.Replace(naive, "python:3.12", "python:3.12-alpine", 1)).Findings), "alpine-wheels")
}

func TestLayeredServices(t *testing.T) {
	for name, archive := range map[string]string{"uv": layeredUV, "pip": layeredPip} {
		t.Run(name, func(t *testing.T) {
			require.Empty(t, lint(t, archive).Findings)
		})
	}
}
