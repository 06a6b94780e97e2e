# make test and make check-image are all a fresh machine needs: each sets up
# what it uses.

GO      ?= go
VERSION ?= 0.1.0-dev
LDFLAGS := -s -w -X github.com/image-budget/image-budget/internal/cli.Version=$(VERSION)
RACE    := $(if $(shell command -v $${CC:-gcc}),-race)
# Tests on the engine that have targets of their own.
SLOW    := ^TestEngine(Readme|Together|Killed)$$
# Budgets to check, by name; empty for every one but the reference services, which
# are large: all for these as well.
BUDGETS ?=
ALL     := $(filter all,$(BUDGETS))

.PHONY: build release-binary test scan-trivy soak readme services services-base check-services check-image record engine lint bench clean help

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

build: ## the binary, bin/image-budget
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/image-budget ./cmd/image-budget

release-binary: ## the static binary of the release image
	CGO_ENABLED=0 GOOS=linux GOARCH=amd64 $(GO) build -trimpath -buildvcs=false -ldflags '$(LDFLAGS)' -o bin/release/image-budget ./cmd/image-budget

engine: build ## a container engine: the one that answers, else Debian's, installed and started
	@sh .ci/engine bin/image-budget

# The tests on the engine come last, one package at a time: they hold what the
# engine has afterwards against what it had. Without an engine they are skipped
# by name, and fail where CI=true; so are those that need a browser. The race
# detector needs a C compiler.
test: build ## unit, race and integration tests, these against the real engine
	$(if $(RACE),,@echo "test: no C compiler, so without the race detector")
	@sh .ci/browser || test "$$CI" != true
	$(GO) test $(RACE) -timeout 20m -skip '^Test(Engine|Services)' ./...
	@sh .ci/engine bin/image-budget || test "$$CI" != true
	$(GO) test $(RACE) -timeout 20m -count=1 -run '^TestEngine' -skip '$(SLOW)' -p 1 ./...

# Trivy of this version, and what makes it a database. Go 1.26 has encoding/json/v2,
# which Trivy needs, as an experiment.
TRIVY ?= v0.74.0

scan-trivy: ## have Trivy itself scan an image, on a database made for the test: builds it first, which takes a quarter of an hour
	GOEXPERIMENT=jsonv2 CGO_ENABLED=0 GOFLAGS=-mod=mod GOBIN=$(CURDIR)/bin/trivy $(GO) install -ldflags '-s -w' github.com/aquasecurity/trivy/cmd/trivy@$(TRIVY)
	cd internal/scan/testdata/trivydb && $(GO) build -o $(CURDIR)/bin/trivy/trivydb .
	PATH="$(CURDIR)/bin/trivy:$$PATH" $(GO) test -count=1 -v -run '^TestTrivy$$' ./internal/cli

soak: build engine ## five gates at once, and runs that are killed, on the real engine
	$(GO) test $(RACE) -timeout 20m -count=1 -run '^TestEngine(Together|Killed)$$' ./internal/cli

readme: build engine ## run every command of the README
	$(GO) test $(RACE) -timeout 20m -count=1 -run '^TestEngineReadme$$' ./internal/cli

check-image: build engine $(if $(ALL),services-base) ## build and measure the images of budgets/, compare with their baselines; BUDGETS=all for the reference services too
	bin/image-budget check $(filter-out all,$(BUDGETS))
ifeq ($(ALL),all)
	bin/image-budget check --dir budgets/services agent-layered
	bin/image-budget check --dir budgets/services agent-naive --fail-fast; test $$? = 1 || { echo "error: agent-naive is there to break its budget" >&2; exit 1; }
endif

record: build engine $(if $(ALL),services-base) ## accept what the images measure now
	bin/image-budget record $(filter-out all,$(BUDGETS))
ifeq ($(ALL),all)
	bin/image-budget record --dir budgets/services
endif

services-base: engine
	@sh testdata/services/debian/base

# No trial: what the images take is told, and that agent-naive takes too much.
services: build engine services-base ## build the reference services on Debian, and the images that they are FROM
	bin/image-budget check --dir budgets/services --compare recorded --no-run --max-duration 1ms >/dev/null; test $$? = 1
	docker image inspect --format '{{index .RepoTags 0}}: {{.Size}} bytes' image-budget.local/debian:bookworm image-budget.local/debian:bookworm-slim agent-naive agent-layered

check-services: build engine ## hold the reference services to what they show, and explain to dpkg in one; after make services
	$(GO) test -timeout 40m -count=1 -v -run '^TestServices$$' ./internal/cli

lint: build ## gofmt, vet, staticcheck, the direction of imports, and our own lint of our own Dockerfiles
	@test -z "$$(gofmt -l cmd internal budgets testdata)" || { gofmt -d cmd internal budgets testdata; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	$(GO) test -count=1 ./internal/architecture
	bin/image-budget lint Dockerfile testdata/services/hello testdata/services/agent-layered

# Hours, on two cores: IMAGE_BUDGET_BENCH_GATES=5 has each experiment of many
# gates make do with five, and IMAGE_BUDGET_BENCH_REPORTS=DIR keeps the report of
# every gate.
bench: build engine ## the figures of BENCHMARKS.md
	$(GO) test -run '^$$' -bench . -benchtime 1x -timeout 180m ./...

clean: ## remove what was built
	rm -rf bin testdata/services/*/dist testdata/services/agent-naive/models
