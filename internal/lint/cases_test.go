package lint

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// cases are Dockerfiles that are near to the edge of a rule. message is part of
// what it says; empty where it finds nothing.
var cases = []struct{ rule, name, archive, message string }{
	{"toolchain-in-runtime", "in a builder", "FROM debian:12-slim AS build\nRUN apt-get install -y gcc\nFROM debian:12-slim\nCOPY --from=build /a /a\n", ""},
	{"toolchain-in-runtime", "in a stage that the final one is FROM", "FROM debian:12-slim AS base\nRUN apt-get install -y gcc\nFROM base\n", "gcc"},
	{"toolchain-in-runtime", "removed in the same RUN", "FROM debian:12-slim\nRUN apt-get install -y gcc libpq-dev && make && apt-get purge -y gcc 'libpq-*'\n", ""},
	{"toolchain-in-runtime", "removed in the next", "FROM debian:12-slim\nRUN apt-get install -y gcc\nRUN apt-get purge -y gcc\n", "gcc"},
	{"toolchain-in-runtime", "apk's virtual group", "FROM alpine:3.20\nRUN apk add --no-cache --virtual .build gcc musl-dev && make && apk del .build\n", ""},
	{"toolchain-in-runtime", "apk's group, short", "FROM alpine:3.20\nRUN apk add -t .build gcc musl-dev && make && apk del .build\n", ""},
	{"toolchain-in-runtime", "apk's group that stays", "FROM alpine:3.20\nRUN apk add --virtual .build gcc musl-dev libpq && make\n", "gcc, musl-dev"},
	{"toolchain-in-runtime", "in a variable of the RUN", "FROM debian:12-slim\nRUN deps='gcc make'; apt-get install -y $deps\n", "gcc, make"},
	{"toolchain-in-runtime", "in an ARG", "FROM debian:12-slim\nARG DEPS=\"curl cmake\"\nRUN apt-get install -y $DEPS\n", "cmake"},
	{"toolchain-in-runtime", "versions and architectures", "FROM debian:12-slim\nRUN apt-get install -y g++-12=12.2.0 libssl-dev:arm64 python3.11-dev/stable\n", "g++-12, libssl-dev, python3.11-dev"},
	{"toolchain-in-runtime", "dnf's group", "FROM fedora:40\nRUN dnf -y groupinstall 'Development Tools'\n", "development tools"},
	{"toolchain-in-runtime", "libgcc is no compiler", "FROM debian:12-slim\nRUN apt-get install -y libgcc-s1 gcc-12-base libstdc++6 gccgo-none\n", ""},
	{"toolchain-in-runtime", "rustup", "FROM debian:12-slim\nRUN curl https://sh.rustup.rs -sSf | sh -s -- -y\n", "rustup"},
	{"toolchain-in-runtime", "a base image", "FROM golang:1.22\n", "golang:1.22"},
	{"toolchain-in-runtime", "CUDA's devel", "FROM nvidia/cuda:12.4.1-cudnn-devel-ubuntu22.04\n", "devel"},
	{"toolchain-in-runtime", "a JDK", "FROM eclipse-temurin:21-jdk\n", "eclipse-temurin:21-jdk"},
	{"toolchain-in-runtime", "a JDK by default", "FROM amazoncorretto:21\n", "amazoncorretto:21"},
	{"toolchain-in-runtime", "a server's JDK", "FROM tomcat:10-jdk17\n", "tomcat:10-jdk17"},
	{"toolchain-in-runtime", "a JRE", "FROM eclipse-temurin:21-jre\n", ""},
	{"toolchain-in-runtime", "a JRE with a JDK before", "FROM eclipse-temurin:21-jdk AS b\nFROM eclipse-temurin:21-jre-alpine\nCOPY --from=b /a.jar /\n", ""},
	{"toolchain-in-runtime", "in a here-document", "FROM debian:12-slim\nRUN <<EOF\nset -e\napt-get update\napt-get install -y gcc\nEOF\n", "gcc"},
	{"toolchain-in-runtime", "in exec form", "FROM debian:12-slim\nRUN [\"apt-get\", \"install\", \"-y\", \"gcc\"]\n", "gcc"},
	{"toolchain-in-runtime", "in a shell of a shell", "FROM debian:12-slim\nRUN [\"/bin/bash\", \"-c\", \"sudo apt-get install -y gcc\"]\n", "gcc"},
	{"toolchain-in-runtime", "in a branch", "FROM debian:12-slim\nRUN if true; then apt-get install -y gcc; fi\n", "gcc"},
	{"toolchain-in-runtime", "in ONBUILD", "FROM debian:12-slim\nONBUILD RUN apt-get install -y gcc\n", ""},
	{"toolchain-in-runtime", "purged as Docker's images do", "FROM debian:12-slim\nRUN set -eux; savedAptMark=\"$(apt-mark showmanual)\"; apt-get update; apt-get install -y gcc make libssl-dev; make; apt-mark auto '.*' > /dev/null; apt-mark manual $savedAptMark; apt-get purge -y --auto-remove -o APT::AutoRemove::RecommendsImportant=false\n", ""},
	{"toolchain-in-runtime", "marked and not purged", "FROM debian:12-slim\nRUN apt-get install -y gcc; apt-mark auto '.*'; apt-get purge -y curl\n", "gcc"},
	{"toolchain-in-runtime", "marked again", "FROM debian:12-slim\nRUN apt-get install -y gcc make; apt-mark auto '.*'; apt-mark manual make; apt-get purge -y --auto-remove\n", ": make"},
	{"toolchain-in-runtime", "purged and not marked", "FROM debian:12-slim\nRUN apt-get install -y gcc; apt-get purge -y --auto-remove\n", "gcc"},
	{"toolchain-in-runtime", "by a function", "FROM debian:12-slim\nRUN i(){ apt-get install -y \"$@\"; }; i gcc libpq5; i make\n", "gcc, make"},
	{"toolchain-in-runtime", "a function for others", "FROM debian:12-slim\nRUN i(){ apt-get install -y \"$@\"; }; i libpq5; r() { rm \"$@\"; }; r gcc\n", ""},
	{"toolchain-in-runtime", "a function of itself", "FROM debian:12-slim\nRUN i(){ i \"$@\"; apt-get install $1; }; i gcc\n", ""},
	{"toolchain-in-runtime", "in a loop", "FROM debian:12-slim\nRUN for p in gcc libpq5 make; do apt-get install -y $p; done\n", "gcc, make"},
	{"toolchain-in-runtime", "build-dep", "FROM debian:12-slim\nRUN apt-get build-dep -y python3-lxml\n", "build-dep"},
	{"toolchain-in-runtime", "only spoken of", "FROM debian:12-slim\nRUN echo 'apt-get install gcc'\n", ""},

	{"single-stage", "copies alone", "FROM debian:12-slim\nCOPY app /app\n", ""},
	{"single-stage", "system packages alone", "FROM debian:12-slim\nRUN apt-get install -y python3-torch\n", ""},
	{"single-stage", "pip", "FROM python:3.12-slim\nRUN pip install fastapi\n", "pip"},
	{"single-stage", "a builder that is not used", "FROM debian:12-slim AS build\nRUN make\nFROM debian:12-slim\nRUN gcc x.c\n", "gcc x.c"},
	{"single-stage", "a builder that is mounted", "FROM debian:12-slim AS build\nRUN make\nFROM debian:12-slim\nRUN --mount=type=bind,from=build,target=/b make -C /b install\n", ""},
	{"single-stage", "by number", "FROM debian:12-slim\nRUN make\nFROM debian:12-slim\nCOPY --from=0 /a /a\n", ""},
	{"single-stage", "tools that are gone", "FROM debian:12-slim\nRUN apt-get install -y gcc make && make install && apt-get purge -y gcc make\n", ""},
	{"single-stage", "tools of which some stay", "FROM debian:12-slim\nRUN apt-get install -y gcc make && make install && apt-get purge -y gcc\n", "make"},
	{"single-stage", "scratch", "FROM scratch\nCOPY a /a\n", ""},

	{"source-before-dependencies", "manifests by name", "FROM python:3.12-slim\nCOPY pyproject.toml uv.lock README.md requirements-dev.txt ./\nRUN uv sync\n", ""},
	{"source-before-dependencies", "a folder of manifests", "FROM python:3.12-slim\nCOPY requirements requirements\nRUN pip install -r requirements/base.txt\n", ""},
	{"source-before-dependencies", "the whole", "FROM python:3.12-slim\nCOPY . .\nRUN pip install -r requirements.txt\n", "is copied before"},
	{"source-before-dependencies", "a file", "FROM python:3.12-slim\nCOPY main.py requirements.txt ./\nRUN pip install -r requirements.txt\n", `"main.py"`},
	{"source-before-dependencies", "from a stage", "FROM debian:12 AS b\nFROM python:3.12-slim\nCOPY --from=b . .\nRUN pip install -r requirements.txt\n", ""},
	{"source-before-dependencies", "in another stage", "FROM python:3.12-slim AS b\nCOPY . .\nFROM python:3.12-slim\nCOPY --from=b /a /a\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n", ""},
	{"source-before-dependencies", "in a stage that is not needed", "FROM python:3.12-slim AS b\nCOPY . .\nRUN pip install x\nFROM python:3.12-slim\n", ""},
	{"source-before-dependencies", "the project after its dependencies", "FROM python:3.12-slim\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\nRUN pip install --no-deps .\n", ""},
	{"source-before-dependencies", "more packages after the sources", "FROM python:3.12-slim\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\nRUN pip install gunicorn\n", "is copied before"},
	{"source-before-dependencies", "only the tool before", "FROM python:3.12-slim\nRUN pip install uv\nCOPY . .\nRUN uv sync\n", "is copied before"},
	{"source-before-dependencies", "npm", "FROM node:22-slim\nCOPY src src\nCOPY package*.json ./\nRUN npm ci\n", `"src"`},
	{"source-before-dependencies", "npm's manifests", "FROM node:22-slim\nCOPY package.json package-lock.json .npmrc ./\nRUN npm ci\nCOPY . .\nRUN npm run build\n", ""},
	{"source-before-dependencies", ".NET", "FROM mcr.microsoft.com/dotnet/sdk:8.0\nCOPY . .\nRUN dotnet restore\n", "is copied before dotnet"},
	{"source-before-dependencies", ".NET's projects", "FROM mcr.microsoft.com/dotnet/sdk:8.0\nCOPY App.csproj .\nRUN dotnet restore App.csproj\nCOPY . .\nRUN dotnet publish -c Release\n", ""},
	{"source-before-dependencies", "bound", "FROM python:3.12-slim\nRUN --mount=type=bind,target=/src pip install /src\n", "mounted"},
	{"source-before-dependencies", "one file bound", "FROM python:3.12-slim\nRUN --mount=type=bind,source=uv.lock,target=uv.lock uv sync\n", ""},

	{"no-cache-mount", "switched off", "FROM python:3.12-slim\nRUN pip install --no-cache-dir x\n", ""},
	{"no-cache-mount", "by a variable", "FROM python:3.12-slim\nENV PIP_NO_CACHE_DIR=1\nRUN pip install x\n", ""},
	{"no-cache-mount", "by a variable that seems off", "FROM python:3.12-slim\nENV PIP_NO_CACHE_DIR=0\nRUN PIP_NO_CACHE_DIR=off pip install x && pip install y\n", ""},
	{"no-cache-mount", "by a variable that is off", "FROM python:3.12-slim\nENV UV_NO_CACHE=0 PIP_NO_CACHE_DIR=\nRUN uv pip install x && pip install x\n", "uv and pip"},
	{"no-cache-mount", "switched off, shorter", "FROM python:3.12-slim\nRUN pip install --no-cache x\n", ""},
	{"no-cache-mount", "a mount where the option puts it", "FROM python:3.12-slim\nRUN --mount=type=cache,target=/tmp/x pip install --cache-dir /tmp/x x\n", ""},
	{"no-cache-mount", "a mount where it is no more", "FROM python:3.12-slim\nRUN --mount=type=cache,target=/root/.cache/pip pip install --cache-dir /tmp/x x\n", "pip"},
	{"no-cache-mount", "a mount where the variable puts it", "FROM python:3.12-slim\nENV POETRY_CACHE_DIR=/c/po NPM_CONFIG_CACHE=/c/npm\nRUN --mount=type=cache,target=/c poetry install && npm ci\n", ""},
	{"no-cache-mount", "npm's, mounted by its option", "FROM node:22-slim\nRUN --mount=type=cache,target=/c npm ci --cache /c\n", ""},
	{"no-cache-mount", "npm's, removed by its option", "FROM node:22-slim\nRUN npm ci --cache /c && rm -rf /c/*\n", ""},
	{"no-cache-mount", "npm's, another removed", "FROM node:22-slim\nRUN npm ci --cache /c && rm -rf /cache\n", "npm"},
	{"no-cache-mount", "another tool's mount", "FROM python:3.12-slim\nRUN --mount=type=cache,target=/var/cache/apt pip install x\n", "pip"},
	{"no-cache-mount", "pip's mount for npm", "FROM python:3.12-slim\nRUN --mount=type=cache,target=/root/.cache/pip npm ci\n", "npm"},
	{"no-cache-mount", "the mount of all caches", "FROM python:3.12-slim\nRUN --mount=type=cache,target=/home/app/.cache pip install x && uv sync\n", ""},
	{"no-cache-mount", "bundler", "FROM ruby:3.3-slim\nRUN bundle install\n", "bundle installs"},
	{"no-cache-mount", "bundler, removed", "FROM ruby:3.3-slim\nRUN bundle install && rm -rf ~/.bundle/ \"${BUNDLE_PATH}\"/ruby/*/cache\n", ""},
	{"no-cache-mount", "composer", "FROM php:8.3-cli\nRUN composer install --no-dev\n", "composer installs"},
	{"no-cache-mount", "composer, nowhere", "FROM php:8.3-cli\nENV COMPOSER_CACHE_DIR=/dev/null\nRUN composer install --no-dev\n", ""},
	{"no-cache-mount", "what builds alone", "FROM golang:1.22\nRUN go mod download\n", ""},
	{"no-cache-mount", "by a variable of the stage before", "FROM python:3.12-slim AS b\nENV PIP_NO_CACHE_DIR=1\nFROM b\nRUN pip install x\n", ""},
	{"no-cache-mount", "by an ARG of the stage before", "FROM python:3.12-slim AS b\nARG PIP_NO_CACHE_DIR=1\nFROM b\nRUN pip install x\n", "pip"},
	{"no-cache-mount", "in front of the command", "FROM python:3.12-slim\nRUN PIP_NO_CACHE_DIR=1 python3 -m pip install x\n", ""},
	{"no-cache-mount", "exported", "FROM python:3.12-slim\nRUN export UV_NO_CACHE=1 && uv pip install x\n", ""},
	{"no-cache-mount", "removed", "FROM python:3.12-slim\nRUN pip install x && rm -rf /root/.cache\n", ""},
	{"no-cache-mount", "removed too early", "FROM python:3.12-slim\nRUN rm -rf /root/.cache && pip install x\n", "pip"},
	{"no-cache-mount", "a mount elsewhere", "FROM python:3.12-slim\nRUN --mount=type=cache,target=/var/lib/apt pip install x\n", "pip"},
	{"no-cache-mount", "two tools", "FROM python:3.12-slim\nRUN apt-get install -y a && pip install x\n", "apt and pip install without"},
	{"no-cache-mount", "pip3.12", "FROM python:3.12-slim\nRUN /venv/bin/pip3.12 install x\n", "pip"},
	{"no-cache-mount", "apk", "FROM alpine:3.20\nRUN apk add --no-cache curl\n", ""},
	{"no-cache-mount", "conda", "FROM acme/conda:1\nRUN conda install -y x && conda clean -afy\n", ""},
	{"no-cache-mount", "npm", "FROM node:22-slim\nRUN npm ci --omit=dev\n", "npm"},
	{"no-cache-mount", "nothing is installed", "FROM python:3.12-slim\nRUN pip --version && pip list && npm run build\n", ""},

	{"apt-lists-kept", "in a builder", "FROM debian:12-slim AS b\nRUN apt-get update\nFROM debian:12-slim\nCOPY --from=b /a /a\n", ""},
	{"apt-lists-kept", "removed in the next RUN", "FROM debian:12-slim\nRUN apt-get update\nRUN rm -rf /var/lib/apt/lists/*\n", "apt-get update"},
	{"apt-lists-kept", "removed before", "FROM debian:12-slim\nRUN rm -rf /var/lib/apt/lists/* && apt-get update\n", "apt-get update"},
	{"apt-lists-kept", "found and deleted", "FROM debian:12-slim\nRUN apt-get update && find /var/lib/apt/lists -type f -delete\n", ""},
	{"apt-lists-kept", "in braces of bash", "FROM debian:12-slim\nSHELL [\"/bin/bash\", \"-c\"]\nRUN apt-get update && rm -rf /var/lib/{apt,dpkg,cache,log}/\n", ""},
	{"apt-lists-kept", "in braces of a bash before", "FROM debian:12-slim AS b\nSHELL [\"/bin/bash\", \"-c\"]\nFROM b\nRUN apt-get update && rm -rf /var/lib/{apt,dpkg,cache,log}/\n", ""},
	{"apt-lists-kept", "in braces of a shell within", "FROM debian:12-slim\nRUN bash -c 'apt-get update && rm -rf /var/lib/{apt,dpkg,cache,log}/'\n", ""},
	{"apt-lists-kept", "in braces of a document", "FROM debian:12-slim\nRUN <<EOF\n#!/bin/bash\napt-get update && rm -rf /var/lib/{apt,dpkg,cache,log}/\nEOF\n", ""},
	{"apt-lists-kept", "in braces of others", "FROM debian:12-slim\nSHELL [\"/bin/bash\", \"-c\"]\nRUN apt-get update && rm -rf /var/lib/{dpkg,cache}/\n", "apt-get update"},
	{"apt-lists-kept", "in braces of dash", "FROM debian:12-slim\nRUN apt-get update && rm -rf /var/lib/{apt,dpkg,cache,log}/\n", "apt-get update"},
	{"apt-lists-kept", "options in front", "FROM debian:12-slim\nRUN apt-get -qq -o Acquire::Retries=3 update\n", "apt-get update"},
	{"apt-lists-kept", "a cache mount", "FROM debian:12-slim\nRUN --mount=type=cache,target=/var/lib/apt/lists apt-get update\n", ""},

	{"apt-recommends", "an option", "FROM debian:12-slim\nRUN apt-get install -y -o APT::Install-Recommends=false curl\n", ""},
	{"apt-recommends", "settings before", "FROM debian:12-slim\nRUN echo 'APT::Install-Recommends \"0\";' > /etc/apt/apt.conf.d/1\nRUN apt-get install -y curl\n", ""},
	{"apt-recommends", "xargs", "FROM debian:12-slim\nRUN xargs -a packages.txt apt-get install -y curl\n", "curl"},
	{"apt-recommends", "a list in a file", "FROM debian:12-slim\nRUN xargs apt-get install -y < packages.txt\n", "its packages recommend"},
	{"apt-recommends", "a list of a command", "FROM debian:12-slim\nRUN apt-get install -y $(cat packages.txt)\n", "recommend as well"},
	{"apt-recommends", "a list in a variable", "FROM debian:12-slim\nRUN apt-get install -y $EXTRA\n", "its packages recommend"},
	{"apt-recommends", "a list in a file, without", "FROM debian:12-slim\nRUN xargs apt-get install -y --no-install-recommends < packages.txt\n", ""},
	{"apt-recommends", "a repair", "FROM debian:12-slim\nRUN dpkg -i x.deb; apt-get install -f -y\n", ""},
	{"apt-recommends", "in a builder", "FROM debian:12-slim AS b\nRUN apt-get install -y curl\nFROM debian:12-slim\nCOPY --from=b /a /a\n", ""},

	{"full-image", "slim", "FROM python:3.12-slim-bookworm\n", ""},
	{"full-image", "in a builder", "FROM python:3.12 AS b\nFROM python:3.12-slim\nCOPY --from=b /a /a\n", ""},
	{"full-image", "a mirror", "FROM public.ecr.aws/docker/library/node:22\n", "node:22"},
	{"full-image", "a mirror of one's own", "FROM harbor.example.com/dockerhub/library/node:20\n", "node:20"},
	{"full-image", "a name that ends so", "FROM ghcr.io/mylibrary/node:20\n", ""},
	{"full-image", "somebody else's", "FROM ghcr.io/acme/python:3.12\n", ""},
	{"full-image", "by an argument", "ARG V=3.12\nFROM python:${V}\n", "python:3.12"},
	{"full-image", "through a stage", "FROM python:3.12 AS b\nFROM b\n", "python:3.12"},
	{"full-image", "no slim there", "FROM ubuntu:24.04\n", ""},
	{"full-image", "a prefix that is missing", "ARG REGISTRY\nFROM ${REGISTRY}python:3.12\n", `"python:3.12"`},
	{"full-image", "a prefix that is given when it is there", "ARG REGISTRY\nFROM ${REGISTRY:+$REGISTRY/}python:latest\n", `"python:latest"`},
	{"full-image", "a prefix that cannot be missing", "ARG REGISTRY\nFROM ${REGISTRY}/python:3.12\n", ""},
	{"full-image", "a prefix that is not declared", "FROM ${REGISTRY}python:3.12\n", ""},
	{"full-image", "an argument that is missing", "ARG V\nFROM python:${V}\n", ""},

	{"floating-tag", "none", "FROM debian\n", "no tag"},
	{"floating-tag", "latest", "FROM debian:latest\n", "built last"},
	{"floating-tag", "a word", "FROM node:lts-slim\n", "no version"},
	{"floating-tag", "a release's name", "FROM debian:bookworm-slim\n", ""},
	{"floating-tag", "a digest", "FROM debian@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", ""},
	{"floating-tag", "a port is no tag", "FROM registry.example.com:5000/base\n", "no tag"},
	{"floating-tag", "a stage", "FROM debian:12-slim AS base\nFROM base\n", ""},
	{"floating-tag", "scratch", "FROM scratch\nCOPY a /a\n", ""},
	{"floating-tag", "copied from", "FROM debian:12-slim\nCOPY --from=ghcr.io/astral-sh/uv:latest /uv /uv\n", "uv:latest"},
	{"floating-tag", "distroless", "FROM gcr.io/distroless/static-debian12:nonroot\n", ""},
	{"floating-tag", "a stage that is not needed", "FROM debian AS b\nFROM debian:12-slim\n", ""},

	{"root-user", "by name", "FROM debian:12-slim\nUSER root\n", `"root"`},
	{"root-user", "by number with a group", "FROM debian:12-slim\nUSER 0:0\n", `"0:0"`},
	{"root-user", "back to root", "FROM debian:12-slim\nUSER app\nRUN true\nUSER root\n", `"root"`},
	{"root-user", "of the stage before", "FROM debian:12-slim AS b\nUSER app\nFROM b\n", ""},
	{"root-user", "of a builder", "FROM debian:12-slim AS b\nUSER app\nFROM debian:12-slim\nCOPY --from=b /a /a\n", "no USER"},
	{"root-user", "an argument", "FROM debian:12-slim\nARG U=root\nUSER $U\n", `"root"`},
	{"root-user", "an argument that is missing", "FROM debian:12-slim\nARG U\nUSER $U\n", ""},
	{"root-user", "a nonroot image", "FROM gcr.io/distroless/static-debian12:nonroot\n", ""},
	{"root-user", "an image that may set one", "FROM grafana/grafana:11.1.0\n", `runs as root unless "grafana/grafana:11.1.0" sets a user`},
	{"root-user", "one that is root's, from a mirror", "FROM harbor.example.com/hub/library/node:22-slim\n", "runs as root"},
	{"root-user", "a chiseled image", "FROM mcr.microsoft.com/dotnet/aspnet:8.0-noble-chiseled\n", ""},
	{"root-user", "Windows", "FROM mcr.microsoft.com/windows/servercore:ltsc2022\n", ""},
	{"root-user", "an image that is not known", "ARG BASE\nFROM $BASE\n", ""},

	{"no-healthcheck", "NONE", "FROM debian:12-slim\nHEALTHCHECK NONE\n", "NONE"},
	{"no-healthcheck", "of the stage before", "FROM debian:12-slim AS b\nHEALTHCHECK CMD [\"a\"]\nFROM b\n", ""},
	{"no-healthcheck", "scratch that serves", "FROM scratch\nCOPY a /a\nEXPOSE 80\n", "no HEALTHCHECK"},
	{"no-healthcheck", "scratch that does not", "FROM scratch\nCOPY a /a\n", ""},

	{"development-dependencies", "a package", "FROM python:3.12-slim\nRUN pip install fastapi 'pytest>=8' pytest-asyncio\n", "pytest, pytest-asyncio"},
	{"development-dependencies", "an extra", "FROM python:3.12-slim\nRUN pip install -e '.[dev]'\n", ".[dev]"},
	{"development-dependencies", "in the requirements", "FROM python:3.12-slim\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n-- requirements.txt --\nfastapi\nblack==24.8.0\n", "black (requirements.txt)"},
	{"development-dependencies", "in what those include", "FROM python:3.12-slim\nCOPY r/ r/\nRUN pip install -r r/all.txt\n-- r/all.txt --\n-r base.txt\n-- r/base.txt --\nmypy\n", "mypy (r/base.txt)"},
	{"development-dependencies", "uv without a word", "FROM python:3.12-slim\nCOPY pyproject.toml .\nRUN uv sync --frozen\n-- pyproject.toml --\n[dependency-groups]\ndev = [\"pytest\"]\n", "by default (pytest)"},
	{"development-dependencies", "uv without groups", "FROM python:3.12-slim\nCOPY pyproject.toml .\nRUN uv sync --frozen\n-- pyproject.toml --\n[project]\nname = \"a\"\n", ""},
	{"development-dependencies", "uv by a variable", "FROM python:3.12-slim\nENV UV_NO_DEV=1\nRUN uv sync\n", ""},
	{"development-dependencies", "uv pip", "FROM python:3.12-slim\nRUN uv pip install --system fastapi\n", ""},
	{"development-dependencies", "poetry", "FROM python:3.12-slim\nRUN poetry install --only main\n", ""},
	{"development-dependencies", "poetry, all", "FROM python:3.12-slim\nRUN poetry install --no-root\n", "poetry installs by default"},
	{"development-dependencies", "npm", "FROM node:22-slim\nCOPY package.json .\nRUN npm install\n-- package.json --\n{\"devDependencies\": {\"eslint\": \"9\"}}\n", "eslint"},
	{"development-dependencies", "npm without any", "FROM node:22-slim\nCOPY package.json .\nRUN npm install\n-- package.json --\n{}\n", ""},
	{"development-dependencies", "npm in production", "FROM node:22-slim\nENV NODE_ENV=production\nRUN npm ci\n", ""},
	{"development-dependencies", "npm in production, and all the same", "FROM node:22-slim\nENV NODE_ENV=production\nRUN npm ci --include=dev\n", "npm installs by default"},
	{"development-dependencies", "npm in production, and something else", "FROM node:22-slim\nENV NODE_ENV=production\nRUN npm ci --include=optional\n", ""},
	{"development-dependencies", "npm in a folder", "FROM node:22-slim\nCOPY . .\nRUN cd web && npm ci\n-- package.json --\n{}\n-- web/package.json --\n{\"devDependencies\": {\"vite\": \"5\"}}\n", "vite"},
	{"development-dependencies", "npm in a folder without any", "FROM node:22-slim\nCOPY . .\nRUN npm --prefix web ci\n-- package.json --\n{\"devDependencies\": {\"vite\": \"5\"}}\n-- web/package.json --\n{}\n", ""},
	{"development-dependencies", "npm for a workspace", "FROM node:22-slim\nCOPY . .\nRUN npm ci -w web\n-- package.json --\n{}\n-- web/package.json --\n{\"devDependencies\": {\"vite\": \"5\"}}\n", "vite"},
	{"development-dependencies", "npm, pruned", "FROM node:22-slim\nRUN npm ci\nRUN npm run build && npm prune --omit=dev\n", ""},
	{"development-dependencies", "npm, pruned in a later stage", "FROM node:22-slim AS deps\nWORKDIR /app\nRUN npm ci\nFROM deps AS build\nRUN npm run build && npm prune --omit=dev\nFROM node:22-slim\nCOPY --from=build /app/node_modules /app/node_modules\n", ""},
	{"development-dependencies", "npm, copied from before it was pruned", "FROM node:22-slim AS deps\nWORKDIR /app\nRUN npm ci\nFROM deps AS build\nRUN npm run build && npm prune --omit=dev\nFROM node:22-slim\nCOPY --from=build /app/dist /app/\nCOPY --from=deps /app/node_modules /app/node_modules\n", "npm installs by default"},
	{"development-dependencies", "npm, anew", "FROM node:22-slim\nRUN npm ci && npm run build && rm -rf node_modules && npm ci --omit=dev\n", ""},
	{"development-dependencies", "npm, removed before", "FROM node:22-slim\nRUN rm -rf node_modules && npm ci\n", "npm installs by default"},
	{"development-dependencies", "npm for a front end", "FROM node:22-slim AS b\nWORKDIR /app\nRUN npm ci\nFROM nginx:1.27\nCOPY --from=b /app/dist /srv\n", ""},
	{"development-dependencies", "npm, modules copied", "FROM node:22-slim AS b\nWORKDIR /app\nRUN npm ci\nFROM node:22-slim\nCOPY --from=b /app/node_modules /app/node_modules\n", "npm installs by default"},
	{"development-dependencies", "the environment copied", "FROM python:3.12-slim AS b\nRUN pip install pytest\nFROM python:3.12-slim\nCOPY --from=b /opt/venv /opt/venv\n", "pytest"},
	{"development-dependencies", "in a stage for tests", "FROM python:3.12-slim AS b\nFROM b AS test\nRUN pip install pytest\nFROM b\n", ""},
	{"development-dependencies", "Debian's", "FROM debian:12-slim\nRUN apt-get install -y python3-pytest mypy python3-requests\n", "mypy, python3-pytest"},

	{"alpine-wheels", "in the RUN", "FROM python:3.12-alpine\nRUN pip install numpy==2.1 fastapi\n", "numpy"},
	{"alpine-wheels", "in the project", "FROM python:3.12-alpine\nWORKDIR /src\nCOPY . .\nRUN pip install .\n-- pyproject.toml --\n[project]\ndependencies = [\"pandas>=2\", \"fastapi\"]\n", "pandas (pyproject.toml)"},
	{"alpine-wheels", "in a file that is bound", "FROM alpine:3.20\nRUN --mount=type=bind,source=req.txt,target=/tmp/req.txt pip install -r /tmp/req.txt\n-- req.txt --\ntorch\n", "torch (req.txt)"},
	{"alpine-wheels", "a file that another stage installs", "FROM python:3.12-slim AS b\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nFROM python:3.12-alpine\nCOPY --from=b /a /a\n-- requirements.txt --\ntorch\n", ""},
	{"alpine-wheels", "Alpine's own", "FROM alpine:3.20\nRUN apk add --no-cache py3-numpy\n", ""},
	{"alpine-wheels", "on slim", "FROM python:3.12-slim\nRUN pip install numpy\n", ""},

	{"requirements-in-one-file", "only light ones", "FROM python:3.12-slim\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n-- requirements.txt --\nfastapi\nuvicorn\n", ""},
	{"requirements-in-one-file", "only heavy ones", "FROM python:3.12-slim\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n-- requirements.txt --\ntorch\ntqdm\n", ""},
	{"requirements-in-one-file", "two files in one RUN", "FROM python:3.12-slim\nCOPY *.txt .\nRUN pip install -r base.txt -r ai.txt\n-- base.txt --\nfastapi\n-- ai.txt --\ntorch\n", "torch in one RUN with fastapi, from ai.txt, base.txt"},
	{"requirements-in-one-file", "a file in a file", "FROM python:3.12-slim\nCOPY *.txt .\nRUN pip install -r requirements.txt -r requirements-dev.txt\n-- requirements.txt --\nflask\ntorch\n-- requirements-dev.txt --\n-r requirements.txt\n", "torch in one RUN with flask, from requirements.txt"},
	{"requirements-in-one-file", "in a folder that is gone to", "FROM python:3.12-slim\nCOPY . /src\nRUN cd /src/web && pip install -r r.txt\n-- web/r.txt --\nflask\ntorch\n", "web/r.txt"},
	{"requirements-in-one-file", "a lock", "FROM python:3.12-slim\nCOPY pyproject.toml uv.lock ./\nRUN uv sync --frozen --no-dev\n-- uv.lock --\n-- pyproject.toml --\n[project]\ndependencies = [\"torch\", \"fastapi\"]\n", ""},
	{"requirements-in-one-file", "the project by pip", "FROM python:3.12-slim\nCOPY pyproject.toml .\nRUN pip install .\n-- pyproject.toml --\n[project]\ndependencies = [\"torch\", \"fastapi\"]\n", "pyproject.toml"},
	{"requirements-in-one-file", "a file that is not there", "FROM python:3.12-slim\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n", ""},

	{"secret-in-arg-or-env", "a name that BuildKit knows", "FROM debian:12-slim\nARG API_TOKEN=vK8rq2xWm4TzLp0s\n", ""},
	{"secret-in-arg-or-env", "a value under another name", "FROM debian:12-slim\nENV DATABASE_URL=postgres://app:vK8rq2xWm4TzLp0s@db/app\n", "ENV holds a secret"},
	{"secret-in-arg-or-env", "in a RUN", "FROM debian:12-slim\nRUN git clone https://bot:vK8rq2xWm4TzLp0s@git.example.com/x.git\n", "RUN holds a secret"},
	{"secret-in-arg-or-env", "a variable in a RUN", "FROM debian:12-slim\nRUN --mount=type=secret,id=t,env=T git clone https://bot:$T@git.example.com/x.git\n", ""},
	{"secret-in-arg-or-env", "a file", "FROM debian:12-slim\nCOPY .env /app/.env\n-- .env --\nAPI_TOKEN=vK8rq2xWm4TzLp0s\n", `".env"`},
	{"secret-in-arg-or-env", "a file that is left out", "FROM debian:12-slim\nCOPY .env /app/.env\n-- .env --\nAPI_TOKEN=vK8rq2xWm4TzLp0s\n-- .dockerignore --\n.env\n", ""},
	{"secret-in-arg-or-env", "with the whole context", "FROM debian:12-slim\nCOPY . /app\n-- deploy/id_rsa --\n-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZWQyNTUxOQ\n-----END OPENSSH PRIVATE KEY-----\n-- .env.production --\nDB_PASSWORD=vK8rq2xWm4TzLp0s\n-- .dockerignore --\n.git\n.env\n", "along: .env.production (password), deploy/id_rsa (private key)"},
	{"secret-in-arg-or-env", "with a folder", "FROM debian:12-slim\nCOPY k /k/\n-- k/id_rsa --\n-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZWQyNTUxOQ\n-----END OPENSSH PRIVATE KEY-----\n", "k/id_rsa"},
	{"secret-in-arg-or-env", "with another folder", "FROM debian:12-slim\nCOPY app /app/\n-- k/id_rsa --\n-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZWQyNTUxOQ\n-----END OPENSSH PRIVATE KEY-----\n-- app/a --\n-- appk/id_rsa --\n-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZWQyNTUxOQ\n-----END OPENSSH PRIVATE KEY-----\n", ""},
	{"secret-in-arg-or-env", "with a pattern", "FROM debian:12-slim\nCOPY id_* /k/\n-- id_rsa --\n-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZWQyNTUxOQ\n-----END OPENSSH PRIVATE KEY-----\n", "along: id_rsa"},
	{"secret-in-arg-or-env", "a pattern that means others", "FROM debian:12-slim\nCOPY *.txt /k/\n-- id_rsa --\n-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZWQyNTUxOQ\n-----END OPENSSH PRIVATE KEY-----\n-- a.txt --\n", ""},
	{"secret-in-arg-or-env", "a folder that is left out", "FROM debian:12-slim\nCOPY . /app\n-- k/id_rsa --\n-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZWQyNTUxOQ\n-----END OPENSSH PRIVATE KEY-----\n-- .dockerignore --\nk\n", ""},
	{"secret-in-arg-or-env", "a folder that the COPY excludes", "FROM debian:12-slim\nCOPY --exclude=k . /app\n-- k/id_rsa --\n-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZWQyNTUxOQ\n-----END OPENSSH PRIVATE KEY-----\n", ""},
	{"secret-in-arg-or-env", "a key store", "FROM debian:12-slim\nCOPY a.p12 /app/\n-- a.p12 --\nx\n", "key store"},
	{"secret-in-arg-or-env", "files that are not there", "FROM debian:12-slim\nCOPY .env.production server.key /app/\n", "\"server.key\", which is called like a file with secrets and is not in the context here"},
	{"secret-in-arg-or-env", "files that are not there and hold none", "FROM debian:12-slim\nCOPY .env.example .npmrc public-key.pem ca.pem nodesource.key key.txt id_rsa.pub /app/\n", ""},
	{"secret-in-arg-or-env", "a file that is not there and left out", "FROM debian:12-slim\nCOPY .env /app/\n-- .dockerignore --\n.env\n", ""},
	{"secret-in-arg-or-env", "a key of no known shape", "FROM debian:12-slim\nCOPY id_rsa /k/\n-- id_rsa --\nsomething\n", "no known shape"},
	{"secret-in-arg-or-env", "AWS by the name alone", "FROM debian:12-slim\nCOPY credentials /root/.aws/\n-- credentials --\n[default]\naws_access_key_id = AKIA" + "QYLPMN5HHHFPZAM2\n", "AWS access key"},
	{"secret-in-arg-or-env", "Docker's logins", "FROM debian:12-slim\nCOPY config.json /root/.docker/\n-- config.json --\n{\"auths\": {\"r.example.com\": {\"auth\": \"Ym90OnZLOHJxMnhXbTRUekxwMHM=\"}}}\n", "registry login"},
	{"secret-in-arg-or-env", "other JSON", "FROM debian:12-slim\nCOPY config.json en.json /app/\n-- config.json --\n{\"port\": 80}\n-- en.json --\n{\"password\": \"Kennwort\"}\n", ""},
	{"secret-in-arg-or-env", "a file without one", "FROM debian:12-slim\nCOPY .env /app/.env\n-- .env --\nPORT=8000\n", ""},

	{"context-unfiltered", "a folder", "FROM debian:12-slim\nCOPY app /app\n-- app/tests/a.py --\n", ""},
	{"context-unfiltered", "no .dockerignore", "FROM debian:12-slim\nCOPY ./ /app/\n", "no .dockerignore to leave out .git, .env"},
	{"context-unfiltered", "everything but", "FROM debian:12-slim\nCOPY . /app\n-- .dockerignore --\n*\n!app\n-- app/main.py --\n-- tests/a.py --\n", ""},
	{"context-unfiltered", "everything but, with tests within", "FROM debian:12-slim\nCOPY . /app\n-- .dockerignore --\n*\n!app\n-- app/tests/a.py --\n", "tests (app/tests)"},
	{"context-unfiltered", "excluded by the COPY", "FROM debian:12-slim\nCOPY --exclude=.git --exclude=.env --exclude=tests . /app\n-- tests/a.py --\n", ""},
	{"context-unfiltered", "models", "FROM debian:12-slim\nCOPY . /app\n-- .dockerignore --\n.git\n.env\n-- m/a.safetensors --\nx\n", "model files (m/a.safetensors)"},
	{"context-unfiltered", "a small .bin", "FROM debian:12-slim\nCOPY . /app\n-- .dockerignore --\n.git\n.env\n-- m/a.bin --\nx\n", ""},
	{"context-unfiltered", "environments", "FROM debian:12-slim\nCOPY * /app/\n-- .dockerignore --\n.git\n.env\n-- .venv/pyvenv.cfg --\n", "virtual environments (.venv)"},
	{"context-unfiltered", "from a stage", "FROM debian:12-slim AS b\nFROM debian:12-slim\nCOPY --from=b . .\n", ""},

	{"model-baked-in", "in a folder of the context", "FROM debian:12-slim\nCOPY app /app\n-- app/model.onnx --\nx\n", "app/model.onnx"},
	{"model-baked-in", "a small one", "FROM debian:12-slim\nCOPY app /app\n-- app/model.onnx --\nx\n", "app/model.onnx (2 bytes)"},
	{"model-baked-in", "left out", "FROM debian:12-slim\nCOPY . /app\n-- app/model.onnx --\nx\n-- .dockerignore --\n**/*.onnx\n", ""},
	{"model-baked-in", "curl", "FROM debian:12-slim\nRUN curl -LO https://user:vK8rq2xWm4TzLp0s@models.example.com/a/model.gguf\n", "curl https://models.example.com/a/model.gguf"},
	{"model-baked-in", "Hugging Face", "FROM python:3.12-slim\nRUN hf download acme/model\n", "hf download"},
	{"model-baked-in", "Python", "FROM python:3.12-slim\nRUN python -c \"from transformers import AutoModel; AutoModel.from_pretrained('acme/model')\"\n", "from_pretrained"},
	{"model-baked-in", "Python in a here-document", "FROM python:3.12-slim\nRUN python <<EOF\nfrom transformers import AutoModel\nAutoModel.from_pretrained('acme/model')\nEOF\n", "from_pretrained"},
	{"model-baked-in", "Python as the document's own shell", "FROM python:3.12-slim\nRUN <<EOF\n#!/usr/bin/env python3\nfrom transformers import AutoModel\nAutoModel.from_pretrained('acme/model')\nEOF\n", "from_pretrained"},
	{"model-baked-in", "into a cache mount", "FROM python:3.12-slim\nRUN --mount=type=cache,target=/root/.cache/huggingface hf download acme/model\n", ""},
	{"model-baked-in", "in a builder", "FROM python:3.12-slim AS b\nRUN hf download acme/model\nFROM python:3.12-slim\nCOPY --from=b /venv /venv\n", ""},
	{"model-baked-in", "copied from a builder", "FROM python:3.12-slim AS b\nRUN hf download acme/model\nFROM python:3.12-slim\nCOPY --from=b /models /models\n", "/models"},
	{"model-baked-in", "source called model", "FROM debian:12-slim\nCOPY model.py models.py /app/\n-- model.py --\n-- models.py --\n", ""},
}

func TestCases(t *testing.T) {
	for _, c := range cases {
		t.Run(c.rule+"/"+c.name, func(t *testing.T) {
			var messages []string
			all := lint(t, "-- Dockerfile --\n"+c.archive).Findings
			for _, f := range all {
				if f.Rule == c.rule {
					messages = append(messages, f.Message)
				}
				require.NotContains(t, fmt.Sprint(f), "vK8rq2xWm4TzLp0s", "a secret is shown")
			}
			if c.message == "" {
				require.Empty(t, messages)
				return
			}
			require.NotEmpty(t, messages, "found: %v", rulesOf(all))
			require.Contains(t, strings.ToLower(strings.Join(messages, "\n")), strings.ToLower(c.message))
		})
	}
}

// Every rule of a Check has cases.
func TestCasesOfEveryRule(t *testing.T) {
	of := map[string]bool{BadIgnore.Name: true, UnusedIgnore.Name: true} // in ignore_test.go
	for _, c := range cases {
		of[c.rule] = true
	}
	for _, rule := range All {
		require.True(t, of[rule.Name], rule.Name)
	}
}
