# What a developer types. Each target does its own set-up; `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

RELEASE := .build/release/fairlead

# Our own warnings are errors in debug builds, which `check` and `test-unit` share; the release build that `demo` and
# `test-acceptance` share leaves them warnings, so that a newer compiler stops nobody from trying it.
check test-unit: export FAIRLEAD_STRICT = 1

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: deps
deps: ## install the system libraries that are missing (apt on Debian, brew on macOS)
	@scripts/deps

.PHONY: build
build: deps ## the release binary, .build/release/fairlead
	swift build -c release --product fairlead

.PHONY: build-client
build-client: deps ## the example of a Swift client, .build/release/greeter-client
	swift build -c release --product greeter-client

.PHONY: demo
demo: build ## the whole story on loopback, in half a minute
	$(RELEASE) demo

.PHONY: test
test: ## all tests
	@$(MAKE) test-unit
	@$(MAKE) test-acceptance

.PHONY: test-unit
test-unit: deps ## the Swift tests
	@if command -v apt-get >/dev/null; then scripts/install-packages dnsmasq-base etcd-server etcd-client; fi
	@scripts/python-env
	@# Many tests at a time keep each other waiting until their deadlines are over.
	SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=8 swift test

.PHONY: test-acceptance
test-acceptance: build build-client ## the release binaries against real clients and servers
	@scripts/python-env
	@if command -v apt-get >/dev/null; then scripts/install-packages dnsmasq-base etcd-server libnss-wrapper openssl iproute2 curl chromium; fi
	FAIRLEAD="$${FAIRLEAD:-$(CURDIR)/$(RELEASE)}" .venv/bin/python -m pytest Tests/acceptance

.PHONY: check
check: deps ## format, banned idioms, and our warnings as errors
	@scripts/check

.PHONY: format
format: ## put the Swift files into the one format
	@scripts/swift-files | xargs -0 swift format --in-place --parallel

.PHONY: bench
bench: build ## CPU per RPC, rate and latency, against Envoy, HAProxy, nginx and nghttpx; then the other two
	@scripts/install-packages python3
	python3 bench/run $(BENCH)
	@$(MAKE) bench-discovery
	@$(MAKE) bench-client

.PHONY: bench-discovery
bench-discovery: build ## first sync, memory, and the way of an endpoint to its first call, by number of Services
	@scripts/python-env
	.venv/bin/python bench/discovery

.PHONY: bench-client
bench-client: deps ## CPU and allocations per call of a Swift client, and one slow server of five
	@scripts/install-packages python3
	python3 bench/client $(BENCH_CLIENT)

.PHONY: bench-load
bench-load: build ## fairlead load beside h2load: rate, CPU by call, and what they measure
	@scripts/install-packages python3
	python3 bench/load $(BENCH_LOAD)

.PHONY: clean
clean: ## remove everything that was built or installed here
	rm -rf .build .venv bench/.venv
