# pems: `make demo` sets up and runs the built-in house, `make test` sets up and passes all tests.
SHELL := /bin/bash
.DEFAULT_GOAL := build
.PHONY: setup build release demo test check bench fuzz notebook parquet soak test-run test-homeassistant format docs clean

setup:
	@tools/setup.sh

build: setup
	swift build --product pems

release: setup
	swift build -c release --product pems

demo: release
	.build/release/pems demo --out build/demo

# Tests that talk to servers, devices and clocks run after the computations: those take every core, and
# whoever waits for an answer meanwhile waits for minutes.
LIVE_TESTS := ^(Command|Control|Devices|Feeds|History|HTTP|Web)Tests\.

test: setup
	swift build --build-tests
	swift test --skip-build --skip '$(LIVE_TESTS)'
	swift test --skip-build --filter '$(LIVE_TESTS)'

check: setup
	swift format lint --strict --recursive --parallel Package.swift Sources Tests
	tools/check-sources.sh
	$(MAKE) test

bench: setup
	tools/bench.sh

# A million damaged inputs for all parsers together; `make test` gives them a minute.
fuzz: setup
	swift build --build-tests
	@mkdir -p build
	set -o pipefail; PEMS_FUZZ_INPUTS=$${PEMS_FUZZ_INPUTS:-1000000} swift test --skip-build \
	  --filter 'Fuzz|Damaged' 2>&1 | tee build/fuzz.log
	@awk '/^fuzzed / {inputs += $$2; parsers++} END {print inputs " damaged inputs, " parsers " parsers"}' \
	  build/fuzz.log

# Parquet for notebooks: a program of its own, with DuckDB.
parquet: setup
	Parquet/setup.sh
	swift build -c release --package-path Parquet

# Runs the example notebook on a made-up export; needs the network for pip once.
notebook: parquet
	tools/notebook.sh

format:
	swift format --in-place --recursive --parallel Package.swift Sources Tests

docs: setup
	tools/docs.sh

clean:
	rm -rf .build build

# Acceptance on a real broker, by the Python that setup made or the one PEMS_SIMULATOR_PYTHON names.
PYTHON_FOR_SIMULATORS = $(or $(PEMS_SIMULATOR_PYTHON),$(wildcard .deps/simulators/bin/python3),python3)

soak: build
	tools/soak.sh

test-run: build
	$(PYTHON_FOR_SIMULATORS) Tests/Acceptance/run.py $(CASES)

test-homeassistant: build
	tools/homeassistant.sh
