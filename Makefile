# Every habit of the project, one word each: `make help` lists them. `make run` and `make test` install what they need
# on a fresh Debian or Ubuntu machine with Go, git and make, as root or with sudo; a second time they find it there.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test check lint vuln build bench recall bench-match faults clean-trial setup css tests setup-run setup-node css-current

export CGO_ENABLED := 1

# The tools are pinned here, each built once into .bin under its version.
GOLANGCI_VERSION    := v2.15.0
GOVULNCHECK_VERSION := v1.9.0
GOLANGCI    := .bin/golangci-lint-$(GOLANGCI_VERSION)
GOVULNCHECK := .bin/govulncheck-$(GOVULNCHECK_VERSION)

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)

# What measures matching, and on which photographs.
MEASURE := -ldflags '-X main.version=$(VERSION)' ./cmd/measure
PHOTOS  ?= internal/edits/testdata/photos

# What npm installs, for tests and style sheets only: building and running never need it.
AXE  := internal/browser/node_modules/.installed
SASS := static/scss/node_modules/.installed

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: setup-run build ## start the trial house: portal :8080, console :8081, sandbox :8082, all of it in ./data
	./reprise trial

test: setup lint tests ## run every test and lint: both databases, race detector, browser

check: test vuln build ## what a change must pass: test, known vulnerabilities, build

# CI=true asks for fresh runs instead of remembered ones. The race detector makes the decoding of images thirty times
# slower: so the limited children are of a program without it, but for the tests of the children themselves, and the
# journeys run without, but for one of them.
PLAIN := $(CURDIR)/.bin/plain
tests:
	go build -o $(PLAIN) ./cmd/reprise
	REPRISE_PLAIN_CHILD=$(PLAIN) go test -race -timeout 20m $(if $(CI),-count=1) $$(go list ./... | grep -v -e /internal/journey -e /internal/hasher)
	go test -race -timeout 20m $(if $(CI),-count=1) ./internal/hasher
	REPRISE_PLAIN_CHILD=$(PLAIN) go test -race -timeout 20m $(if $(CI),-count=1) -run TestRemovedAndConfirmed ./internal/journey
	go test -timeout 20m $(if $(CI),-count=1) ./internal/journey

lint: $(GOLANGCI) css-current ## formatting, vet, the linters of .golangci.yml, and that the style sheets are current
	$(GOLANGCI) run ./...

vuln: $(GOVULNCHECK) ## look for known vulnerabilities in what the program calls
	.ci/vuln $(GOVULNCHECK)

build: ## build ./reprise
	go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o reprise ./cmd/reprise

bench: setup-run ## measure: every benchmark, once each
	go test -run '^$$' -bench . -benchmem ./...

recall: setup-run ## measure: which edited copies of photographs are found, beside rivals (PHOTOS=DIR for others)
	go run $(MEASURE) --photos $(PHOTOS) recall

bench-match: setup-run ## measure: speed of hashing and searching, beside rivals (PDQ_PHOTO_HASHER=PATH for Meta's)
	PDQ_PHOTO_HASHER=$(PDQ_PHOTO_HASHER) go run $(MEASURE) --photos $(PHOTOS) match

faults: setup ## the long fault campaigns: kills, power cuts, full disks, hostile input
	REPRISE_FAULTS=full go test -count=1 -timeout 60m -v -run Fault ./...

css: setup-node ## build the style sheets from static/scss
	static/scss/build.sh

clean-trial: ## remove the trial house and all it kept
	rm -rf data

setup: setup-node ## install what tests need: Debian packages, npm packages
setup-node: setup-test $(AXE) $(SASS)
setup-run setup-test: setup-%:
	@.ci/setup $*

css-current: setup-node
	@.ci/css-current

%/node_modules/.installed: %/package.json %/package-lock.json
	@echo "setup: npm packages of $*"
	cd $* && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

$(GOLANGCI): ; .ci/tool $@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)
$(GOVULNCHECK): ; .ci/tool $@ golang.org/x/vuln/cmd/govulncheck@$(GOVULNCHECK_VERSION)
